//! Gram matrices of vectors, in blocks that do not depend on the number of threads.

use super::parallel;
use super::symmetric::{PANEL, RankUpdate};
use pulp::Arch;

/// Most blocks whose results are held at once.
const BLOCKS: usize = 32;

/// `weight` times the sum of `q q^T` over the rows `q` of `rows` [any, n]: [n, n], symmetric.
pub(crate) fn scaled(rows: &[f32], n: usize, weight: f32) -> Vec<f32> {
    let partial = parallel::map_blocks(rows.len() / n, BLOCKS, |range| {
        let mut sum = vec![0.0; n * n];
        for panel in rows[range.start * n..range.end * n].chunks(PANEL * n) {
            Arch::new().dispatch(RankUpdate { matrix: &mut sum, n, first: 0, panel, sign: 1.0 });
        }
        sum
    });
    let mut gram = vec![0.0; n * n];
    for i in 0..n {
        for j in i..n {
            let sum: f32 = partial.iter().map(|partial| partial[i * n + j]).sum();
            gram[i * n + j] = weight * sum;
            gram[j * n + i] = weight * sum;
        }
    }
    gram
}

/// Sum of the products of two matrices' elements: for Gram matrices, the sum of all squared predictions.
pub(crate) fn inner(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}
