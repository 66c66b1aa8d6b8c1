//! Dense symmetric positive definite matrices: the two hot spots of iALS, `A += P^T P` and Cholesky.
//!
//! A matrix is a square of `n` x `n` numbers, row-major, of which only the upper triangle counts; `n` is a
//! multiple of [`TILE`]. Vector instructions are chosen when the program runs (pulp), with fused
//! multiply-add where the processor has it: training may differ in its last bits from machine to machine,
//! but not from run to run.

use pulp::{Arch, Simd, WithSimd};

/// `n` is a multiple of this: the widest vector, and the width of a panel of the Cholesky factor.
pub(crate) const TILE: usize = 16;

/// Rows that the inner loop keeps in registers.
const STRIP: usize = 8;

/// Adds `sign` times `panel^T panel` to the columns and rows from `first` on, where `matrix` starts with row
/// `first`; the rows of `panel` have `n` numbers each.
pub(crate) fn rank_update(matrix: &mut [f32], n: usize, first: usize, panel: &[f32], sign: f32) {
    Arch::new().dispatch(RankUpdate { matrix, n, first, panel, sign });
}

struct RankUpdate<'a> {
    matrix: &'a mut [f32],
    n: usize,
    first: usize,
    panel: &'a [f32],
    sign: f32,
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
pub(crate) fn solve(matrix: &mut [f32], inverses: &mut [f32], rhs: &mut [f32]) {
    Arch::new().dispatch(Solve { matrix, inverses, rhs });
}

struct Solve<'a> {
    matrix: &'a mut [f32],
    inverses: &'a mut [f32],
    rhs: &'a mut [f32],
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Solve { matrix, inverses, rhs } = self;
        factorize(simd, matrix, inverses);
        let n = rhs.len();
        for k in 0..n {
            let row = &matrix[k * n..][..n];
            rhs[k] *= inverses[k];
            let solved = rhs[k];
            rhs[k + 1..].iter_mut().zip(&row[k + 1..]).for_each(|(rest, u)| *rest -= solved * u);
        }
        for k in (0..n).rev() {
            let row = &matrix[k * n..][..n];
            rhs[k] = (rhs[k] - dot(&row[k + 1..], &rhs[k + 1..])) * inverses[k];
        }
    }
}

/// Pivots below this part of the largest one are rounding.
const SINGULAR: f32 = 1e-7;

#[inline(always)]
fn factorize<S: Simd>(simd: S, matrix: &mut [f32], inverses: &mut [f32]) {
    let n = inverses.len();
    let largest = (0..n).fold(0f32, |max, k| max.max(matrix[k * n + k]));
    for first in (0..n).step_by(TILE) {
        let (above, below) = matrix.split_at_mut((first + TILE) * n);
        let panel = &mut above[first * n..];
        for k in 0..TILE {
            let (done, rest) = panel.split_at_mut((k + 1) * n);
            let row = &mut done[k * n..];
            let pivot = row[first + k];
            let inverse = if pivot > SINGULAR * largest { 1.0 / pivot.sqrt() } else { 0.0 };
            inverses[first + k] = inverse;
            row[first..].iter_mut().for_each(|u| *u *= inverse);
            for (i, target) in rest.chunks_exact_mut(n).enumerate() {
                let factor = row[first + k + 1 + i];
                let pairs = target[first..].iter_mut().zip(&row[first..]);
                pairs.for_each(|(target, u)| *target -= factor * u);
            }
        }
        RankUpdate { matrix: below, n, first: first + TILE, panel, sign: -1.0 }.with_simd(simd);
    }
}

/// Inner product in eight running sums.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    let (a_chunks, a_rest) = a.as_chunks::<8>();
    let (b_chunks, b_rest) = b.as_chunks::<8>();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
