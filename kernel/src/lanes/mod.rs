//! Eight numbers at once, of as many rows or of one: what loops are written in that are compiled for every backend.
//! Natively compilers make vectors of arrays; for WebAssembly they do not, so that there it is said.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod array;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use array::{Lanes, Mask, Sums};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use simd128::{Lanes, Mask, Sums};

/// Added before a number is cut off, so that it is rounded: half, or what comes right before it, with which no number
/// below a half reaches one.
const NEARLY_HALF: f32 = 0.5f32.next_down();
