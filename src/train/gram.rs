//! Gram matrices of vectors, in blocks that do not depend on the number of threads.

use super::parallel;
use super::symmetric::{TILE, rank_update};
use ndarray::Array2;

/// Most blocks whose results are held at once.
const BLOCKS: usize = 32;

/// `weight` times the sum of `q q^T` over the rows `q`: [dim, dim], symmetric.
pub(crate) fn scaled(rows: &Array2<f32>, weight: f32) -> Vec<f32> {
    let (count, dim) = rows.dim();
    let n = dim.next_multiple_of(TILE);
    let partial = parallel::map_blocks(count, BLOCKS, |range| {
        let mut sum = vec![0.0; n * n];
        let mut panel = vec![0.0; TILE * n];
        let numbers: Vec<usize> = range.collect();
        for numbers in numbers.chunks(TILE) {
            for (&number, out) in numbers.iter().zip(panel.chunks_exact_mut(n)) {
                out[..dim].copy_from_slice(rows.row(number).as_slice().expect("rows in standard layout"));
            }
            rank_update(&mut sum, n, 0, &panel[..numbers.len() * n], 1.0);
        }
        sum
    });
    let mut gram = vec![0.0; dim * dim];
    for i in 0..dim {
        for j in i..dim {
            let sum: f32 = partial.iter().map(|partial| partial[i * n + j]).sum();
            gram[i * dim + j] = weight * sum;
            gram[j * dim + i] = weight * sum;
        }
    }
    gram
}

/// Sum of the products of two matrices' elements: for Gram matrices, the sum of all squared predictions.
pub(crate) fn inner(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}
