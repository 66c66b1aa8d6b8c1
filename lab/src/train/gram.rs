//! Gram matrices of vectors, in blocks that do not depend on the number of threads.

use super::symmetric::{PANEL, RankUpdate};
use crate::parallel;
use crate::simd;

/// Most blocks whose results are held at once.
const BLOCKS: usize = 8;

/// The sum of `c q q^T` over the rows `q` of `rows` [any, n] with their weights `c`, 1 where there are none: [n, n],
/// symmetric.
pub(crate) fn of(rows: &[f32], n: usize, weights: Option<&[f32]>) -> Vec<f32> {
    let partial = parallel::map_blocks(rows.len() / n, BLOCKS, |range| {
        let mut sum = vec![0.0; n * n];
        let mut weighted = Vec::new();
        let mut add =
            |panel: &[f32]| simd::run(RankUpdate { matrix: &mut sum, n, first: 0, panel, sign: 1.0 });
        let weights = weights.map(|weights| &weights[range.clone()]);
        for (number, panel) in rows[range.start * n..range.end * n].chunks(PANEL * n).enumerate() {
            let Some(weights) = weights else {
                add(panel);
                continue;
            };
            weighted.clear();
            for (row, weight) in panel.chunks_exact(n).zip(&weights[number * PANEL..]) {
                let root = weight.sqrt();
                weighted.extend(row.iter().map(|value| root * value));
            }
            add(&weighted);
        }
        sum
    });
    let mut gram = vec![0.0; n * n];
    for i in 0..n {
        for j in i..n {
            let sum = partial.iter().map(|partial| partial[i * n + j]).sum();
            (gram[i * n + j], gram[j * n + i]) = (sum, sum);
        }
    }
    gram
}
