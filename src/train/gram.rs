//! Gram matrices of vectors, in blocks that do not depend on the number of threads.

use super::parallel;
use super::symmetric::{PANEL, RankUpdate};
use pulp::Arch;

/// Most blocks whose results are held at once.
const BLOCKS: usize = 8;

/// The sum of `q q^T` over the rows `q` of `rows` [any, n]: [n, n], symmetric.
pub(crate) fn of(rows: &[f32], n: usize) -> Vec<f32> {
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
            let sum = partial.iter().map(|partial| partial[i * n + j]).sum();
            (gram[i * n + j], gram[j * n + i]) = (sum, sum);
        }
    }
    gram
}
