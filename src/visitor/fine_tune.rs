//! Fine-tuning: matrix factorisation in small, on one visitor's events.
//!
//! Fold-in holds the item factors q fixed. Fine-tuning lets those that the visitor touched move by d as well,
//! each pulled back towards where training left it:
//!
//! ```text
//! loss of fold-in with q + d for q  +  pull · sum of |d|²
//! ```
//!
//! An epoch solves the visitor's vector p exactly for the factors as they are, then takes one gradient step a
//! touched item, which for a squared error is `d += rate (w e p - pull d)` with `e = y - p·(q + d)`: the two halves
//! of alternating matrix factorisation, the items' by descent. Where order counts the visitor has a vector before each
//! event, and its loss is that of finding the event ([`following`](super::following)).

use super::fold_in::FoldIn;
use super::observation::Observation;
use crate::decimal::Decimal;
use crate::error::{Error, Problem, Result};
use crate::model::{Algorithm, Delta, Items};
use crate::order;

/// How to fine-tune.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FineTuning {
    /// Length of a step, above 0 and up to 10.
    pub learning_rate: f32,
    /// What a touched factor's distance from its base costs, 0 to 1000.
    pub pull: f32,
}

impl Default for FineTuning {
    fn default() -> Self {
        FineTuning { learning_rate: 0.05, pull: 1.0 }
    }
}

/// A fine-tuning under way; what it has moved so far counts for nobody yet.
#[derive(Clone, Debug)]
pub struct FineTune {
    options: FineTuning,
    /// What is believed of the visitor; empty: nothing.
    belief: Vec<f32>,
    /// As [`Profile::observations`](super::Profile::observations) has them.
    observations: Vec<Observation>,
    /// A row for each of their items.
    delta: Delta,
    epochs: usize,
}

impl FineTune {
    /// Starts from the items as the visitor sees them.
    ///
    /// # Errors
    /// [`Problem::Argument`] for an option outside its range, or a two-tower model: its loss is not that of one
    /// visitor.
    pub(super) fn new(
        items: Items<'_>,
        observations: Vec<Observation>,
        belief: &[f32],
        options: FineTuning,
    ) -> Result<FineTune> {
        let FineTuning { learning_rate, pull } = options;
        let algorithm = items.model.recipe().algorithm;
        if algorithm == Algorithm::TwoTower {
            return Err(Error::argument(
                "model",
                "one whose items can move: next, ials, sgd or bpr",
                algorithm.name(),
            ));
        }
        if !(learning_rate > 0.0 && learning_rate <= 10.0) {
            let found = Decimal(learning_rate.into());
            return Err(Error::argument("learningRate", "a number above 0 and up to 10", found));
        }
        if !(0.0..=1000.0).contains(&pull) {
            return Err(Error::argument("pull", "a number from 0 to 1000", Decimal(pull.into())));
        }
        let mut base = vec![0.0; items.model.dim()];
        let mut rows = order::rising(observations.iter().map(|observation| observation.item));
        rows.dedup();
        let mut values = Vec::with_capacity(rows.len() * base.len());
        for &row in &rows {
            let factor = items.factor(row);
            items.untuned().factor_into(row, &mut base);
            values.extend(factor.iter().zip(&base).map(|(factor, base)| factor - base));
        }
        Ok(FineTune {
            options,
            belief: belief.to_vec(),
            observations,
            delta: Delta::new(rows, values),
            epochs: 0,
        })
    }

    /// One epoch; what its steps lower, before them: the minimum that fold-in reaches and what the distances cost, an
    /// observation.
    ///
    /// # Errors
    /// [`Problem::Diverged`] when the learning rate is too large.
    pub fn epoch<'a>(&mut self, items: impl Into<Items<'a>>) -> Result<f32> {
        let FineTuning { learning_rate, pull } = self.options;
        let items = Items { delta: Some(&self.delta), ..items.into() };
        let mut fold_in = FoldIn::believing(items.model, &self.belief);
        self.observations.iter().for_each(|observation| fold_in.add(items, observation));
        let folded = fold_in.solve(items);
        let slopes = folded.slopes(items, &self.observations);
        let farthest = FARTHEST * items.longest() as f32;
        let mut loss = 0.0;
        for delta in self.delta.iter_mut() {
            loss += pull * delta.iter().map(|d| d * d).sum::<f32>();
            delta.iter_mut().for_each(|d| *d -= learning_rate * pull * *d);
        }
        for (slope, observation) in slopes.iter().zip(&self.observations) {
            loss += slope.loss;
            let delta = self.delta.of_mut(observation.item).into_iter().flatten();
            delta.zip(&slope.fall).for_each(|(d, fall)| *d += learning_rate * fall);
        }
        self.epochs += 1;
        if !(loss.is_finite() && self.delta.iter().flat_map(|(_, d)| d).all(|d| d.abs() <= farthest)) {
            return Err(Problem::Diverged {
                epoch: self.epochs,
                what: "the loss of fine-tuning",
                remedy: "use a smaller learningRate",
            }
            .into());
        }
        Ok(loss / self.observations.len().max(1) as f32)
    }

    pub(super) fn into_delta(self) -> Delta {
        self.delta
    }
}

/// In longest rows, how far a number may move: it keeps scores far inside f32, and the exact sums of
/// [`next`](super::next) inside their integers.
const FARTHEST: f32 = 100.0;
