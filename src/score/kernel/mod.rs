//! Inner products of one query with many rows: a file a backend, one door.
//!
//! Integer rows are multiplied exactly: an i16 query times i8 or 4-bit rows, summed in i32. Float rows are
//! summed in [`LANES`] running sums, element `j` in lane `j % LANES`, which are then added as a fixed tree:
//! every backend rounds the same way and returns the same bits.
//!
//! The only room with `unsafe`: vector loads, and calls into code for a processor that was asked first.

pub(crate) mod scalar;

/// Running sums of a float inner product.
pub(crate) const LANES: usize = 8;

/// Numbers of a query are padded with zeros to a multiple of this.
pub(crate) const PAD: usize = 16;

/// The inner product functions of one backend. `rows` starts at the first row wanted and may go on behind the
/// last; `query` is padded with zeros to a multiple of [`PAD`]; one sum a row comes out.
pub(crate) struct Kernels {
    /// Rows of f32.
    pub(crate) f32: fn(rows: &[f32], dim: usize, query: &[f32], sums: &mut [f32]),
    /// Rows of half floats.
    pub(crate) f16: fn(rows: &[half::f16], dim: usize, query: &[f32], sums: &mut [f32]),
    /// Rows of bytes.
    pub(crate) int8: fn(rows: &[i8], dim: usize, query: &[i16], sums: &mut [i32]),
    /// Rows of nibbles; the query's even elements come first, padded, then its odd ones, padded.
    pub(crate) int4: fn(rows: &[u8], dim: usize, query: &[i16], sums: &mut [i32]),
}

/// The fastest backend that this machine has.
pub(crate) fn best() -> &'static Kernels {
    &scalar::KERNELS
}
