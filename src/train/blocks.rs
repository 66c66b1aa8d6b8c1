//! iALS++: one row a block of coordinates at a time, each block to its minimum (Rendle et al., 2021,
//! algorithm 1). With one block for the whole vector it is the exact solution, by Cholesky.

use super::row::{Row, Side};
use super::symmetric::{PANEL, RankUpdate, Solve};
use super::vector::{add_scaled, dot};
use pulp::{Arch, Simd, WithSimd};

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
    /// The last step.
    step: Vec<f32>,
    rhs: Vec<f32>,
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
            step: vec![0.0; width],
            rhs: vec![0.0; width],
        }
    }

    /// Moves `vector`, block after block, to the minimum over the block's coordinates; not at all in directions
    /// that nothing determines.
    pub(crate) fn improve(&mut self, side: &Side<'_>, row: &Row<'_>, vector: &mut [f32]) {
        Arch::new().dispatch(BlockedRow { room: self, side, row, vector });
    }
}

struct BlockedRow<'a> {
    room: &'a mut Blocks,
    side: &'a Side<'a>,
    row: &'a Row<'a>,
    vector: &'a mut [f32],
}

impl WithSimd for BlockedRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let BlockedRow { room, side, row, vector } = self;
        room.errors.clear();
        for &column in row.columns {
            room.errors.push(1.0 - dot(simd, vector, side.vector(column)));
        }
        for first in (0..side.n).step_by(room.width) {
            room.solve_block(simd, side, row, vector, first);
            vector[first..].iter_mut().zip(&room.rhs).for_each(|(p, step)| *p += step);
            std::mem::swap(&mut room.step, &mut room.rhs);
        }
    }
}

impl Blocks {
    /// Leaves in `rhs` the step of the block that starts at coordinate `first`. What the block before did to the
    /// errors is caught up with here, where the vectors are in the cache anyway.
    #[inline(always)]
    fn solve_block<S: Simd>(
        &mut self,
        simd: S,
        side: &Side<'_>,
        row: &Row<'_>,
        vector: &[f32],
        first: usize,
    ) {
        self.start(simd, side, row, vector, first);
        let Blocks { width, matrix, inverses, panel, errors, step, rhs } = self;
        let width = *width;
        let interactions = row.columns.chunks(PANEL).zip(row.roots.chunks(PANEL));
        for ((columns, roots), errors) in interactions.zip(errors.chunks_mut(PANEL)) {
            let gathered = panel.chunks_exact_mut(width);
            for (((&column, &root), error), gathered) in columns.iter().zip(roots).zip(errors).zip(gathered) {
                let q = side.vector(column);
                if first > 0 {
                    *error -= dot(simd, step, &q[first - width..first]);
                }
                gathered.fill(0.0);
                add_scaled(simd, root, &q[first..first + width], gathered);
                add_scaled(simd, root * *error, gathered, rhs);
            }
            let panel = &panel[..columns.len() * width];
            RankUpdate { matrix, n: width, first: 0, panel, sign: 1.0 }.with_simd(simd);
        }
        Solve { matrix, inverses, rhs }.with_simd(simd);
    }

    /// Sets matrix and right-hand side to what does not depend on interactions.
    #[inline(always)]
    fn start<S: Simd>(&mut self, simd: S, side: &Side<'_>, row: &Row<'_>, vector: &[f32], first: usize) {
        let block = first..first + self.width;
        for (i, out) in self.matrix.chunks_exact_mut(self.width).enumerate() {
            let gram = &side.gram[(first + i) * side.n..][..side.n];
            out.copy_from_slice(&gram[block.clone()]);
            out[i] += row.ridge;
            self.rhs[i] = -dot(simd, gram, vector) - row.ridge * vector[first + i];
        }
    }
}
