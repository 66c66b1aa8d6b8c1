//! A query vector, checked and brought into the number type that the rows are multiplied in.

use super::kernel::{self, PAD};
use crate::error::{Error, Result};
use crate::model::{Model, Rows};

/// A vector ready to be multiplied with a model's rows.
#[derive(Debug)]
pub(crate) enum Query {
    /// For float rows: padded with zeros.
    Floats(Vec<f32>),
    /// For integer rows: number = scale x integer, padded with zeros.
    Integers {
        /// In the order that the kernel for the precision reads.
        values: Vec<i16>,
        /// f32 a unit.
        scale: f32,
    },
}

impl Query {
    /// Checks that `vector` fits the model.
    ///
    /// # Errors
    /// [`Error::Argument`] for a wrong length, numbers that are not finite, or so large that a score is not.
    pub(crate) fn new(model: &Model, vector: &[f32]) -> Result<Query> {
        let dim = model.dim();
        if vector.len() != dim {
            return Err(Error::argument("vector", format!("{dim} numbers"), vector.len()));
        }
        if let Some(wrong) = vector.iter().find(|v| !v.is_finite()) {
            return Err(Error::argument("vector", "finite numbers", wrong));
        }
        let query = match model.rows() {
            Rows::F32 { .. } | Rows::F16 { .. } => Query::Floats(padded(vector.iter().copied())),
            Rows::Int8 { .. } => {
                let (values, scale) = to_integers(vector);
                Query::Integers { values: padded(values.iter().copied()), scale }
            }
            Rows::Int4 { .. } => {
                let (values, scale) = to_integers(vector);
                let mut halves = padded(values.iter().step_by(2).copied());
                halves.extend(padded(values.iter().skip(1).step_by(2).copied()));
                Query::Integers { values: halves, scale }
            }
        };
        Ok(query)
    }

    /// Writes the scores of the rows from `first` on into `scores`, biases included.
    pub(crate) fn score(&self, model: &Model, first: usize, scores: &mut [f32]) {
        let kernels = kernel::best();
        match (model.rows(), self) {
            (Rows::F32 { values, dim }, Query::Floats(query)) => {
                (kernels.f32)(&values[first * dim..], dim, query, scores);
            }
            (Rows::F16 { values, dim }, Query::Floats(query)) => {
                (kernels.f16)(&values[first * dim..], dim, query, scores);
            }
            (Rows::Int8 { values, scales, dim }, Query::Integers { values: query, scale }) => {
                scaled(scores, &scales[first..], *scale, |sums| {
                    (kernels.int8)(&values[first * dim..], dim, query, sums)
                });
            }
            (Rows::Int4 { values, scales, dim }, Query::Integers { values: query, scale }) => {
                scaled(scores, &scales[first..], *scale, |sums| {
                    (kernels.int4)(&values[first * dim / 2..], dim, query, sums)
                });
            }
            _ => unreachable!("a query is made for the model that it is scored with"),
        }
        if let Some(biases) = model.biases() {
            scores.iter_mut().zip(&biases[first..]).for_each(|(score, bias)| *score += bias);
        }
    }
}

/// Integer sums, made in the memory of `scores`, brought to f32 by both scales.
fn scaled(scores: &mut [f32], row_scales: &[f32], scale: f32, sum: impl FnOnce(&mut [i32])) {
    sum(bytemuck::cast_slice_mut(scores));
    for (score, row_scale) in scores.iter_mut().zip(row_scales) {
        *score = (score.to_bits() as i32) as f32 * row_scale * scale;
    }
}

fn padded<T: Default>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.resize_with(values.len().next_multiple_of(PAD), T::default);
    values
}

/// The finest integers whose products with `dim` bytes still sum up inside an i32.
fn to_integers(vector: &[f32]) -> (Vec<i16>, f32) {
    let limit = (i32::MAX / (128 * vector.len() as i32)).min(i32::from(i16::MAX)) as f32;
    let scale = vector.iter().fold(0f32, |max, v| max.max(v.abs())) / limit;
    // A scale that has underflowed stands for a vector of zeros.
    let inverse = if scale > 0.0 { 1.0 / f64::from(scale) } else { 0.0 };
    let integer =
        |v: &f32| (f64::from(*v) * inverse).round().clamp(-f64::from(limit), f64::from(limit)) as i16;
    (vector.iter().map(integer).collect(), scale)
}
