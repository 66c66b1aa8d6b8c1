//! The ridge regression of one row: its interactions on the vectors of the other side.
//!
//! A row's loss is `sum w (1 - p.q)^2 + c p^T G p + ridge |p|^2` over its vector `p`, where `G` is the Gram matrix
//! times the unobserved weight, and `c` what this is multiplied by for the row. Two solvers take it from there: `blocks`
//! and `gradients`.

use super::gram;
use super::vector::{TOGETHER, Together};

/// What all rows of a side have in common.
pub(crate) struct Side<'a> {
    /// Length of a vector, a multiple of [`TILE`](super::vector::TILE).
    pub(crate) n: usize,
    /// [others, n]
    pub(crate) fixed: &'a [f32],
    /// Their Gram matrix, each with its weight, times the unobserved weight, [n, n].
    pub(crate) gram: Vec<f32>,
    unobserved_weight: f32,
    /// Of each coordinate the sum of squares over `fixed`, weighted as there, [n].
    squares: Vec<f32>,
}

impl<'a> Side<'a> {
    /// With `fixed` vectors of length `n`, whose pairs weigh `weights` times as much where they are not observed;
    /// without weights alike.
    pub(crate) fn new(fixed: &'a [f32], n: usize, unobserved_weight: f32, weights: Option<&[f32]>) -> Self {
        let mut gram = gram::of(fixed, n, weights);
        let squares = gram.iter().step_by(n + 1).copied().collect();
        gram.iter_mut().for_each(|value| *value *= unobserved_weight);
        Side { n, fixed, gram, unobserved_weight, squares }
    }

    fn others(&self) -> usize {
        self.fixed.len() / self.n
    }

    #[inline(always)]
    pub(super) fn vector(&self, column: u32) -> &'a [f32] {
        &self.fixed[column as usize * self.n..][..self.n]
    }

    /// The vectors of up to [`TOGETHER`] columns, at least one; the first fills up what is missing.
    #[inline(always)]
    pub(super) fn group(&self, columns: &[u32]) -> Together<'a> {
        let mut vectors = [self.vector(columns[0]); TOGETHER];
        vectors.iter_mut().zip(columns).for_each(|(vector, &column)| *vector = self.vector(column));
        vectors
    }

    /// The inverse of the diagonal that the row's matrix would have, were its interactions average ones; finite where
    /// there is nothing.
    pub(super) fn inverse_diagonal(&self, row: &Row<'_>, out: &mut [f32]) {
        let weight = self.unobserved_weight * row.unobserved + row.weight() / self.others() as f32;
        for (out, square) in out.iter_mut().zip(&self.squares) {
            *out = 1.0 / (weight * square + row.ridge).max(f32::MIN_POSITIVE);
        }
    }
}

/// What is a row's own.
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [u32],
    /// What each interaction weighs more than 1, as long as `columns`; empty where none does.
    pub(crate) excess: &'a [f32],
    /// What the weight of its unobserved pairs is multiplied by.
    pub(crate) unobserved: f32,
    pub(crate) ridge: f32,
}

impl<'a> Row<'a> {
    /// The interactions `SIZE` at a time, with their weights: zero behind the last one.
    #[inline(always)]
    pub(super) fn chunks<const SIZE: usize>(&self) -> impl Iterator<Item = (&'a [u32], [f32; SIZE])> {
        let excess = self.excess;
        self.columns.chunks(SIZE).enumerate().map(move |(number, columns)| {
            let mut weights = [0.0; SIZE];
            weights[..columns.len()].fill(1.0);
            if let Some(excess) = excess.get(number * SIZE..) {
                weights.iter_mut().zip(excess).for_each(|(weight, excess)| *weight += excess);
            }
            (columns, weights)
        })
    }

    /// The sum of the weights: the row's loss, had it no vector.
    pub(super) fn weight(&self) -> f32 {
        self.columns.len() as f32 + self.excess.iter().sum::<f32>()
    }
}
