//! How the numbers of a row are stored, and the rounding into it.

use super::{Rows, rounding};
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

/// Rows of one precision, owned: those that are added to a model.
#[derive(Clone, Debug)]
pub(crate) enum PackedRows {
    F32(Vec<f32>),
    F16(Vec<f16>),
    Int8 { rows: Vec<i8>, scales: Vec<f32> },
    Int4 { rows: Vec<u8>, scales: Vec<f32> },
}

impl PackedRows {
    /// No rows yet.
    pub(super) fn new(precision: Precision) -> PackedRows {
        match precision {
            Precision::F32 => PackedRows::F32(Vec::new()),
            Precision::F16 => PackedRows::F16(Vec::new()),
            Precision::Int8 => PackedRows::Int8 { rows: Vec::new(), scales: Vec::new() },
            Precision::Int4 => PackedRows::Int4 { rows: Vec::new(), scales: Vec::new() },
        }
    }

    /// Rounds one more row as the model's were. In int4, where all rows decide on the rounding, their Gram matrix
    /// [dim, dim] stands for them.
    pub(super) fn push(&mut self, row: &[f32], gram: &[f32]) {
        match self {
            PackedRows::F32(values) => values.extend(row),
            PackedRows::F16(values) => values.extend(row.iter().map(|&v| f16::from_f32(v))),
            PackedRows::Int8 { rows, scales } => {
                let (integers, scale) = rounding::to_nearest(row, row.len());
                rows.extend(integers);
                scales.extend(scale);
            }
            PackedRows::Int4 { rows, scales } => {
                let metric = rounding::metric(gram.to_vec(), row.len());
                let (integers, scale) = rounding::for_scores(row, row.len(), &metric);
                rows.extend(as_nibbles(&integers));
                scales.extend(scale);
            }
        }
    }

    /// Keeps the first `count` rows of `dim` numbers.
    pub(super) fn truncate(&mut self, count: usize, dim: usize) {
        match self {
            PackedRows::F32(values) => values.truncate(count * dim),
            PackedRows::F16(values) => values.truncate(count * dim),
            PackedRows::Int8 { rows, scales } => {
                rows.truncate(count * dim);
                scales.truncate(count);
            }
            PackedRows::Int4 { rows, scales } => {
                rows.truncate(count * dim / 2);
                scales.truncate(count);
            }
        }
    }

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

fn as_nibbles(integers: &[i8]) -> impl Iterator<Item = u8> {
    integers.chunks_exact(2).map(|pair| (pair[0] & 15) as u8 | (pair[1] << 4) as u8)
}
