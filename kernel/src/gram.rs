//! Gram matrices, summed in f64 row after row: in which chunks rows come does not show in a single bit.
//!
//! A product of two f32 is exact in f64, so that it makes no difference either whether a processor multiplies and adds
//! in one instruction or in two.

use crate::dispatch::best;
use crate::lanes::Lanes;
use crate::rows::LANES;
use crate::tiles::WIDTH;

/// Rows that are added in one go: as f64 they stay in the fastest cache.
const BLOCK: usize = 64;

/// The sum of `left rightᵀ` over rows.
#[derive(Clone, Debug)]
pub struct Gram {
    dim: usize,
    /// [width, width] row-major; what lies above the diagonal may be missing.
    sums: Vec<f64>,
    left: Vec<f64>,
    right: Vec<f64>,
}

impl Gram {
    /// Of no rows yet.
    pub fn new(dim: usize) -> Gram {
        let width = dim.next_multiple_of(WIDTH);
        let block = || vec![0.0; BLOCK * width];
        Gram { dim, sums: vec![0.0; width * width], left: block(), right: block() }
    }

    /// Adds `weight v vᵀ` of rows `v` of `dim` numbers, with a weight of each, or 1. A weighted row is rounded to f32.
    pub fn add(&mut self, rows: &[f32], weights: Option<&[f32]>) {
        let width = self.dim.next_multiple_of(WIDTH);
        for (block, first) in rows.chunks(BLOCK * self.dim).zip((0..).step_by(BLOCK)) {
            let count = block.len() / self.dim;
            spread(block, self.dim, &mut self.right, width, |_| 1.0);
            let right = &self.right[..count * width];
            let left = match weights {
                None => right,
                Some(weights) => {
                    spread(block, self.dim, &mut self.left, width, |row| weights[first + row]);
                    &self.left[..count * width]
                }
            };
            (best().gram)(left, right, width, &mut self.sums);
        }
    }

    /// The matrix, [dim, dim] row-major.
    pub fn matrix(&self) -> Vec<f32> {
        let (dim, width) = (self.dim, self.dim.next_multiple_of(WIDTH));
        let places = (0..dim * dim).map(|at| (at / dim, at % dim));
        places.map(|(i, j)| self.sums[i.max(j) * width + i.min(j)] as f32).collect()
    }
}

/// Weighted rows as f64, each padded to `width`.
#[inline(always)]
fn spread(rows: &[f32], dim: usize, out: &mut [f64], width: usize, weight: impl Fn(usize) -> f32) {
    for (at, (row, out)) in rows.chunks_exact(dim).zip(out.chunks_exact_mut(width)).enumerate() {
        let weight = weight(at);
        let ((eights, rest), (out, out_rest)) =
            (row.as_chunks::<LANES>(), out.split_at_mut(dim / LANES * LANES));
        for (out, &eight) in out.as_chunks_mut().0.iter_mut().zip(eights) {
            *out = (Lanes::splat(weight) * Lanes::new(eight)).to_f64();
        }
        out_rest.iter_mut().zip(rest).for_each(|(out, &value)| *out = f64::from(weight * value));
    }
}
