//! Which items to ask a new visitor about: those whose answers tell most.
//!
//! Visitors are taken for draws from a normal distribution with the covariance C of the training users'
//! [leanings](prior::leanings), whose products with the items' factors come nearest to yes and no, 1 and 0. Asking about an
//! item with factor q gives such an answer, with the expected noise of one of probability p, which is the share of people
//! who have the item. What the visitor would like best is then known better: the expected squared move of the
//! scores of all items i, each counted by the share `w` of people who have it, is
//!
//! ```text
//! Σ w_i (q_i·C q)² / (q·C q + noise)        noise = p (1 - p) - q·C q
//! ```
//!
//! Items are picked greedily, C being reduced by each as if it had been answered (it does not matter how): the
//! next one asks about something else. This is sequential Bayesian design by expected information, linear in a
//! Gaussian model (Chaloner and Verdinelli, "Bayesian experimental design: a review", 1995, section 2), weighted
//! for what is recommended.

#[cfg(doc)]
use super::prior;
use crate::product::product;
use foldin::error::{Error, Problem, Result};
use foldin::model::{COUNTS, Room, Rows, Tensor};
use foldin::order;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

/// The tensors that carry the covariance of the training users' leanings, [dim, dim].
pub const PREFIX: &str = "onboarding";

/// Only so many of the most popular items are asked about: others nobody knows.
const CANDIDATES: usize = 200;

/// No answer is surer than this: its noise.
const NOISE: f64 = 0.03;

/// Users that are copied at a time.
const TOGETHER: usize = 512;

/// What carries the covariance of `leanings` [users, dim] in a file.
///
/// # Errors
/// [`foldin::Problem::Format`] for a number that is not finite.
pub fn tensors(leanings: ArrayView2<'_, f32>) -> Result<Vec<Tensor>> {
    let mean = leanings.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(leanings.ncols()));
    let mut covariance = Array2::zeros((leanings.ncols(), leanings.ncols()));
    for some in leanings.axis_chunks_iter(Axis(0), TOGETHER) {
        let centred = &some - &mean;
        covariance += &product(centred.t(), centred.view());
    }
    covariance /= leanings.nrows().max(1) as f32;
    Ok(Tensor::matrix(PREFIX, covariance.view())?.into())
}

/// Questions to a visitor.
#[derive(Clone, Debug)]
pub struct Onboarding<'a> {
    rows: Rows<'a>,
    /// Rows of the items that may be asked about, most popular first.
    candidates: Vec<u32>,
    /// Their factors, [candidates, dim].
    factors: Array2<f64>,
    /// Their probabilities of a yes, [candidates]; NaN: not to be asked about.
    probabilities: Vec<f64>,
    /// Σ w q qᵀ over all items, [dim, dim]
    interest: Array2<f64>,
    /// Of what is not known of the visitor yet, [dim, dim].
    covariance: Array2<f64>,
}

impl<'a> Onboarding<'a> {
    /// Of a visitor of whom nothing is known.
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] for a model without what this needs, [`foldin::Problem::Format`] for a damaged one.
    pub fn new(room: Room<'a>) -> Result<Onboarding<'a>> {
        let missing = || {
            Error::from(Problem::Unsupported {
                what: "onboarding",
                remedy: "train it with --algorithm next or ials",
            })
        };
        let dim = room.dim();
        let covariance = room.matrix(PREFIX, dim)?.ok_or_else(missing)?.mapv(f64::from);
        if covariance.nrows() != dim || !room.has(COUNTS) {
            return Err(missing());
        }
        let ((rows, items), counts) = (room.rows()?, room.u32s(COUNTS)?);
        if counts.len() != items {
            return Err(missing());
        }
        let people = counts.iter().copied().max().unwrap_or(1).max(1);
        let users = room.note("users").and_then(|text| text.parse::<u32>().ok());
        let users = f64::from(users.unwrap_or(people).max(people));
        let shares: Vec<f64> = counts.iter().map(|&count| f64::from(count) / users).collect();
        let mut candidates: Vec<u32> =
            order::by_falling(counts.iter().map(|&count| count as f32)).map(|row| row as u32).collect();
        candidates.truncate(CANDIDATES);
        let mut factors = Array2::zeros((candidates.len(), dim));
        for (&item, mut row) in candidates.iter().zip(factors.rows_mut()) {
            row.assign(&factor(rows, item, dim));
        }
        let probabilities = candidates.iter().map(|&row| shares[row as usize].clamp(0.01, 0.99)).collect();
        let covariance = (&covariance + &covariance.t()) / 2.0;
        let interest = interest(rows, &shares, dim);
        Ok(Onboarding { rows, candidates, factors, probabilities, interest, covariance })
    }

    /// The visitor has answered about the item: there is less to learn from others like it.
    ///
    /// # Panics
    /// When the model has no row `item`.
    pub fn answered(&mut self, item: u32) {
        let factor = factor(self.rows, item, self.covariance.nrows());
        let position = self.candidates.iter().position(|&candidate| candidate == item);
        let probability = position.map_or(NOISE, |at| self.probabilities[at]);
        self.learn(factor.view(), probability);
        if let Some(at) = position {
            self.probabilities[at] = f64::NAN;
        }
    }

    /// The item is gone: the visitor is not asked about it.
    pub fn leave_out(&mut self, item: u32) {
        if let Some(at) = self.candidates.iter().position(|&candidate| candidate == item) {
            self.probabilities[at] = f64::NAN;
        }
    }

    /// The next `count` items to ask about, the most telling first; fewer where there are no more candidates.
    pub fn questions(&mut self, count: usize) -> Vec<u32> {
        (0..count.min(self.candidates.len())).map_while(|_| self.next()).collect()
    }

    fn next(&mut self) -> Option<u32> {
        let mut best: Option<(f64, usize)> = None;
        for (at, factor) in self.factors.rows().into_iter().enumerate() {
            let probability = self.probabilities[at];
            if probability.is_nan() {
                continue; // asked already
            }
            let Answer { direction, variance } = self.answer(factor, probability);
            let gain = direction.dot(&self.interest.dot(&direction)) / variance;
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, at));
            }
        }
        let (_, at) = best?;
        let factor = self.factors.row(at).to_owned();
        self.learn(factor.view(), self.probabilities[at]);
        self.probabilities[at] = f64::NAN;
        Some(self.candidates[at])
    }

    fn answer(&self, factor: ArrayView1<'_, f64>, probability: f64) -> Answer {
        let direction = self.covariance.dot(&factor);
        let known = factor.dot(&direction).max(0.0);
        let noise = (probability * (1.0 - probability) - known).max(NOISE);
        Answer { direction, variance: known + noise }
    }

    fn learn(&mut self, factor: ArrayView1<'_, f64>, probability: f64) {
        let Answer { direction, variance } = self.answer(factor, probability);
        for (i, mut row) in self.covariance.rows_mut().into_iter().enumerate() {
            row.scaled_add(-direction[i] / variance, &direction);
        }
    }
}

/// What an answer would move.
struct Answer {
    /// C q, [dim]
    direction: Array1<f64>,
    /// Of the answer.
    variance: f64,
}

fn factor(rows: Rows<'_>, item: u32, dim: usize) -> Array1<f64> {
    let mut factor = vec![0.0; dim];
    rows.decode(item as usize, &mut factor);
    factor.into_iter().map(f64::from).collect()
}

/// The items' second moments, each counted by its share, [dim, dim].
fn interest(rows: Rows<'_>, shares: &[f64], dim: usize) -> Array2<f64> {
    let mut interest = Array2::zeros((dim, dim));
    for (item, &share) in (0..).zip(shares) {
        let factor = factor(rows, item, dim);
        for (i, mut row) in interest.rows_mut().into_iter().enumerate() {
            row.scaled_add(share * factor[i], &factor);
        }
    }
    interest
}
