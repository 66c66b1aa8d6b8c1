//! What all backends agree on: how numbers are grouped, padded and stored.

use half::f16;

/// Running sums of a float inner product.
pub const LANES: usize = 8;

/// A query, or each half of one for nibbles, is padded with zeros to a multiple of this.
pub const PAD: usize = 16;

/// Numbers compared at a time.
pub const CHUNK: usize = 16;

/// Rows multiplied at a time: they share each load of the query, and their sums fill a vector.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
pub(crate) const ROWS: usize = 4;

/// How many groups of [`ROWS`] rows can be loaded, of those that `sums` asks for, if each load takes `reach`
/// numbers from the start of a row. What such a load takes from the next row, the padding of the query
/// multiplies with zero.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
pub(crate) fn groups<T, S>(values: &[T], stride: usize, reach: usize, sums: &[S]) -> usize {
    let loadable = values.len().checked_sub(reach).map_or(0, |last_start| last_start / stride + 1);
    loadable.min(sums.len()) / ROWS
}

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
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
pub(crate) use unrolled;

/// The two signed halves of a byte, low first.
pub fn nibbles(byte: u8) -> (i8, i8) {
    ((byte << 4) as i8 >> 4, byte as i8 >> 4)
}

/// A half float as f32. A call, because what it takes is long, and wanted in several places for few numbers each.
#[inline(never)]
pub fn widen(half: f16) -> f32 {
    half.to_f32()
}
