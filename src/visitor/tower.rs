//! The user tower of a two-tower model, as it is served: one pass, in a fixed order of operations.
//!
//! `tower.first.*` [dim + traits + 1, hidden] and `tower.second.*` [hidden + 1, dim], each with its bias as the last
//! row, in bytes with a scale a row.

use crate::error::Result;
use crate::model::{Model, Tensor, format_error};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, concatenate};

const FIRST: &str = "tower.first";
const SECOND: &str = "tower.second";

/// `u = m + W₂ tanh(W₁ [m, t] + b₁) + b₂` of the mean m of a user's items' vectors and the traits t.
#[derive(Clone, Debug, PartialEq)]
pub struct Tower {
    /// [dim + traits + 1, hidden]
    first: Array2<f32>,
    /// [hidden + 1, dim]
    second: Array2<f32>,
}

impl Tower {
    /// Of both layers, each with its bias as the last row.
    pub fn new(first: Array2<f32>, second: Array2<f32>) -> Tower {
        Tower { first, second }
    }

    /// The tower that the model carries; None where it has none.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for layers that do not fit each other or the model.
    #[inline(never)]
    pub fn open(model: &Model) -> Result<Option<Tower>> {
        let room = model.room();
        let Some(second) = room.matrix(SECOND, model.dim())? else { return Ok(None) };
        let hidden = second.nrows().saturating_sub(1);
        let missing = || format_error(FIRST, "this layer too", "none");
        let first = room.matrix(FIRST, hidden)?.ok_or_else(missing)?;
        match hidden > 0 && first.nrows() > model.dim() {
            true => Ok(Some(Tower { first, second })),
            false => {
                let expected = format_args!("more than {} rows", model.dim());
                Err(format_error(FIRST, expected, first.nrows()))
            }
        }
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        let mut tensors = Vec::from(Tensor::matrix(FIRST, self.first.view())?);
        tensors.extend(Tensor::matrix(SECOND, self.second.view())?);
        Ok(tensors)
    }

    /// Whether the tensor of that name is one of its layers.
    pub fn carries(name: &str) -> bool {
        name.starts_with(FIRST) || name.starts_with(SECOND)
    }

    /// The tower among vectors that are given by their coordinates along `axes`, [dim, fewer].
    pub fn turned(&self, axes: ArrayView2<'_, f32>) -> Tower {
        let (of_mean, of_traits) = self.first.view().split_at(Axis(0), axes.nrows());
        let first = concatenate(Axis(0), &[axes.t().dot(&of_mean).view(), of_traits]).expect("as wide");
        Tower { first, second: self.second.dot(&axes) }
    }

    /// How many numbers describe traits; 0 where the tower reads none.
    pub fn traits_width(&self) -> usize {
        self.first.nrows() - self.second.ncols() - 1
    }

    /// The vector of a user with items of these vectors, and traits where they are known: [dim].
    pub fn vector(&self, items: impl Iterator<Item = Vec<f32>>, traits: Option<&[f32]>) -> Vec<f32> {
        let mut mean = vec![0.0; self.second.ncols()];
        let mut count = 0.0;
        for item in items {
            mean.iter_mut().zip(item).for_each(|(sum, v)| *sum += f64::from(v));
            count += 1.0;
        }
        mean.iter_mut().for_each(|sum| *sum /= f64::max(count, 1.0));
        self.pass(mean, traits.unwrap_or_default())
    }

    /// The vector of a user by the mean of their items' vectors [dim], and traits; empty where they are not known.
    pub fn pass(&self, mean: Vec<f64>, traits: &[f32]) -> Vec<f32> {
        let mut hidden: Vec<f64> = self.inputs(&mean, traits).into_iter().map(libm::tanh).collect();
        hidden.push(1.0);
        let moved = layer(&self.second, &hidden);
        mean.into_iter().zip(moved).map(|(mean, moved)| (mean + moved) as f32).collect()
    }

    /// How steep each hidden unit is on the way from no past, m = 0, to `mean`, on average: [hidden]. With the input
    /// `z` at its end and `b` at its start that is `(tanh z - tanh b) / (z - b)`.
    pub fn slopes(&self, mean: &[f64], traits: &[f32]) -> Vec<f64> {
        let starts = self.inputs(&vec![0.0; mean.len()], traits);
        let slope = |(end, start): (f64, f64)| {
            let (high, low) = (libm::tanh(end), libm::tanh(start));
            if (end - start).abs() < 1e-6 { 1.0 - low * low } else { (high - low) / (end - start) }
        };
        self.inputs(mean, traits).into_iter().zip(starts).map(slope).collect()
    }

    /// How the inner product with `item` [dim] changes with the mean, by such slopes: `v + W₁ (slopes · W₂ v)`, [dim].
    pub fn gradient(&self, slopes: &[f64], item: &[f32]) -> Vec<f64> {
        let product = |row: ArrayView1<'_, f32>, with: &[f64]| -> f64 {
            row.iter().zip(with).map(|(&w, v)| f64::from(w) * v).sum()
        };
        let item: Vec<f64> = item.iter().map(|&v| f64::from(v)).collect();
        let outputs = self.second.rows().into_iter().map(|row| product(row, &item));
        let pulls: Vec<f64> = outputs.zip(slopes).map(|(output, slope)| output * slope).collect();
        let moved = self.first.rows().into_iter().map(|row| product(row, &pulls));
        item.iter().zip(moved).map(|(v, moved)| v + moved).collect()
    }

    /// What the hidden units read, [hidden].
    fn inputs(&self, mean: &[f64], traits: &[f32]) -> Vec<f64> {
        let mut input = vec![0.0; self.first.nrows()];
        let (of_mean, of_traits) = input.split_at_mut(mean.len());
        of_mean.copy_from_slice(mean);
        of_traits.iter_mut().zip(traits).for_each(|(to, &v)| *to = f64::from(v));
        if let Some(one) = input.last_mut() {
            *one = 1.0;
        }
        layer(&self.first, &input)
    }
}

/// The rows' sum, each times its number; the last number is the bias's 1.
fn layer(rows: &Array2<f32>, input: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; rows.ncols()];
    for (row, &times) in rows.rows().into_iter().zip(input) {
        sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += times * f64::from(v));
    }
    sums
}
