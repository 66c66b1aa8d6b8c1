//! The minimum of one row at once, by Cholesky.

use super::row::{Row, Side};
use super::symmetric::{PANEL, RankUpdate, Solve};
use super::vector::add_scaled;
use pulp::{Arch, Simd, WithSimd};

/// Room for a system of `n` equations, used again for each row.
pub(crate) struct Exact {
    n: usize,
    matrix: Vec<f32>,
    inverses: Vec<f32>,
    panel: Vec<f32>,
}

impl Exact {
    pub(crate) fn new(n: usize) -> Self {
        Exact { n, matrix: vec![0.0; n * n], inverses: vec![0.0; n], panel: vec![0.0; PANEL * n] }
    }

    /// Writes the minimum to `vector`; 0 in directions that nothing determines.
    pub(crate) fn solve(&mut self, side: &Side<'_>, row: &Row<'_>, vector: &mut [f32]) {
        Arch::new().dispatch(ExactRow { room: self, side, row, vector });
    }
}

struct ExactRow<'a> {
    room: &'a mut Exact,
    side: &'a Side<'a>,
    row: &'a Row<'a>,
    vector: &'a mut [f32],
}

impl WithSimd for ExactRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let ExactRow { room: Exact { n, matrix, inverses, panel }, side, row, vector } = self;
        matrix.copy_from_slice(side.gram);
        matrix.iter_mut().step_by(*n + 1).for_each(|diagonal| *diagonal += row.ridge);
        vector.fill(0.0);
        for (columns, roots) in row.columns.chunks(PANEL).zip(row.roots.chunks(PANEL)) {
            for ((&column, &root), gathered) in columns.iter().zip(roots).zip(panel.chunks_exact_mut(*n)) {
                gathered.fill(0.0);
                add_scaled(simd, root, side.vector(column), gathered);
                add_scaled(simd, root, gathered, vector);
            }
            let panel = &panel[..columns.len() * *n];
            RankUpdate { matrix, n: *n, first: 0, panel, sign: 1.0 }.with_simd(simd);
        }
        Solve { matrix, inverses, rhs: vector }.with_simd(simd);
    }
}
