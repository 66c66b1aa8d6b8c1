//! How the numbers of a row are stored, and the rounding into it.

use crate::error::{Error, Result};
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
