//! Dense symmetric positive definite matrices: the two hot spots of iALS, `A += P^T P` and Cholesky.
//!
//! A matrix is a square of `n` x `n` numbers, row-major, of which only the upper triangle counts; `n` is a
//! multiple of [`TILE`]. Vector instructions are chosen when the program runs (pulp). Sums have one order; products are
//! fused with them where the processor can: between machines with and without that training differs in its last bits.

use super::vector::{TILE, add_scaled, dot};
use pulp::{Simd, WithSimd};

/// Rows of vectors that are gathered before they are added to a matrix, so that each of its numbers is loaded
/// and stored once for all of them, and the gathered ones stay in the cache.
pub(crate) const PANEL: usize = 32;

/// Rows that the inner loop keeps in registers.
const STRIP: usize = 8;

/// Adds `sign` times `panel^T panel` to the columns and rows from `first` on.
pub(crate) struct RankUpdate<'a> {
    /// Starts with row `first`; [any, n]
    pub(crate) matrix: &'a mut [f32],
    pub(crate) n: usize,
    pub(crate) first: usize,
    /// [any, n]
    pub(crate) panel: &'a [f32],
    pub(crate) sign: f32,
}

impl WithSimd for RankUpdate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let RankUpdate { matrix, n, first, panel, sign } = self;
        for (strip, rows) in matrix.chunks_exact_mut(STRIP * n).enumerate() {
            let top = first + strip * STRIP;
            for left in (top / S::F32_LANES * S::F32_LANES..n).step_by(S::F32_LANES) {
                let mut sums = [simd.splat_f32s(0.0); STRIP];
                for row in panel.chunks_exact(n) {
                    let (columns, _) = S::as_simd_f32s(&row[left..left + S::F32_LANES]);
                    for (sum, &factor) in sums.iter_mut().zip(&row[top..top + STRIP]) {
                        *sum = simd.mul_add_e_f32s(simd.splat_f32s(factor), columns[0], *sum);
                    }
                }
                let sign = simd.splat_f32s(sign);
                for (row, sum) in rows.chunks_exact_mut(n).zip(sums) {
                    let (out, _) = S::as_mut_simd_f32s(&mut row[left..left + S::F32_LANES]);
                    out[0] = simd.mul_add_e_f32s(sign, sum, out[0]);
                }
            }
        }
    }
}

/// Solves `matrix x = rhs` in place; `matrix` becomes its Cholesky factor (upper, with the inverses of the
/// pivots in `inverses`).
///
/// A direction in which the matrix is zero but for rounding gets the solution 0 there: what stays finite when
/// there is no regularisation at all.
pub(crate) struct Solve<'a> {
    /// [n, n]
    pub(crate) matrix: &'a mut [f32],
    /// [n]
    pub(crate) inverses: &'a mut [f32],
    /// [n]
    pub(crate) rhs: &'a mut [f32],
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Solve { matrix, inverses, rhs } = self;
        factorize(simd, matrix, inverses);
        let n = rhs.len();
        for k in 0..n {
            let tile = k / TILE * TILE;
            rhs[k] *= inverses[k];
            add_scaled(simd, -rhs[k], &matrix[k * n..][tile..n], &mut rhs[tile..]);
        }
        for k in (0..n).rev() {
            let tile = k / TILE * TILE;
            rhs[k] = (rhs[k] - dot(simd, &matrix[k * n..][tile..n], &rhs[tile..])) * inverses[k];
        }
    }
}

/// Pivots below this part of the largest one are rounding.
const SINGULAR: f32 = 1e-7;

/// Leaves the factor above the diagonal, with zeros on it and in the rest of its tiles, so that every loop
/// runs over whole tiles.
#[inline(always)]
fn factorize<S: Simd>(simd: S, matrix: &mut [f32], inverses: &mut [f32]) {
    let n = inverses.len();
    let largest = (0..n).fold(0f32, |max, k| max.max(matrix[k * n + k]));
    for first in (0..n).step_by(TILE) {
        let (above, below) = matrix.split_at_mut((first + TILE) * n);
        let panel = &mut above[first * n..];
        for k in 0..TILE {
            let (done, rest) = panel.split_at_mut((k + 1) * n);
            let row = &mut done[k * n + first..];
            let pivot = row[k];
            let inverse = if pivot > SINGULAR * largest { 1.0 / pivot.sqrt() } else { 0.0 };
            inverses[first + k] = inverse;
            row[..=k].fill(0.0);
            row.iter_mut().for_each(|u| *u *= inverse);
            for (i, target) in rest.chunks_exact_mut(n).enumerate() {
                add_scaled(simd, -row[k + 1 + i], row, &mut target[first..]);
            }
        }
        RankUpdate { matrix: below, n, first: first + TILE, panel, sign: -1.0 }.with_simd(simd);
    }
}
