//! Rows of factors as they lie in memory.

use super::{BLOCK, Precision};
use foldin_kernel::{self as kernel, nibbles};
use half::f16;

/// The factors of all items, row after row of `dim` numbers.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// 32-bit floats.
    F32 {
        /// [items x dim]
        values: &'a [f32],
        /// Numbers a row.
        dim: usize,
    },
    /// Half floats.
    F16 {
        /// [items x dim]
        values: &'a [f16],
        /// Numbers a row.
        dim: usize,
    },
    /// Bytes with a scale a row.
    Int8 {
        /// [items x dim]
        values: &'a [i8],
        /// [items]
        scales: &'a [f32],
        /// Numbers a row.
        dim: usize,
    },
    /// Nibbles with a scale a row, the even element in the low half of a byte.
    Int4 {
        /// [items x dim/2]
        values: &'a [u8],
        /// [items]
        scales: &'a [f32],
        /// Numbers a row.
        dim: usize,
    },
}

impl<'a> Rows<'a> {
    pub(crate) fn new(precision: Precision, dim: usize, bytes: &'a [u8], scales: &'a [f32]) -> Rows<'a> {
        match precision {
            Precision::F32 => Rows::F32 { values: bytemuck::cast_slice(bytes), dim },
            Precision::F16 => {
                use half::slice::HalfBitsSliceExt;
                Rows::F16 { values: bytemuck::cast_slice::<u8, u16>(bytes).reinterpret_cast(), dim }
            }
            Precision::Int8 => Rows::Int8 { values: bytemuck::cast_slice(bytes), scales, dim },
            Precision::Int4 => Rows::Int4 { values: bytes, scales, dim },
        }
    }

    /// Writes the rows from `first` on as f32 into `out`, as many as it holds.
    pub fn decode(&self, first: usize, out: &mut [f32]) {
        match *self {
            Rows::F32 { values, dim } => out.copy_from_slice(&values[first * dim..][..out.len()]),
            Rows::F16 { values, dim } => kernel::from_halves(&values[first * dim..], out),
            Rows::Int8 { values, scales, dim } => {
                kernel::from_bytes(&values[first * dim..], &scales[first..], dim, out);
            }
            Rows::Int4 { values, scales, dim } => {
                kernel::from_nibbles(&values[first * (dim / 2)..], &scales[first..], dim, out);
            }
        }
    }

    /// The lengths of the rows from `first` on, of at most a block of them.
    pub(crate) fn norms(&self, first: usize, out: &mut [f32]) {
        let mut squares = [0.0; BLOCK];
        let squares = &mut squares[..out.len()];
        self.squared_norms(first, squares);
        out.iter_mut().zip(squares).for_each(|(out, square)| *out = square.sqrt() as f32);
    }

    /// The length of row `item`.
    pub fn norm(&self, item: usize) -> f32 {
        let mut norm = [0.0];
        self.norms(item, &mut norm);
        norm[0]
    }

    /// The squared lengths of the rows from `first` on, of at most a block of them.
    pub(crate) fn squared_norms(&self, first: usize, out: &mut [f64]) {
        let mut sums = [0; BLOCK];
        let sums = &mut sums[..out.len()];
        let scales = match *self {
            Rows::Int8 { values, scales, dim } => {
                kernel::sums_of_squares(&values[first * dim..], dim, sums);
                scales
            }
            Rows::Int4 { values, scales, dim } => {
                let square = |v: i8| v.unsigned_abs() * v.unsigned_abs();
                // Looked up, a byte's squares take half the time that they take to unpack.
                let of_byte: [u8; 256] = std::array::from_fn(|byte| {
                    let (low, high) = nibbles(byte as u8);
                    square(low) + square(high)
                });
                for (sum, row) in sums.iter_mut().zip(values[first * (dim / 2)..].chunks_exact(dim / 2)) {
                    *sum = row.iter().map(|&byte| i32::from(of_byte[usize::from(byte)])).sum();
                }
                scales
            }
            Rows::F32 { dim, .. } | Rows::F16 { dim, .. } => {
                return self.squared_float_norms(first, dim, out);
            }
        };
        for ((out, &sum), &scale) in out.iter_mut().zip(&*sums).zip(&scales[first..]) {
            *out = f64::from(scale) * f64::from(scale) * f64::from(sum);
        }
    }

    fn squared_float_norms(&self, first: usize, dim: usize, out: &mut [f64]) {
        let mut row = vec![0.0; dim];
        for (out, item) in out.iter_mut().zip(first..) {
            self.decode(item, &mut row);
            *out = row.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
        }
    }
}
