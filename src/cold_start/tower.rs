//! The user tower of a two-tower model, as it is served: one pass, in a fixed order of operations.
//!
//! `tower.first.*` [dim + traits + 1, hidden] and `tower.second.*` [hidden + 1, dim], each with its bias as the last
//! row, in bytes with a scale a row; the traits that it reads under `tower.traits.*` and `tower.numbers.*`, as
//! [`super::features`] has them.

use super::features::{Features, Value};
use crate::error::Result;
use crate::model::{Model, Tensor, format_error};
use crate::named::Named;
use ndarray::{Array2, ArrayView1};

const PREFIX: &str = "tower";
const FIRST: &str = "tower.first";
const SECOND: &str = "tower.second";

/// `u = m + W₂ tanh(W₁ [m, t] + b₁) + b₂` of the mean m of a user's items' vectors and the traits t.
#[derive(Clone, Debug, PartialEq)]
pub struct Tower {
    /// [dim + traits + 1, hidden]
    first: Array2<f32>,
    /// [hidden + 1, dim]
    second: Array2<f32>,
    traits: Option<Features>,
}

impl Tower {
    /// Of both layers, each with its bias as the last row.
    pub fn new(first: Array2<f32>, second: Array2<f32>, traits: Option<Features>) -> Tower {
        Tower { first, second, traits }
    }

    /// The tower that the model carries; None where it has none.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for layers that do not fit each other, the model or the traits.
    pub fn open(model: &Model) -> Result<Option<Tower>> {
        let room = model.room();
        let Some(second) = room.matrix(SECOND, model.dim())? else { return Ok(None) };
        let hidden = second.nrows().saturating_sub(1);
        let missing = || format_error(FIRST, "this layer too", "none");
        let first = room.matrix(FIRST, hidden)?.ok_or_else(missing)?;
        let traits = Some(Features::open(room, PREFIX)?).filter(|traits| traits.width() > 1);
        let inputs = model.dim() + traits.as_ref().map_or(0, Features::width) + 1;
        match hidden > 0 && first.nrows() == inputs {
            true => Ok(Some(Tower { first, second, traits })),
            false => Err(format_error(FIRST, format_args!("{inputs} rows"), first.nrows())),
        }
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        let mut tensors = Vec::from(Tensor::matrix(FIRST, self.first.view())?);
        tensors.extend(Tensor::matrix(SECOND, self.second.view())?);
        tensors.extend(self.traits.iter().flat_map(|traits| traits.tensors(PREFIX)));
        Ok(tensors)
    }

    /// The traits as the tower reads them; None where it reads none.
    ///
    /// # Errors
    /// As [`Features::encode`].
    pub fn traits(&self, said: &Named<Value>) -> Result<Option<Vec<f32>>> {
        self.traits.as_ref().map(|traits| traits.encode(said, None)).transpose()
    }

    /// The vector of a user with items of these vectors, and traits where they are known: [dim].
    pub fn vector(&self, items: impl Iterator<Item = Vec<f32>>, traits: Option<&[f32]>) -> Vec<f32> {
        let dim = self.second.ncols();
        let mut input = vec![0.0; self.first.nrows()];
        let mut count = 0.0;
        for item in items {
            input.iter_mut().zip(item).for_each(|(sum, v)| *sum += f64::from(v));
            count += 1.0;
        }
        input[..dim].iter_mut().for_each(|sum| *sum /= f64::max(count, 1.0));
        input[dim..].iter_mut().zip(traits.unwrap_or_default()).for_each(|(to, &v)| *to = f64::from(v));
        let mean = input[..dim].to_vec();
        let mut hidden: Vec<f64> = layer(&self.first, input).into_iter().map(libm::tanh).collect();
        hidden.push(1.0);
        let moved = layer(&self.second, hidden);
        mean.into_iter().zip(moved).map(|(mean, moved)| (mean + moved) as f32).collect()
    }
}

/// The rows' sum, each times its number; the last one's is 1.
fn layer(rows: &Array2<f32>, mut input: Vec<f64>) -> Vec<f64> {
    if let Some(last) = input.last_mut() {
        *last = 1.0;
    }
    let mut sums = vec![0.0; rows.ncols()];
    let add = |sums: &mut [f64], row: ArrayView1<'_, f32>, times: f64| {
        sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += times * f64::from(v));
    };
    rows.rows().into_iter().zip(input).for_each(|(row, times)| add(&mut sums, row, times));
    sums
}
