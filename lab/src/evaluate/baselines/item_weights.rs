//! Recommenders that are a sparse matrix from given items to scored items.

use crate::evaluate::{Follower, Given, Interaction, Ranker};
use crate::train::Csr;
use foldin::error::Result;
use std::collections::HashSet;

/// An item's score is the sum of its weights from the given items.
#[derive(Debug)]
pub struct ItemWeights {
    /// [items, items], from row to column.
    weights: Csr,
}

impl ItemWeights {
    /// Of weights from each row's item to the columns' items, [items, items].
    pub fn new(weights: Csr) -> ItemWeights {
        ItemWeights { weights }
    }

    /// How many weights there are.
    pub fn entries(&self) -> usize {
        self.weights.entries()
    }
}

impl Ranker for ItemWeights {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        let mut sums = Sums { items: self, seen: HashSet::new(), scores: vec![0.0; self.weights.rows()] };
        given.items.iter().for_each(|&item| sums.add(item));
        Ok(sums.scores)
    }

    fn follow(&self) -> Box<dyn Follower + '_> {
        Box::new(Sums { items: self, seen: HashSet::new(), scores: vec![0.0; self.weights.rows()] })
    }
}

/// A user's scores, kept up to date; an item counts once.
struct Sums<'a> {
    items: &'a ItemWeights,
    seen: HashSet<u32>,
    scores: Vec<f32>,
}

impl Sums<'_> {
    fn add(&mut self, item: u32) {
        if (item as usize) < self.scores.len() && self.seen.insert(item) {
            let (items, weights) = self.items.weights.row(item as usize);
            items.iter().zip(weights).for_each(|(&to, weight)| self.scores[to as usize] += weight);
        }
    }
}

impl Follower for Sums<'_> {
    fn see(&mut self, event: Interaction) -> Result<()> {
        self.add(event.item);
        Ok(())
    }

    fn scores(&self) -> Result<Vec<f32>> {
        Ok(self.scores.clone())
    }
}

/// The `k` entries with the largest weights, by rising column.
pub(super) fn largest(mut row: Vec<(u32, f32)>, k: usize) -> Vec<(u32, f32)> {
    if k < row.len() {
        row.select_nth_unstable_by(k, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        row.truncate(k);
    }
    row.sort_unstable_by_key(|&(column, _)| column);
    row
}

/// A matrix of these rows.
pub(super) fn from_rows(rows: Vec<Vec<(u32, f32)>>) -> Csr {
    let mut csr = Csr { offsets: vec![0], ..Csr::default() };
    for row in rows {
        csr.columns.extend(row.iter().map(|&(column, _)| column));
        csr.values.extend(row.iter().map(|&(_, value)| value));
        csr.offsets.push(csr.columns.len());
    }
    csr
}
