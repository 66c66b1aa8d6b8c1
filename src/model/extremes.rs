//! One look at all numbers of a model before any is used: they are finite, and so small that the vectors, scores and
//! shares that they make are finite too.

use super::header::format_error;
use super::{BIASES, FACTORS, GRAM, Model, PRIOR, Rows, SCALES};
use crate::error::{Error, Result};
use foldin_kernel::widen;
use half::f16;

/// What is known of a model's numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extremes {
    /// No row is longer than this; they may all be a good deal shorter.
    pub(crate) longest: f64,
    /// No bias is greater than this.
    pub(crate) largest_bias: f32,
    /// Whether some row's scale is negative, so that its score falls as its integer product rises, or so small that
    /// the product of both may have few digits left.
    pub(crate) odd_scales: bool,
}

impl Extremes {
    /// # Errors
    /// [`crate::Problem::Format`] where some number is not finite, or beyond [`LARGEST`].
    pub(super) fn check(model: &Model) -> Result<Extremes> {
        let biases = model.biases().unwrap_or_default();
        let (extremes, entry) = Extremes::of(model.rows(), model.dim(), biases)?;
        bounded(PRIOR, model.prior().unwrap_or_default())?;
        check_gram(model, model.items_in_gram() as f64 * entry * entry)?;
        Ok(extremes)
    }

    /// Of some rows with their biases, and what no entry of theirs is greater than.
    ///
    /// # Errors
    /// As [`Extremes::check`].
    pub(super) fn of(rows: Rows<'_>, dim: usize, biases: &[f32]) -> Result<(Extremes, f64)> {
        let (unit, largest, scales) = match rows {
            Rows::F32 { values, .. } => (1.0, bounded(FACTORS, values)?, &[][..]),
            Rows::F16 { values, .. } => (1.0, largest_half(values)?, &[][..]),
            Rows::Int8 { scales, .. } => (128.0, bounded(SCALES, scales)?, scales),
            Rows::Int4 { scales, .. } => (8.0, bounded(SCALES, scales)?, scales),
        };
        let entry = unit * f64::from(largest);
        let extremes = Extremes {
            longest: entry * (dim as f64).sqrt(),
            largest_bias: bounded(BIASES, biases)?,
            odd_scales: scales.iter().any(|&scale| scale < SMALLEST && scale != 0.0),
        };
        Ok((extremes, entry))
    }

    /// Of these rows and others.
    pub(super) fn or(self, other: Extremes) -> Extremes {
        Extremes {
            longest: self.longest.max(other.longest),
            largest_bias: self.largest_bias.max(other.largest_bias),
            odd_scales: self.odd_scales || other.odd_scales,
        }
    }
}

/// The smallest scale that packing ever needs is far above it, and so is the smallest normal number far below.
const SMALLEST: f32 = 1e-30;

/// No number of a model is greater, with or without its sign. Trained ones stay below 1000; squares of these, summed over
/// all items, stay inside f32.
pub(super) const LARGEST: f32 = 1e9;

/// The largest number, without its sign.
///
/// # Errors
/// [`crate::Problem::Format`] where some number is not finite.
pub(super) fn finite(what: &str, values: &[f32]) -> Result<f32> {
    // As bits, numbers without a sign rise as they do, with infinity and what is no number behind them.
    let largest = values.iter().fold(0, |largest, value| largest.max(value.abs().to_bits()));
    match largest < f32::INFINITY.to_bits() {
        true => Ok(f32::from_bits(largest)),
        false => Err(not_finite(what)),
    }
}

/// The same, for numbers that vectors and scores are made of.
///
/// # Errors
/// [`crate::Problem::Format`] where some number is not finite, or beyond [`LARGEST`].
pub(super) fn bounded(what: &str, values: &[f32]) -> Result<f32> {
    match finite(what, values)? {
        largest if largest <= LARGEST => Ok(largest),
        _ => Err(Error::format(what, "numbers up to 10^9", "larger ones", REMEDY)),
    }
}

/// Rows whose entries have squares that add up to `most` make no matrix with a greater entry, and none with an entry
/// beyond those of its row and column on the diagonal (Cauchy and Schwarz). Fold-in relies on both.
fn check_gram(model: &Model, most: f64) -> Result<()> {
    const ROUNDING: f64 = 1.0 + 1e-4;
    let (gram, dim) = (model.gram(), model.dim());
    let diagonal = |at: usize| f64::from(gram[at * (dim + 1)]);
    for (i, row) in gram.chunks_exact(dim).enumerate() {
        for (j, &entry) in row.iter().enumerate() {
            let bound =
                (diagonal(i) * diagonal(j)).sqrt().min(most) * ROUNDING + f64::from(f32::MIN_POSITIVE);
            // Not so for what is no number either.
            if !(f64::from(entry).abs() <= bound && diagonal(i) >= 0.0) {
                let found = if entry.is_finite() { "others" } else { "NaN or infinity" };
                return Err(format_error(GRAM, "finite numbers, as the rows' products make them", found));
            }
        }
    }
    Ok(())
}

fn largest_half(values: &[f16]) -> Result<f32> {
    let largest = values.iter().fold(0, |largest, value| largest.max(value.to_bits() & 0x7fff));
    match largest < f16::INFINITY.to_bits() {
        true => Ok(widen(f16::from_bits(largest))),
        false => Err(not_finite(FACTORS)),
    }
}

const REMEDY: &str = "the file is damaged, or its training diverged: download it again or train again";

pub(crate) fn not_finite(what: &str) -> Error {
    Error::format(what, "finite numbers", "NaN or infinity", REMEDY)
}

#[cfg(test)]
mod tests {
    use crate::model::{Factors, Model, Precision};
    use ndarray::array;

    #[test]
    fn no_row_and_no_bias_is_beyond_them() {
        let mut factors = Factors::external(array![[3.0, -4.0], [0.0, 0.0], [0.25, -0.125]], None);
        factors.biases = Some(vec![-0.5, 0.25, 0.0]);
        for precision in Precision::ALL {
            let model = Model::pack(&factors, precision).unwrap();
            let extremes = model.extremes();
            assert!((5.0..8.0).contains(&extremes.longest), "{precision:?}: {extremes:?}");
            assert_eq!(extremes.largest_bias, 0.5);
            assert!(!extremes.odd_scales, "a row of zeros is none");
        }
    }
}
