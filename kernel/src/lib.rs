//! foldin's inner loops: inner products of one query with many rows, a file a backend behind one door, and
//! what else is done with every row.
//!
//! Integer rows are multiplied exactly: an i16 query times i8 or 4-bit rows, summed in i32. Float rows are
//! summed in [`LANES`] running sums, element `j` in lane `j % LANES`, which are then added as a fixed tree:
//! every backend rounds the same way and returns the same bits.
//!
//! A crate of its own, because the rest of foldin is compiled for size and this is compiled for speed; and the
//! only one with `unsafe`: vector loads, calls into code for a processor that was asked first, and an allocator.

/// Calls `multiply::<DIM>`, whose loop over a row the compiler can unroll for the commonest dimension; 0 stands
/// for any other. Each one more is a copy of the loop.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
macro_rules! unrolled {
    ($multiply:ident, $values:ident, $dim:ident, $query:ident, $sums:ident) => {
        match $dim {
            64 => $multiply::<64>($values, $dim, $query, $sums),
            _ => $multiply::<0>($values, $dim, $query, $sums),
        }
    };
}
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "wasm32")]
mod memory;
mod order;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed;
mod rough;
mod rows;
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub use memory::FreshIsZero;
pub use order::{select, sort};
pub use rough::Rough;
pub use rows::{CHUNK, above, nibbles, widen};
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use rows::{dot, scale, sums_of_squares};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::{dot, scale, sums_of_squares};

use half::f16;

/// Running sums of a float inner product.
pub const LANES: usize = 8;

/// A query, or each half of one for nibbles, is padded with zeros to a multiple of this.
pub const PAD: usize = 16;

/// Multiplies a query with successive rows: `(values, dim, query, sums)`. `values` are rows of `dim` finite
/// numbers from the first one wanted on, and may go on behind the last; `query` is padded with zeros to a
/// multiple of [`PAD`]; one sum a row comes out.
pub type Multiply<T, Q, S> = fn(&[T], usize, &[Q], &mut [S]);

/// `(values, dim, query, sums)`: writes what is no less than the product of each row that it returns the number of;
/// the rest are not its business.
pub type Bound = fn(&[i8], usize, &Rough, &mut [i32]) -> usize;

/// The inner product functions of one backend.
pub struct Kernels {
    /// Rows of f32.
    pub f32: Multiply<f32, f32, f32>,
    /// Rows of half floats.
    pub f16: Multiply<f16, f32, f32>,
    /// Rows of bytes.
    pub int8: Multiply<i8, i16, i32>,
    /// Rows of nibbles; the query's even elements come first, padded, then its odd ones, padded.
    pub int4: Multiply<u8, i16, i32>,
    /// Rows of bytes, roughly.
    pub rough: Bound,
}

/// The fastest backend that this machine has.
#[cfg(target_arch = "x86_64")]
pub fn best() -> &'static Kernels {
    avx2::kernels().unwrap_or(&scalar::KERNELS)
}

/// The fastest backend that this build has.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub fn best() -> &'static Kernels {
    &simd128::KERNELS
}

/// The only backend that this build has.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
pub fn best() -> &'static Kernels {
    &scalar::KERNELS
}

/// Rows multiplied at a time: they share each load of the query, and their sums fill a vector.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
const ROWS: usize = 4;

/// How many groups of [`ROWS`] rows can be loaded, of those that `sums` asks for, if each load takes `reach`
/// numbers from the start of a row. What such a load takes from the next row, the padding of the query
/// multiplies with zero.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
fn groups<T, S>(values: &[T], stride: usize, reach: usize, sums: &[S]) -> usize {
    let loadable = values.len().checked_sub(reach).map_or(0, |last_start| last_start / stride + 1);
    loadable.min(sums.len()) / ROWS
}
