//! How the numbers of a row are stored, and the rounding into it.

use super::Rows;
use crate::error::{Error, Result};
use half::f16;
use serde::{Deserialize, Serialize};

/// Bits a number. int8 and int4 rows carry one f32 scale each: factor = scale x integer. The scale is a
/// row's own because norms carry popularity and must survive.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floats.
    F32,
    /// IEEE 754 half floats.
    F16,
    /// Signed bytes, -127 to 127.
    #[default]
    Int8,
    /// Two's complement nibbles, -7 to 7; byte `j` holds element `2j` in its low half, `2j + 1` in its high.
    Int4,
}

impl Precision {
    /// All of them, widest first.
    pub const ALL: [Precision; 4] = [Precision::F32, Precision::F16, Precision::Int8, Precision::Int4];

    /// The name in options and metadata.
    pub fn name(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::F16 => "f16",
            Precision::Int8 => "int8",
            Precision::Int4 => "int4",
        }
    }

    /// The one with this name.
    ///
    /// # Errors
    /// [`Problem::Argument`] when there is none.
    pub fn from_name(name: &str) -> Result<Precision> {
        let found = Precision::ALL.into_iter().find(|precision| precision.name() == name);
        found.ok_or_else(|| Error::argument("precision", "f32, f16, int8 or int4", name))
    }

    pub(crate) fn dtype(self) -> &'static str {
        match self {
            Precision::F32 => "F32",
            Precision::F16 => "F16",
            Precision::Int8 => "I8",
            Precision::Int4 => "U8",
        }
    }

    pub(crate) fn from_dtype(dtype: &str) -> Option<Precision> {
        Precision::ALL.into_iter().find(|precision| precision.dtype() == dtype)
    }

    pub(crate) fn has_scales(self) -> bool {
        matches!(self, Precision::Int8 | Precision::Int4)
    }

    /// Length of the innermost axis of the tensor of rows.
    pub(crate) fn row_bytes(self, dim: usize) -> Result<usize> {
        match self {
            Precision::Int4 if dim % 2 == 1 => Err(Error::argument("dim", "an even dimension for int4", dim)),
            Precision::Int4 => Ok(dim / 2),
            _ => Ok(dim),
        }
    }
}

/// Rows of one precision, owned: what [`super::Model::pack`] writes.
pub(crate) enum PackedRows {
    F32(Vec<f32>),
    F16(Vec<f16>),
    Int8 { rows: Vec<i8>, scales: Vec<f32> },
    Int4 { rows: Vec<u8>, scales: Vec<f32> },
}

impl PackedRows {
    /// Rounds rows of `dim` numbers.
    pub(crate) fn pack(precision: Precision, rows: Vec<f32>, dim: usize) -> PackedRows {
        match precision {
            Precision::F32 => PackedRows::F32(rows),
            Precision::F16 => PackedRows::F16(rows.iter().map(|&v| f16::from_f32(v)).collect()),
            Precision::Int8 => {
                let (rows, scales) = to_integers(&rows, dim, 127.0);
                PackedRows::Int8 { rows, scales }
            }
            Precision::Int4 => {
                let (rows, scales) = to_integers(&rows, dim, 7.0);
                let rows = rows.chunks_exact(2).map(|pair| (pair[0] & 15) as u8 | (pair[1] << 4) as u8);
                PackedRows::Int4 { rows: rows.collect(), scales }
            }
        }
    }
}

impl PackedRows {
    /// The same rows as they will be read.
    pub(crate) fn view(&self, dim: usize) -> Rows<'_> {
        match self {
            PackedRows::F32(values) => Rows::F32 { values, dim },
            PackedRows::F16(values) => Rows::F16 { values, dim },
            PackedRows::Int8 { rows, scales } => Rows::Int8 { values: rows, scales, dim },
            PackedRows::Int4 { rows, scales } => Rows::Int4 { values: rows, scales, dim },
        }
    }
}

/// Scales each row and rounds to nearest, with the scale of the least squared error that was found among the one
/// that gives the largest magnitude `limit` and, where rounding is coarse, smaller ones that cut it off. For
/// given integers k the best scale is `x.k / k.k`.
fn to_integers(rows: &[f32], dim: usize, limit: f32) -> (Vec<i8>, Vec<f32>) {
    let mut scales = Vec::with_capacity(rows.len() / dim);
    let mut integers = vec![0; rows.len()];
    let mut candidate = vec![0; dim];
    let cuts = if limit < COARSE { &CUTS[..] } else { &CUTS[..1] };
    for (row, best) in rows.chunks_exact(dim).zip(integers.chunks_exact_mut(dim)) {
        let widest = row.iter().fold(0f32, |max, v| max.max(v.abs())) / limit;
        let (mut scale, mut gain) = (0.0, 0.0);
        // A scale so small that its inverse overflows stands for a row of zeros.
        if widest > f32::MIN_POSITIVE {
            for part in cuts {
                let (found, explained) = round(row, part * widest, limit, &mut candidate);
                if explained > gain {
                    (scale, gain) = (found, explained);
                    best.copy_from_slice(&candidate);
                }
            }
        }
        scales.push(scale);
    }
    (integers, scales)
}

/// From this limit on the steps are fine enough to take the widest scale as it is.
const COARSE: f32 = 32.0;

/// Parts of the widest scale that are tried.
const CUTS: [f32; 9] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/// Writes `row / scale` as integers; returns the best scale for them, and by how much the squared error is
/// below that of a row of zeros.
fn round(row: &[f32], scale: f32, limit: f32, out: &mut [i8]) -> (f32, f64) {
    let (mut product, mut square) = (0f64, 0f64);
    for (out, &value) in out.iter_mut().zip(row) {
        let integer = (value / scale).round().clamp(-limit, limit);
        *out = integer as i8;
        product += f64::from(value) * f64::from(integer);
        square += f64::from(integer) * f64::from(integer);
    }
    ((product / square) as f32, product * product / square)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squared_error(row: &[f32], integers: &[i8], scale: f32) -> f64 {
        row.iter()
            .zip(integers)
            .map(|(&v, &k)| (f64::from(v) - f64::from(scale) * f64::from(k)).powi(2))
            .sum()
    }

    #[test]
    fn rounding_to_4_bits_errs_less_than_with_the_largest_magnitude_at_the_limit() {
        let row: Vec<f32> = (0..64).map(|i| ((i * i * 37 + i * 11) % 101) as f32 / 101.0 - 0.5).collect();
        let row = [&row[..], &[2.0]].concat();
        let (integers, scales) = to_integers(&row, row.len(), 7.0);
        let widest = 2.0 / 7.0;
        let plain: Vec<i8> = row.iter().map(|v| (v / widest).round() as i8).collect();
        let (ours, theirs) = (squared_error(&row, &integers, scales[0]), squared_error(&row, &plain, widest));
        assert!(ours < 0.9 * theirs, "{ours} for {theirs}");
        assert!(integers.iter().all(|k| (-7..=7).contains(k)));
    }

    #[test]
    fn a_row_of_zeros_stays_one() {
        assert_eq!(to_integers(&[0.0, -0.0, 1e-45, 0.0], 4, 7.0), (vec![0; 4], vec![0.0]));
    }
}
