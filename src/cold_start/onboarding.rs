//! Which items to ask a new visitor about: those whose answers tell most.
//!
//! Visitors are taken for draws from a normal distribution with the training users' covariance C of vectors.
//! Asking about an item with factor q gives an answer y, 1 or 0, with the expected noise of a yes-or-no answer
//! of probability p. What the visitor would like best is then known better: the expected squared move of the
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

use crate::error::{Error, Result};
use crate::model::Items;
use crate::order;
use crate::visitor::Cholesky;
use ndarray::{Array1, Array2, ArrayView1};

/// The tensors that carry the covariance of the training users' vectors, [dim, dim].
pub const PREFIX: &str = "onboarding";

/// Only so many of the most popular items are asked about: others nobody knows.
const CANDIDATES: usize = 200;

/// No answer is surer than this: its noise.
const NOISE: f64 = 0.03;

/// Questions to a visitor.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// Rows of the items that may be asked about, most popular first.
    candidates: Vec<u32>,
    /// Their factors, [candidates, dim].
    factors: Array2<f64>,
    /// Their probabilities of a yes, [candidates].
    probabilities: Vec<f64>,
    /// Σ w q qᵀ over all items, [dim, dim]
    interest: Array2<f64>,
    /// Of what is not known of the visitor yet, [dim, dim].
    covariance: Array2<f64>,
}

impl Onboarding {
    /// Of a visitor of whom nothing is known.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a model without what this needs, [`Problem::Format`] for a damaged one.
    pub fn new<'a>(items: impl Into<Items<'a>>) -> Result<Onboarding> {
        let items = items.into();
        let model = items.model;
        let missing = || Error::argument("onboarding", "a model from `foldin train` (iALS)", "another");
        let covariance = model.room().matrix(PREFIX, model.dim())?.ok_or_else(missing)?.mapv(f64::from);
        model.counts().ok_or_else(missing)?;
        if covariance.nrows() != model.dim() {
            return Err(missing());
        }
        let rows: Vec<u32> = items.all().collect();
        let people = rows.iter().map(|&row| items.interactions(row)).max().unwrap_or(1).max(1);
        let users = model.metadata().get("users").and_then(|text| text.parse::<u32>().ok());
        let users = f64::from(users.unwrap_or(people).max(people));
        let share = |item: u32| f64::from(items.interactions(item)) / users;
        let (interest, liking) = moments(items, share);
        let mut candidates: Vec<u32> =
            order::by_falling(rows.iter().map(|&row| items.interactions(row) as f32))
                .map(|at| rows[at])
                .collect();
        candidates.truncate(CANDIDATES);
        let factor = |item: u32| items.factor(item).into_iter().map(f64::from);
        let values = candidates.iter().flat_map(|&item| factor(item)).collect();
        let factors = Array2::from_shape_vec((candidates.len(), model.dim()), values).expect("a factor each");
        let probabilities = factors.dot(&liking).mapv(|p| p.clamp(0.01, 0.99)).to_vec();
        let covariance = (&covariance + &covariance.t()) / 2.0;
        Ok(Onboarding { candidates, factors, probabilities, interest, covariance })
    }

    /// The visitor has answered about the item: there is less to learn from others like it.
    pub fn answered<'a>(&mut self, items: impl Into<Items<'a>>, item: u32) {
        let factor: Array1<f64> = items.into().factor(item).into_iter().map(f64::from).collect();
        let position = self.candidates.iter().position(|&candidate| candidate == item);
        let probability = position.map_or(NOISE, |at| self.probabilities[at]);
        self.learn(factor.view(), probability);
        if let Some(at) = position {
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

/// The items' second moments, each counted by its share, and the vector whose products come nearest to the
/// shares: what people like on average.
fn moments(items: Items<'_>, share: impl Fn(u32) -> f64) -> (Array2<f64>, Array1<f64>) {
    let dim = items.model.dim();
    let mut interest = Array2::zeros((dim, dim));
    let mut sum = Array1::zeros(dim);
    let mut factor = vec![0.0; dim];
    for item in items.all() {
        items.factor_into(item, &mut factor);
        let factor: Array1<f64> = factor.iter().map(|&v| f64::from(v)).collect();
        sum.scaled_add(share(item), &factor);
        for (i, mut row) in interest.rows_mut().into_iter().enumerate() {
            row.scaled_add(share(item) * factor[i], &factor);
        }
    }
    let mut liking = sum.to_vec();
    Cholesky::new(items.gram(), dim).solve(&mut liking);
    (interest, Array1::from_vec(liking))
}
