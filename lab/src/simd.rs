//! Work in the widest vectors that a machine has.

use pulp::{Arch, WithSimd};

/// Runs it as a function of its own, whatever surrounds it: a browser compiles a wasm function for speed while it runs,
/// which its next call has the use of. In the body of a loop of minutes it would stay slow to the end (`next` in a page took
/// 49 s the first time, and 19 s later).
#[inline(never)]
pub(crate) fn run<W: WithSimd>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}
