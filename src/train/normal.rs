//! The normal equations of one row: the ridge regression of its interactions on the other side's vectors.

use super::symmetric::{self, TILE, rank_update};
use std::ops::Range;

/// Rows gathered before they are added to the matrix, so that each of its numbers is loaded and stored once
/// for all of them.
const PANEL: usize = 32;

/// Room for the equations `H step = g` of one block of coordinates; used again for each row.
pub(crate) struct NormalEquations {
    /// Coordinates.
    len: usize,
    /// `len` rounded up to a multiple of [`TILE`].
    n: usize,
    matrix: Vec<f32>,
    rhs: Vec<f32>,
    inverses: Vec<f32>,
    panel: Vec<f32>,
    gathered: usize,
}

impl NormalEquations {
    /// Room for up to `most` coordinates.
    pub(crate) fn new(most: usize) -> Self {
        let n = most.next_multiple_of(TILE);
        NormalEquations {
            len: most,
            n,
            matrix: vec![0.0; n * n],
            rhs: vec![0.0; n],
            inverses: vec![0.0; n],
            panel: vec![0.0; PANEL * n],
            gathered: 0,
        }
    }

    /// Starts with what all rows share, `gram` ([dim, dim], already weighted), and `ridge` on the diagonal,
    /// for the coordinates `span` of `vector`: the step is counted from there.
    pub(crate) fn start(&mut self, gram: &[f32], dim: usize, span: Range<usize>, ridge: f32, vector: &[f32]) {
        self.len = span.len();
        self.matrix.fill(0.0);
        self.rhs.fill(0.0);
        for (i, coordinate) in span.clone().enumerate() {
            let gram = &gram[coordinate * dim..][..dim];
            self.matrix[i * self.n..][..span.len()].copy_from_slice(&gram[span.clone()]);
            self.matrix[i * self.n + i] += ridge;
            self.rhs[i] = -symmetric::dot(gram, vector) - ridge * vector[coordinate];
        }
        for i in span.len()..self.n {
            self.matrix[i * self.n + i] = 1.0;
        }
    }

    /// Adds an interaction with the vector whose coordinates of the block are `row`, its weight (0 or more)
    /// and what is still missing to its target.
    pub(crate) fn add(&mut self, row: &[f32], weight: f32, error: f32) {
        let root = weight.sqrt();
        let gathered = &mut self.panel[self.gathered * self.n..][..self.len];
        for ((gathered, rhs), value) in gathered.iter_mut().zip(&mut self.rhs).zip(row) {
            *gathered = root * value;
            *rhs += weight * error * value;
        }
        self.gathered += 1;
        if self.gathered == PANEL {
            self.flush();
        }
    }

    /// The step to the minimum; 0 in directions that nothing determines.
    pub(crate) fn solve(&mut self) -> &[f32] {
        self.flush();
        symmetric::solve(&mut self.matrix, &mut self.inverses, &mut self.rhs);
        &self.rhs[..self.len]
    }

    fn flush(&mut self) {
        rank_update(&mut self.matrix, self.n, 0, &self.panel[..self.gathered * self.n], 1.0);
        self.gathered = 0;
    }
}
