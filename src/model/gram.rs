//! The Gram matrix of the rows, as rounded: fold-in must agree with what is scored.

use super::Rows;
use crate::decimal;

/// Sum of `c q qᵀ` over all items, [dim, dim] row-major, with the weight `c` of each; summed in f64, because it adds up
/// millions of rows.
pub fn gram(rows: Rows<'_>, items: usize, dim: usize, weight: impl Fn(usize) -> f64) -> Vec<f32> {
    let mut sums = vec![0f64; dim * dim];
    let mut row = vec![0f32; dim];
    for item in 0..items {
        rows.decode(item, &mut row);
        let weight = weight(item);
        for (i, &a) in row.iter().enumerate() {
            let a = weight * f64::from(a);
            for (sum, &b) in sums[i * dim..][..=i].iter_mut().zip(&row) {
                *sum += a * f64::from(b);
            }
        }
    }
    (0..dim * dim)
        .map(|at| (at / dim, at % dim))
        .map(|(i, j)| sums[i.max(j) * dim + i.min(j)] as f32)
        .collect()
}

/// The metadata that says how far the weight of unobserved pairs grew with an item's frequency; nothing: not at all.
pub const POPULARITY_EXPONENT: &str = "popularity_exponent";

/// What the weight of unobserved pairs is multiplied by for items that occur so often, [items]: proportional to
/// `(count + 1)^exponent`, 1 on average. None where that is 1 for all.
///
/// Whoever did not choose an item that everybody knows is likely not to want it: He, Zhang, Kan and Chua, "Fast matrix
/// factorization for online recommendation with implicit feedback" (2016), section 4.1.
pub fn popularity_weights(counts: &[u32], exponent: f32) -> Option<Vec<f32>> {
    if exponent == 0.0 {
        return None;
    }
    let weight = |&count: &u32| libm::pow(f64::from(count) + 1.0, f64::from(exponent));
    let mean = counts.iter().map(weight).sum::<f64>() / counts.len() as f64;
    Some(counts.iter().map(|count| (weight(count) / mean) as f32).collect())
}

/// The same as a model has them: for its `counts`, with the exponent that stands in its metadata.
pub fn item_weights(counts: Option<&[u32]>, exponent: Option<&str>) -> Option<Vec<f32>> {
    popularity_weights(counts?, decimal::parse(exponent?)?)
}
