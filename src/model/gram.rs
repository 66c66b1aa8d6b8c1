//! The Gram matrix of the rows, as rounded: fold-in must agree with what is scored.

use super::{BLOCK, Rows};
use crate::decimal;
use foldin_kernel::Gram;

/// The sum of `c q qᵀ` over all items, [dim, dim] row-major, with the weight `c` of each, or 1.
pub fn gram(rows: Rows<'_>, items: usize, dim: usize, weights: Option<&[f32]>) -> Vec<f32> {
    let mut gram = Gram::new(dim);
    let mut block = vec![0.0; items.min(BLOCK) * dim];
    for first in (0..items).step_by(BLOCK) {
        let count = BLOCK.min(items - first);
        let block = &mut block[..count * dim];
        rows.decode(first, block);
        gram.add(block, weights.map(|weights| &weights[first..][..count]));
    }
    gram.matrix()
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
