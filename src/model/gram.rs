//! The Gram matrix of the rows, as rounded: fold-in must agree with what is scored.

use super::Rows;

/// Sum of `q qᵀ` over all items, [dim, dim] row-major; summed in f64, because it adds up millions of rows.
pub(crate) fn gram(rows: Rows<'_>, items: usize, dim: usize) -> Vec<f32> {
    let mut sums = vec![0f64; dim * dim];
    let mut row = vec![0f32; dim];
    for item in 0..items {
        rows.decode(item, &mut row);
        for (i, &a) in row.iter().enumerate() {
            for (sum, &b) in sums[i * dim..][..=i].iter_mut().zip(&row) {
                *sum += f64::from(a) * f64::from(b);
            }
        }
    }
    (0..dim * dim)
        .map(|at| (at / dim, at % dim))
        .map(|(i, j)| sums[i.max(j) * dim + i.min(j)] as f32)
        .collect()
}
