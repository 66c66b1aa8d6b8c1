//! iALS++: one row a block of coordinates at a time, each block to its minimum (Rendle et al., 2021,
//! algorithm 1). With one block for the whole vector it is the exact solution, by Cholesky.

use super::row::{Row, Side};
use super::symmetric::{PANEL, RankUpdate, Solve};
use super::vector::{TOGETHER, add_scaled, dot, products, square};
use crate::simd;
use pulp::{Simd, WithSimd};

/// Room for a step of `width` coordinates, used again for each row.
pub(crate) struct Blocks {
    width: usize,
    /// [width, width]
    matrix: Vec<f32>,
    inverses: Vec<f32>,
    /// [PANEL, width]
    panel: Vec<f32>,
    /// What each interaction of the row lacks to 1.
    errors: Vec<f32>,
    /// Half the negative gradient of the loss in the block's coordinates, [width].
    pull: Vec<f32>,
    /// The last step, [width].
    step: Vec<f32>,
}

impl Blocks {
    /// Of a `width` that divides the vectors' length.
    pub(crate) fn new(width: usize) -> Self {
        Blocks {
            width,
            matrix: vec![0.0; width * width],
            inverses: vec![0.0; width],
            panel: vec![0.0; PANEL * width],
            errors: Vec::new(),
            pull: vec![0.0; width],
            step: vec![0.0; width],
        }
    }

    /// Moves `vector`, block after block, to the minimum over the block's coordinates; not at all in directions
    /// that nothing determines. Returns the row's loss there.
    pub(crate) fn improve(&mut self, side: &Side<'_>, row: &Row<'_>, vector: &mut [f32]) -> f64 {
        simd::run(BlockedRow { room: self, side, row, vector })
    }
}

struct BlockedRow<'a> {
    room: &'a mut Blocks,
    side: &'a Side<'a>,
    row: &'a Row<'a>,
    vector: &'a mut [f32],
}

impl WithSimd for BlockedRow<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let BlockedRow { room, side, row, vector } = self;
        let mut loss = f64::from(row.ridge * dot(simd, vector, vector))
            + f64::from(row.unobserved) * square(simd, &side.gram, vector);
        room.errors.clear();
        for (columns, weights) in row.chunks::<TOGETHER>() {
            for (product, weight) in products(simd, side.group(columns), vector).into_iter().zip(weights) {
                let error = 1.0 - product;
                loss += f64::from(weight * error * error);
                room.errors.push(error);
            }
        }
        for first in (0..side.n).step_by(room.width) {
            loss -= room.solve_block(simd, side, row, vector, first);
            add_scaled(simd, 1.0, &room.step, &mut vector[first..first + room.width]);
        }
        loss
    }
}

impl Blocks {
    /// Leaves in `step` what moves the block that starts at coordinate `first` to its minimum, and returns by how
    /// much that lowers the loss. What the block before did to the errors is caught up with here, where the vectors
    /// are in the cache anyway.
    #[inline(always)]
    fn solve_block<S: Simd>(
        &mut self,
        simd: S,
        side: &Side<'_>,
        row: &Row<'_>,
        vector: &[f32],
        first: usize,
    ) -> f64 {
        self.start(simd, side, row, vector, first);
        let Blocks { width, matrix, inverses, panel, errors, step, pull, .. } = self;
        let width = *width;
        for ((columns, weights), errors) in row.chunks::<PANEL>().zip(errors.chunks_mut(PANEL)) {
            let gathered = panel.chunks_exact_mut(width);
            for (((&column, weight), error), gathered) in
                columns.iter().zip(weights).zip(errors).zip(gathered)
            {
                let q = side.vector(column);
                if first > 0 {
                    *error -= dot(simd, step, &q[first - width..first]);
                }
                let root = weight.sqrt();
                gathered.fill(0.0);
                add_scaled(simd, root, &q[first..first + width], gathered);
                add_scaled(simd, root * *error, gathered, pull);
            }
            let panel = &panel[..columns.len() * width];
            RankUpdate { matrix, n: width, first: 0, panel, sign: 1.0 }.with_simd(simd);
        }
        step.copy_from_slice(pull);
        Solve { matrix, inverses, rhs: step }.with_simd(simd);
        f64::from(dot(simd, pull, step))
    }

    /// Sets matrix and pull to what does not depend on interactions.
    #[inline(always)]
    fn start<S: Simd>(&mut self, simd: S, side: &Side<'_>, row: &Row<'_>, vector: &[f32], first: usize) {
        let block = first..first + self.width;
        for (i, out) in self.matrix.chunks_exact_mut(self.width).enumerate() {
            let gram = &side.gram[(first + i) * side.n..][..side.n];
            out.iter_mut().zip(&gram[block.clone()]).for_each(|(out, value)| *out = row.unobserved * value);
            out[i] += row.ridge;
            self.pull[i] = -row.unobserved * dot(simd, gram, vector) - row.ridge * vector[first + i];
        }
    }
}
