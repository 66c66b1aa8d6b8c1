//! Products of a query with rows that fine-tuning moved: the packed rows are multiplied as ever, then the few that
//! moved are corrected.

use super::query::Query;
use super::search::{Desk, Products};
use crate::error::Result;
use crate::model::{BLOCK, Delta, Items};

/// A query of a visitor with a delta of their own.
pub(crate) struct Tuned<'a> {
    query: Query<'a>,
    /// What the query makes of the numbers added to a row, by rising row.
    corrections: Vec<(u32, f32)>,
}

impl<'a> Tuned<'a> {
    /// # Errors
    /// As [`Query::new`].
    pub(crate) fn new(items: Items<'a>, vector: &[f32]) -> Result<Tuned<'a>> {
        let mut query = Query::new(items, vector)?;
        let mut corrections = Vec::new();
        for (row, delta) in items.delta.into_iter().flat_map(Delta::iter) {
            let correction: f32 = delta.iter().zip(vector).map(|(d, v)| d * v).sum();
            // One of a block is the greatest, and all that lift rows together are no less.
            if let Some(bound) = query.bounds.get_mut(row as usize / BLOCK) {
                *bound = (*bound + correction.max(0.0)).next_up();
            }
            corrections.push((row, correction));
        }
        Ok(Tuned { query, corrections })
    }

    /// Those of so many rows from `first` on.
    fn within(&self, first: usize, rows: usize) -> &[(u32, f32)] {
        let at = |end: usize| self.corrections.partition_point(|(row, _)| (*row as usize) < end);
        &self.corrections[at(first)..at(first + rows)]
    }
}

impl Products for Tuned<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        self.query.fill(first, products);
        for (row, correction) in self.within(first, products.len()) {
            products[*row as usize - first] += correction;
        }
    }

    fn settle(&self, first: usize, rows: usize, floor: f32, desk: &mut Desk) -> Option<usize> {
        // Where rows moved, what they had counts too, however little that was.
        self.within(first, rows).is_empty().then(|| self.query.settle(first, rows, floor, desk))?
    }

    fn bounds(&self) -> &[f32] {
        &self.query.bounds
    }
}
