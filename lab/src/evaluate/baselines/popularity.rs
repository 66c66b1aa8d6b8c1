//! The same for everybody.

use crate::evaluate::{Given, Ranker};
use crate::train::Interactions;
use foldin::error::Result;

/// Scores an item by how many interactions it has in training.
#[derive(Debug)]
pub struct Popularity(Vec<f32>);

impl Popularity {
    /// Counts.
    pub fn new(train: &Interactions) -> Popularity {
        Popularity(train.item_counts().into_iter().map(|count| count as f32).collect())
    }
}

impl Ranker for Popularity {
    fn scores(&self, _: Given<'_>) -> Result<Vec<f32>> {
        Ok(self.0.clone())
    }
}
