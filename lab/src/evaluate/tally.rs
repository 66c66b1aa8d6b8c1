//! What was measured, user by user, and the report of it.

use super::beyond::{coverage, gini};
use super::interval::{Estimate, Part, bootstrap};
use serde::Serialize;
use std::collections::BTreeMap;

/// Figures of one recommender over any number of folds. A user who is judged in several folds counts once.
#[derive(Debug)]
pub struct Tally {
    names: Vec<String>,
    /// Judged users by their number.
    users: BTreeMap<usize, Vec<Part>>,
    /// By figure's name: its value in each fold.
    catalogue: BTreeMap<String, Vec<f64>>,
}

/// Means over users, with intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// How many users were judged.
    pub users: usize,
    /// By name: `ndcg@10`, `auc`, `rmse`, ...
    pub metrics: BTreeMap<String, Estimate>,
}

/// The figure whose mean is under a root.
pub(super) const RMSE: &str = "rmse";

impl Tally {
    /// Of figures with these names.
    pub(super) fn new(names: Vec<String>) -> Tally {
        Tally { names, users: BTreeMap::new(), catalogue: BTreeMap::new() }
    }

    /// Adds a user's part of each figure, in the order of the names.
    pub(super) fn add(&mut self, user: usize, parts: Vec<Part>) {
        match self.users.get_mut(&user) {
            None => {
                self.users.insert(user, parts);
            }
            Some(known) => known.iter_mut().zip(&parts).for_each(|(known, part)| known.add(part)),
        }
    }

    /// Adds how often each item was recommended, [items], in lists of length k.
    pub(super) fn add_recommended(&mut self, k: usize, times: &[u32]) {
        for (name, value) in [("coverage", coverage(times)), ("gini", gini(times))] {
            self.catalogue.entry(format!("{name}@{k}")).or_default().push(value);
        }
    }

    /// Means and intervals; the seed is the bootstrap's.
    pub fn report(&self, seed: u64) -> Report {
        let parts: Vec<Part> = self.users.values().flatten().copied().collect();
        let estimates = bootstrap(&parts, self.names.len(), seed);
        let over_users = self.names.iter().zip(estimates).filter_map(|(name, estimate)| {
            let estimate = estimate?;
            Some((name.clone(), if name == RMSE { root(estimate) } else { estimate }))
        });
        let over_items = self.catalogue.iter().map(|(name, values)| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            (name.clone(), Estimate { mean, low: None, high: None })
        });
        Report { users: self.users.len(), metrics: over_users.chain(over_items).collect() }
    }
}

fn root(of: Estimate) -> Estimate {
    Estimate { mean: of.mean.sqrt(), low: of.low.map(f64::sqrt), high: of.high.map(f64::sqrt) }
}
