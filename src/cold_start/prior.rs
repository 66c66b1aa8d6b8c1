//! What is believed of a visitor before their first event: the mean of a Gaussian prior, whose precision is the
//! one that fold-in has anyway, `S = alpha0 G + reg I`. With the prior's mean m the visitor's vector solves
//!
//! ```text
//! (S + Σ w q qᵀ) p  =  Σ w y q + S m
//! ```
//!
//! so that p is m before the first event, and events correct it: one Bayesian ridge. Seen from the loss, a pair
//! that was not observed is no longer pulled to 0 but to `m·q`.
//!
//! The mean is learned from the training users. A user's *leaning* is the vector whose products come nearest, in
//! least squares over all items, to 1 for the user's items and 0 for the others: `G⁻¹ Σ q`.

use crate::model::{PRIOR, Tensor};
use crate::train::Interactions;
use crate::visitor::Cholesky;
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// How much of what is predicted of a person the prior believes. On MovieLens 100K, where it was chosen,
/// anything from 0.05 to 0.2 helps from the first event to the tenth, and after twenty nothing is lost.
const BELIEF: f32 = 0.1;

/// Items that are copied to f64 at a time.
const TOGETHER: usize = 512;

/// The leanings of all users, [users, dim], in the space of `items` [items, dim].
pub fn leanings(interactions: &Interactions, items: ArrayView2<'_, f32>) -> Array2<f32> {
    let (dim, users) = (items.ncols(), interactions.users());
    let mut gram = Array2::<f64>::zeros((dim, dim));
    for some in items.axis_chunks_iter(Axis(0), TOGETHER) {
        let some = some.mapv(f64::from);
        gram += &some.t().dot(&some);
    }
    let system = Cholesky::new(gram.into_raw_vec_and_offset().0, dim);
    let mut leanings = Array2::zeros((users, dim));
    let mut sum = vec![0.0; dim];
    for (user, mut leaning) in leanings.rows_mut().into_iter().enumerate() {
        sum.fill(0.0);
        for &item in interactions.matrix.row(user).0 {
            sum.iter_mut().zip(items.row(item as usize)).for_each(|(sum, &q)| *sum += f64::from(q));
        }
        system.solve(&mut sum);
        leaning.iter_mut().zip(&sum).for_each(|(to, &from)| *to = from as f32);
    }
    leanings
}

/// The prior mean of somebody of whom nothing is known.
pub fn mean(leanings: ArrayView2<'_, f32>) -> Array1<f32> {
    leanings.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(leanings.ncols())) * BELIEF
}

/// A vector as a prior mean: believed only in part.
pub(crate) fn believed(mut vector: Vec<f32>) -> Vec<f32> {
    vector.iter_mut().for_each(|v| *v *= BELIEF);
    vector
}

/// The tensor that carries the prior mean.
pub fn tensor(mean: &Array1<f32>) -> Tensor {
    Tensor::f32s(PRIOR, &mean.to_vec())
}
