//! The ridge regression of one row: its interactions on the vectors of the other side.
//!
//! A row's loss is `sum w (1 - p.q)^2 + p^T G p + ridge |p|^2` over its vector `p`, where `G` is the weighted
//! Gram matrix. Two solvers take it from there: `blocks` and `gradients`.

use super::vector::{TOGETHER, products};
use pulp::{Simd, WithSimd};

/// What all rows of a side have in common.
pub(crate) struct Side<'a> {
    /// Length of a vector, a multiple of [`TILE`].
    pub(crate) n: usize,
    /// [others, n]
    pub(crate) fixed: &'a [f32],
    /// [n, n]
    pub(crate) gram: &'a [f32],
}

impl<'a> Side<'a> {
    #[inline(always)]
    pub(super) fn vector(&self, column: u32) -> &'a [f32] {
        &self.fixed[column as usize * self.n..][..self.n]
    }

    /// The vectors of up to [`TOGETHER`] columns, at least one; the first fills up what is missing.
    #[inline(always)]
    pub(super) fn group(&self, columns: &[u32]) -> [&'a [f32]; TOGETHER] {
        let mut vectors = [self.vector(columns[0]); TOGETHER];
        vectors.iter_mut().zip(columns).for_each(|(vector, &column)| *vector = self.vector(column));
        vectors
    }
}

/// What is a row's own.
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [u32],
    /// Square roots of the weights, as long as `columns`.
    pub(crate) roots: &'a [f32],
    pub(crate) ridge: f32,
}

/// `sum w (1 - p.q)^2` of one row.
pub(crate) struct SquaredError<'a> {
    pub(crate) side: &'a Side<'a>,
    pub(crate) row: &'a Row<'a>,
    pub(crate) vector: &'a [f32],
}

impl WithSimd for SquaredError<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let SquaredError { side, row, vector } = self;
        let mut sum = 0.0;
        for (columns, roots) in row.columns.chunks(TOGETHER).zip(row.roots.chunks(TOGETHER)) {
            for (product, root) in products(simd, side.group(columns), vector).into_iter().zip(roots) {
                sum += f64::from(root * (1.0 - product)).powi(2);
            }
        }
        sum
    }
}
