//! Inner products of one query with many rows: a file a backend, one door.
//!
//! Integer rows are multiplied exactly: an i16 query times i8 or 4-bit rows, summed in i32. Float rows are
//! summed in [`LANES`] running sums, element `j` in lane `j % LANES`, which are then added as a fixed tree:
//! every backend rounds the same way and returns the same bits.
//!
//! The only room with `unsafe`: vector loads, and calls into code for a processor that was asked first.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(test)]
mod tests;

use half::f16;

/// Running sums of a float inner product.
const LANES: usize = 8;

/// A query, or each half of one for nibbles, is padded with zeros to a multiple of this.
pub(crate) const PAD: usize = 16;

/// Multiplies a query with listed rows: `(values, dim, query, rows, sums)`. `values` are rows of `dim` finite
/// numbers, `query` is padded with zeros to a multiple of [`PAD`]; one sum a listed row comes out. A row that is
/// not there panics.
type Multiply<T, Q, S> = fn(&[T], usize, &[Q], &[u32], &mut [S]);

/// The inner product functions of one backend.
pub(crate) struct Kernels {
    /// Rows of f32.
    pub(crate) f32: Multiply<f32, f32, f32>,
    /// Rows of half floats.
    pub(crate) f16: Multiply<f16, f32, f32>,
    /// Rows of bytes.
    pub(crate) int8: Multiply<i8, i16, i32>,
    /// Rows of nibbles; the query's even elements come first, padded, then its odd ones, padded.
    pub(crate) int4: Multiply<u8, i16, i32>,
}

/// The fastest backend that this machine has.
#[cfg(target_arch = "x86_64")]
pub(crate) fn best() -> &'static Kernels {
    avx2::kernels().unwrap_or(&scalar::KERNELS)
}

/// The fastest backend that this build has.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) fn best() -> &'static Kernels {
    &simd128::KERNELS
}

/// The only backend that this build has.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
pub(crate) fn best() -> &'static Kernels {
    &scalar::KERNELS
}

/// Where four listed rows start, provided that `reach` numbers can be loaded from each: behind a row stands
/// the next one, which the padding of the query multiplies with zero. The last rows of all, and a list's rest
/// of fewer than four, are left to the scalar twin.
#[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
#[inline(always)]
fn four<T>(values: &[T], stride: usize, reach: usize, rows: &[u32]) -> Option<[*const T; 4]> {
    let rows: [u32; 4] = rows.try_into().ok()?;
    let starts = rows.map(|row| row as usize * stride);
    let inside = starts.iter().all(|&start| start + reach <= values.len());
    inside.then(|| starts.map(|start| values[start..].as_ptr()))
}
