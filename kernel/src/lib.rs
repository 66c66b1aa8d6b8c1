//! foldin's inner loops: inner products of one query with many rows, a file a backend behind one door, and
//! what else is done with every row.
//!
//! Integer rows are multiplied exactly: an i16 query times i8 or 4-bit rows, summed in i32. Float rows are
//! summed in [`LANES`] running sums, element `j` in lane `j % LANES`, which are then added as a fixed tree:
//! every backend rounds the same way and returns the same bits.
//!
//! A crate of its own, because the rest of foldin is compiled for size and this is compiled for speed; and the
//! only one with `unsafe`: vector loads, calls into code for a processor that was asked first, and an allocator.
//!
//! ```text
//! rows, rough, lanes, tiles, rounding <- scalar <- avx2, simd128 <- relaxed <- dispatch <- above, gram
//! ```

mod above;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod convert;
mod dispatch;
mod gram;
mod lanes;
#[cfg(target_arch = "wasm32")]
mod memory;
mod order;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed;
mod rough;
mod rounding;
mod rows;
#[allow(dead_code, reason = "the scalar twin is always compiled, whatever a build asks of it")]
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[allow(dead_code, reason = "relaxed vectors stand in for some of these")]
mod simd128;
#[cfg(test)]
mod tests;
mod tiles;

pub use above::above;
pub use convert::{from_bytes, from_halves, from_nibbles, squared_lengths, to_halves, to_nibbles};
pub use dispatch::{Bound, ForScores, Kernels, Multiply, Outer, ToNearest};
pub use dispatch::{best, dot, int8, scale, sums_of_squares};
pub use gram::Gram;
#[cfg(target_arch = "wasm32")]
pub use memory::FreshIsZero;
pub use order::{select, sort};
pub use rough::Rough;
pub use rows::{CHUNK, LANES, PAD, nibbles, widen};
