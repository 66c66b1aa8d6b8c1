//! Embarrassingly shallow autoencoders.

use super::inverse::invert;
use super::item_weights::{ItemWeights, from_rows, largest};
use crate::evaluate::{Given, Ranker};
use crate::train::Interactions;
use foldin::error::{Error, Result};
use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

/// More items than this would need gigabytes and minutes.
const MAX_ITEMS: usize = 10_000;

/// EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019): the item-to-item weights B with a
/// zero diagonal that minimise `|X - X B|² + lambda |B|²`, in closed form. With `P = (XᵀX + lambda I)⁻¹`,
/// `B = I - P diag(P)⁻¹`. An item's score is the sum of its weights from the given items.
#[derive(Debug)]
pub struct Ease {
    /// [items, items], from row to column.
    weights: Array2<f32>,
}

impl Ease {
    /// Solves for the weights; `regularization` is lambda.
    ///
    /// # Errors
    /// [`Problem::Argument`] for more than 10,000 items, because the matrix is dense, or a regularisation that is
    /// not above 0.
    pub fn train(train: &Interactions, regularization: f64) -> Result<Ease> {
        let items = train.items();
        if items > MAX_ITEMS {
            let expected = format!("at most {MAX_ITEMS} items, of which EASE keeps a dense matrix");
            return Err(Error::argument("baseline ease", expected, items));
        }
        if !(regularization > 0.0 && regularization.is_finite()) {
            return Err(Error::argument("ease-regularization", "a number above 0", regularization));
        }
        let mut p = co_occurrences(train);
        p.diag_mut().mapv_inplace(|count| count + regularization);
        invert(p.view_mut());
        let diagonal = p.diag().to_owned();
        let mut weights = Array2::zeros((items, items));
        for ((i, j), weight) in weights.indexed_iter_mut() {
            *weight = if i == j { 0.0 } else { (-p[[i, j]] / diagonal[j]) as f32 };
        }
        Ok(Ease { weights })
    }

    /// Each row's `count` largest weights, rounded to half floats: what a page would have to load.
    pub fn largest(&self, count: usize) -> ItemWeights {
        let row = |row: ndarray::ArrayView1<'_, f32>| {
            let half = |&weight: &f32| half::f16::from_f32(weight).to_f32();
            largest((0..).zip(row.iter().map(half)).collect(), count)
        };
        ItemWeights::new(from_rows(self.weights.axis_iter(Axis(0)).into_par_iter().map(row).collect()))
    }
}

/// XᵀX of the pairs, [items, items].
fn co_occurrences(train: &Interactions) -> Array2<f64> {
    let users_of = train.matrix.transpose(train.items());
    let mut counts = Array2::zeros((train.items(), train.items()));
    counts.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(item, mut row)| {
        for &user in users_of.row(item).0 {
            train.matrix.row(user as usize).0.iter().for_each(|&other| row[other as usize] += 1.0);
        }
    });
    counts
}

impl Ranker for Ease {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        let mut scores = ndarray::Array1::zeros(self.weights.ncols());
        let mut items: Vec<usize> = given.items.iter().map(|&item| item as usize).collect();
        items.sort_unstable();
        items.dedup();
        let known = items.into_iter().filter(|&item| item < self.weights.nrows());
        known.for_each(|item| scores += &self.weights.row(item));
        Ok(scores.into_raw_vec_and_offset().0)
    }
}
