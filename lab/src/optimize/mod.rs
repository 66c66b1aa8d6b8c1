//! Smaller models from a trained one: fewer bits a number, fewer numbers a factor, fewer items, each by what it costs
//! in measured quality.
//!
//! - precision: rows are rounded anew ([`Precision`]).
//! - dimension: factors are projected on the principal axes of all items ([`project`]), which of all projections
//!   keeps their inner products best.
//! - items: those go that nobody's list has ([`visibility`]).
//!
//! [`Workshop::candidates`] are tried one by one on interactions that are hidden, ranked in full as everywhere else; an item
//! that was dropped counts as not found.

mod project;
mod unpack;
mod visibility;

pub use project::{axes, project};
pub use unpack::unpack;
pub use visibility::{SEEN, visibility};

use crate::evaluate::{Fold, ndcg};
use foldin::error::Result;
use foldin::model::{Factors, Model, Precision};
use serde::Serialize;
use unpack::select;

/// One way to make the model smaller.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Of the rows.
    pub precision: Precision,
    /// Length of a factor.
    pub dim: usize,
    /// How many items stay.
    pub items: usize,
}

/// A candidate that was made and measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// What was made.
    #[serde(flatten)]
    pub candidate: Candidate,
    /// Of the data section.
    pub bytes: usize,
    /// NDCG@10 on the hidden interactions.
    pub ndcg: f64,
    /// The share of the whole model's NDCG@10 that is lost; below zero where it gained.
    pub loss: f64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// The best model of at most so many bytes.
    Bytes(usize),
    /// The smallest model that loses at most this share of NDCG@10.
    Loss(f64),
}

/// Parts of the dimension, and of the items that nobody sees, that are tried.
const DIMS: [f64; 5] = [1.0, 0.75, 0.5, 0.25, 0.125];
const UNSEEN: [f64; 3] = [1.0, 0.5, 0.0];

/// A model that is to become smaller, and how that is judged.
#[derive(Debug)]
pub struct Workshop<'a> {
    model: &'a Model,
    fold: &'a Fold,
    /// In the model's order.
    factors: Factors,
    axes: ndarray::Array2<f32>,
    /// Rows of the model, those that are seen most first.
    order: Vec<usize>,
    /// How many of them anybody sees.
    seen: usize,
    /// NDCG@10 of the whole model.
    pub whole: f64,
}

impl<'a> Workshop<'a> {
    /// Measures the model as it is.
    ///
    /// # Errors
    /// What scoring refuses.
    pub fn new(model: &'a Model, fold: &'a Fold) -> Result<Workshop<'a>> {
        let visibility = visibility(model, fold)?;
        let mut order: Vec<usize> = (0..model.items()).collect();
        order.sort_by(|&a, &b| visibility[b].total_cmp(&visibility[a]).then(a.cmp(&b)));
        let seen = visibility.iter().filter(|&&seen| seen >= SEEN).count();
        let whole = ndcg(model, fold, 10)?.mean;
        Ok(Workshop { model, fold, factors: unpack(model), axes: axes(model), order, seen, whole })
    }

    /// All that are tried: every precision no wider than the model's, with every dimension and number of items.
    pub fn candidates(&self) -> Vec<Candidate> {
        let model = self.model;
        let width = |precision: Precision| Precision::ALL.iter().position(|&p| p == precision);
        let precisions = Precision::ALL.into_iter().filter(|&p| width(p) >= width(model.precision()));
        // Even, as rows of half bytes must be.
        let even = |part: f64| (part * model.dim() as f64 / 2.0).ceil() as usize * 2;
        let mut dims: Vec<usize> = DIMS.iter().map(|&part| even(part).min(model.dim())).collect();
        dims.dedup();
        let unseen = (model.items() - self.seen) as f64;
        let mut items: Vec<usize> = UNSEEN.iter().map(|part| self.seen + (part * unseen) as usize).collect();
        items.dedup();
        let mut all = Vec::new();
        for precision in precisions {
            for &dim in dims.iter().filter(|&&dim| precision != Precision::Int4 || dim % 2 == 0) {
                all.extend(items.iter().map(|&items| Candidate { precision, dim, items }));
            }
        }
        all
    }

    /// Makes a candidate.
    ///
    /// # Errors
    /// As [`Model::pack`].
    pub fn make(&self, candidate: &Candidate) -> Result<Model> {
        let mut rows = self.order[..candidate.items.min(self.order.len())].to_vec();
        rows.sort_unstable();
        let mut factors = self.factors.clone();
        select(&mut factors, &rows);
        if candidate.dim < self.model.dim() {
            let axes = self.axes.slice(ndarray::s![.., ..candidate.dim]);
            project(self.model, &mut factors, axes)?;
        }
        Model::pack(&factors, candidate.precision)
    }

    /// Makes a candidate and measures it.
    ///
    /// # Errors
    /// As [`Model::pack`], and what scoring refuses.
    pub fn try_out(&self, candidate: Candidate) -> Result<Trial> {
        let made = self.make(&candidate)?;
        let ndcg = ndcg(&made, self.fold, 10)?.mean;
        let loss = if self.whole > 0.0 { (self.whole - ndcg) / self.whole } else { 0.0 };
        Ok(Trial { candidate, bytes: made.bytes().len(), ndcg, loss })
    }

    /// Ids of the items that a candidate drops, those that are seen least last.
    pub fn dropped(&self, candidate: &Candidate) -> Vec<String> {
        self.order[candidate.items..].iter().map(|&row| self.model.id(row as u32)).collect()
    }
}

/// The trial that meets the goal best; None where none does.
pub fn choose(trials: &[Trial], goal: Goal) -> Option<&Trial> {
    let by_quality = |a: &&Trial, b: &&Trial| a.ndcg.total_cmp(&b.ndcg).then(b.bytes.cmp(&a.bytes));
    let by_size = |a: &&Trial, b: &&Trial| a.bytes.cmp(&b.bytes).then(b.ndcg.total_cmp(&a.ndcg));
    match goal {
        Goal::Bytes(most) => trials.iter().filter(|trial| trial.bytes <= most).max_by(by_quality),
        Goal::Loss(most) => trials.iter().filter(|trial| trial.loss <= most).min_by(by_size),
    }
}

/// Those that no other one beats in both bytes and quality, smallest first: the trade-off.
pub fn trade_off(trials: &[Trial]) -> Vec<&Trial> {
    let mut by_size: Vec<&Trial> = trials.iter().collect();
    by_size.sort_by(|a, b| a.bytes.cmp(&b.bytes).then(b.ndcg.total_cmp(&a.ndcg)));
    let mut best = f64::MIN;
    by_size.retain(|trial| {
        let better = trial.ndcg > best;
        best = best.max(trial.ndcg);
        better
    });
    by_size
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(bytes: usize, ndcg: f64) -> Trial {
        let candidate = Candidate { precision: Precision::Int8, dim: 2, items: 1 };
        Trial { candidate, bytes, ndcg, loss: 1.0 - ndcg }
    }

    #[test]
    fn goals_choose_the_best_that_fits_and_the_smallest_that_is_good_enough() {
        let trials = [trial(10, 0.5), trial(20, 0.9), trial(30, 0.8), trial(40, 1.0)];
        assert_eq!(choose(&trials, Goal::Bytes(35)), Some(&trials[1]));
        assert_eq!(choose(&trials, Goal::Bytes(9)), None);
        assert_eq!(choose(&trials, Goal::Loss(0.15)), Some(&trials[1]));
        assert_eq!(choose(&trials, Goal::Loss(0.0)), Some(&trials[3]));
        let sizes: Vec<usize> = trade_off(&trials).iter().map(|trial| trial.bytes).collect();
        assert_eq!(sizes, [10, 20, 40], "the one of 30 bytes is beaten by a smaller one");
    }
}
