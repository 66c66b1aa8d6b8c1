//! Work in the widest vectors that a machine has.

use pulp::{Arch, WithSimd};

/// Runs it as a function of its own, whatever surrounds it: a browser compiles a wasm function for speed while it runs,
/// which its next call has the use of. In the body of a loop of minutes it would stay slow to the end: ten epochs of `next` in
/// a page took 41 s the first time, and 18 s the second. `wasm-opt` is told not to put it there, either (`xtask/src/wasm.rs`).
#[inline(never)]
pub(crate) fn run<W: WithSimd>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}
