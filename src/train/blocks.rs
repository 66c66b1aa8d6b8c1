//! iALS++: one row a block of [`TILE`] coordinates at a time (Rendle et al., 2021, algorithm 1).

use super::row::{Row, Side};
use super::symmetric::{PANEL, RankUpdate, Solve};
use super::vector::{TILE, add_scaled, dot};
use pulp::{Arch, Simd, WithSimd};

/// Room for a step of [`TILE`] coordinates at a time, used again for each row.
pub(crate) struct Blocks {
    matrix: [f32; TILE * TILE],
    inverses: [f32; TILE],
    panel: [f32; PANEL * TILE],
    errors: Vec<f32>,
}

impl Blocks {
    pub(crate) fn new() -> Self {
        Blocks {
            matrix: [0.0; TILE * TILE],
            inverses: [0.0; TILE],
            panel: [0.0; PANEL * TILE],
            errors: Vec::new(),
        }
    }

    /// Moves `vector`, block after block, to the minimum over the block's coordinates.
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
        let mut step = [0.0; TILE];
        for first in (0..side.n).step_by(TILE) {
            step = room.step(simd, side, row, vector, first, step);
            vector[first..].iter_mut().zip(step).for_each(|(p, step)| *p += step);
        }
    }
}

impl Blocks {
    /// The step of the block that starts at coordinate `first`, when the block before has just made the step
    /// `before`: its effect on the errors is caught up with here, where the vectors are in the cache anyway.
    #[inline(always)]
    fn step<S: Simd>(
        &mut self,
        simd: S,
        side: &Side<'_>,
        row: &Row<'_>,
        vector: &[f32],
        first: usize,
        before: [f32; TILE],
    ) -> [f32; TILE] {
        let mut rhs = self.start(simd, side, row, vector, first);
        let interactions = row.columns.chunks(PANEL).zip(row.roots.chunks(PANEL));
        for ((columns, roots), errors) in interactions.zip(self.errors.chunks_mut(PANEL)) {
            let gathered = self.panel.chunks_exact_mut(TILE);
            for (((&column, &root), error), gathered) in columns.iter().zip(roots).zip(errors).zip(gathered) {
                let q = side.vector(column);
                if first > 0 {
                    *error -= dot(simd, &before, &q[first - TILE..first]);
                }
                gathered.fill(0.0);
                add_scaled(simd, root, &q[first..first + TILE], gathered);
                add_scaled(simd, root * *error, gathered, &mut rhs);
            }
            let panel = &self.panel[..columns.len() * TILE];
            RankUpdate { matrix: &mut self.matrix, n: TILE, first: 0, panel, sign: 1.0 }.with_simd(simd);
        }
        Solve { matrix: &mut self.matrix, inverses: &mut self.inverses, rhs: &mut rhs }.with_simd(simd);
        rhs
    }

    /// Sets the matrix to what does not depend on interactions; returns that part of the gradient.
    #[inline(always)]
    fn start<S: Simd>(
        &mut self,
        simd: S,
        side: &Side<'_>,
        row: &Row<'_>,
        vector: &[f32],
        first: usize,
    ) -> [f32; TILE] {
        let mut rhs = [0.0; TILE];
        for (i, out) in self.matrix.chunks_exact_mut(TILE).enumerate() {
            let gram = &side.gram[(first + i) * side.n..][..side.n];
            out.copy_from_slice(&gram[first..first + TILE]);
            out[i] += row.ridge;
            rhs[i] = -dot(simd, gram, vector) - row.ridge * vector[first + i];
        }
        rhs
    }
}
