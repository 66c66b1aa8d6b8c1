//! Rows of factors as they lie in memory.

use super::Precision;
use foldin_kernel::nibbles;
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

    /// Writes row `item` as f32 into `out` (length dim).
    pub fn decode(&self, item: usize, out: &mut [f32]) {
        match *self {
            Rows::F32 { values, dim } => out.copy_from_slice(&values[item * dim..][..dim]),
            Rows::F16 { values, dim } => {
                for (out, v) in out.iter_mut().zip(&values[item * dim..][..dim]) {
                    *out = v.to_f32();
                }
            }
            Rows::Int8 { values, scales, dim } => {
                for (out, &v) in out.iter_mut().zip(&values[item * dim..][..dim]) {
                    *out = scales[item] * f32::from(v);
                }
            }
            Rows::Int4 { values, scales, dim } => {
                for (out, &byte) in out.chunks_exact_mut(2).zip(&values[item * dim / 2..][..dim / 2]) {
                    let (low, high) = nibbles(byte);
                    out[0] = scales[item] * f32::from(low);
                    out[1] = scales[item] * f32::from(high);
                }
            }
        }
    }

    /// The length of row `item`.
    pub(crate) fn norm(&self, item: usize) -> f32 {
        self.squared_norm(item).sqrt() as f32
    }

    /// The squared length of row `item`.
    pub(crate) fn squared_norm(&self, item: usize) -> f64 {
        match *self {
            Rows::F32 { values, dim } => {
                sum_of_squares(values[item * dim..][..dim].iter().map(|&v| f64::from(v)))
            }
            Rows::F16 { values, dim } => {
                sum_of_squares(values[item * dim..][..dim].iter().map(|v| f64::from(v.to_f32())))
            }
            Rows::Int8 { values, scales, dim } => {
                let sum = foldin_kernel::sum_of_squares(&values[item * dim..][..dim]);
                f64::from(scales[item]).powi(2) * f64::from(sum)
            }
            Rows::Int4 { values, scales, dim } => {
                let bytes = values[item * (dim / 2)..][..dim / 2].iter();
                let square = |v: i8| i32::from(v) * i32::from(v);
                let sum: i32 = bytes.map(|&byte| nibbles(byte)).map(|(a, b)| square(a) + square(b)).sum();
                f64::from(scales[item]).powi(2) * f64::from(sum)
            }
        }
    }
}

/// Eight running sums, so that they stand side by side in vectors.
fn sum_of_squares(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let mut sums = [0f64; 8];
    numbers.enumerate().for_each(|(at, v)| sums[at % 8] += v * v);
    sums.iter().sum()
}
