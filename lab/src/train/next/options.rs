//! Hyperparameters, and those that follow from the data.

use crate::train::{Interactions, Sequences, ranges};
use foldin::error::{Error, Problem, Result};

/// Hyperparameters of `next`.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Passes over the events, at most; at least 1. The length of the steps falls to nothing by the last one.
    pub epochs: usize,
    /// Passes without gain on the events held out after which the search for the best number of passes ends; 0: no
    /// search, all `epochs` are made.
    pub patience: usize,
    /// The newest events that have a weight each, by their place from the last; all older ones share one. 1 to 1000.
    pub places: usize,
    /// Events to be found in one step, at least 1; None: a 200th of all, 128 to 1,024.
    pub batch: Option<usize>,
    /// Items drawn to stand for all that are not sought in a step; None: 1,024 where there are more than 4,096 items.
    /// All items take part where that is no fewer.
    pub negatives: Option<usize>,
    /// Length of Adam's first steps, above 0.
    pub learning_rate: f32,
    /// Share of the earlier events that is hidden at random while learning, from 0 to below 1.
    pub dropout: f32,
    /// Share of a vector's numbers that is hidden at random while learning, from 0 to below 1. What is left must do alone,
    /// so that no number learns to say what only another one makes right (Srivastava et al., "Dropout", 2014).
    pub vector_dropout: f32,
    /// What the factors lose in a step of length 1: decoupled weight decay, 0 or more.
    pub regularization: f32,
    /// Whether events without times stand in the order in which they happened.
    pub in_order: bool,
    /// Of the first factors, the batches, what is hidden and what is drawn.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            epochs: 12,
            patience: 3,
            places: 100,
            batch: None,
            negatives: None,
            learning_rate: 6e-3,
            dropout: 0.2,
            vector_dropout: 0.3,
            regularization: 0.0,
            in_order: false,
            seed: 1,
        }
    }
}

/// Where there are no more items than this, each step looks at all of them.
const FEW_ITEMS: usize = 4096;

/// Items drawn where there are more.
const NEGATIVES: usize = 1024;

impl Options {
    /// Refuses what lies outside the ranges, and data without an order.
    pub(super) fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        ranges::size(self.dim, self.epochs)?;
        ranges::descent(self.learning_rate, 1.0, self.regularization)?;
        if !(1..=1000).contains(&self.places) {
            return Err(Error::argument("places", "1 to 1000", self.places));
        }
        if self.batch == Some(0) {
            return Err(Error::argument("batch", "at least 1", 0));
        }
        if self.negatives == Some(0) {
            return Err(Error::argument("negatives", "at least 1", 0));
        }
        for (name, share) in [("dropout", self.dropout), ("vector_dropout", self.vector_dropout)] {
            if !(0.0..1.0).contains(&share) {
                return Err(Error::argument(name, "a share from 0 to below 1", share));
            }
        }
        match interactions.times.is_some() || self.in_order {
            true => Ok(()),
            false => Err(no_data(
                "`next` learns from the order of events, and these have no times",
                "give a column of times, say that they stand in order (--in-order), or use --algorithm ials",
            )),
        }
    }

    /// Events to be found in one step, of so many in all.
    pub(super) fn batch(&self, positions: usize) -> usize {
        self.batch.unwrap_or((positions / 200).clamp(128, 1024))
    }

    /// Items drawn in a step; None: all take part.
    pub(super) fn negatives(&self, items: usize) -> Option<usize> {
        let chosen = self.negatives.or((items > FEW_ITEMS).then_some(NEGATIVES));
        chosen.filter(|&count| count < items)
    }
}

/// Refuses sequences in which nothing comes next.
pub(super) fn check_sequences(sequences: &Sequences) -> Result<()> {
    match (0..sequences.users()).any(|user| sequences.of(user).len() > 1) {
        true => Ok(()),
        false => Err(no_data(
            "no user has two events",
            "give users with two events or more, or use --algorithm ials",
        )),
    }
}

fn no_data(problem: &str, remedy: &str) -> Error {
    Problem::Data { place: "interactions".into(), problem: problem.into(), remedy: remedy.into() }.into()
}
