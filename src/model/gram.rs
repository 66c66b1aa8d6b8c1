//! The Gram matrix of the rows, as rounded: fold-in must agree with what is scored.

use super::{BLOCK, Model, Rows};
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
    let weight = |&count: &u32| popularity(count, exponent);
    let mean = counts.iter().map(weight).sum::<f64>() / counts.len() as f64;
    Some(counts.iter().map(|count| (weight(count) / mean) as f32).collect())
}

fn popularity(count: u32, exponent: f32) -> f64 {
    libm::pow(f64::from(count) + 1.0, f64::from(exponent))
}

/// The same as a model has them: for its `counts`, with the exponent that stands in its metadata.
pub fn item_weights(counts: Option<&[u32]>, exponent: Option<&str>) -> Option<Vec<f32>> {
    popularity_weights(counts?, decimal::parse(exponent?)?)
}

/// What items that came and went change about a model's Gram matrix.
///
/// With `r = (count + 1)^exponent`, an item's weight before the mean is brought to 1, the matrix is
/// `n / R · Σ r q qᵀ` over n items whose `r` sum up to R. Items that come and go change the sum by their `± r q qᵀ`, R
/// by `± r`, and n: that is as exact as the model's own matrix is, and costs dim² operations each.
#[derive(Clone, Debug)]
pub(super) struct GramChanges {
    exponent: f32,
    /// R of the model, and of the items that there are.
    before: f64,
    now: f64,
    /// Σ ± r q qᵀ, [dim, dim].
    sums: Vec<f64>,
    dim: usize,
}

impl GramChanges {
    pub(super) fn new(model: &Model) -> GramChanges {
        let exponent = model.metadata().get(POPULARITY_EXPONENT).and_then(|text| decimal::parse(text));
        let (exponent, before) = match (exponent, model.counts()) {
            (Some(exponent), Some(counts)) if exponent != 0.0 => (exponent, total(counts, exponent)),
            _ => (0.0, model.items_in_gram() as f64),
        };
        let dim = model.dim();
        GramChanges { exponent, before, now: before, sums: vec![0.0; dim * dim], dim }
    }

    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// An item that had so many interactions in training comes, or with the sign -1 goes.
    pub(super) fn add(&mut self, count: u32, factor: &[f32], sign: f64) {
        let weight = sign * popularity(count, self.exponent);
        self.now += weight;
        for (&a, sums) in factor.iter().zip(self.sums.chunks_exact_mut(self.dim)) {
            let a = weight * f64::from(a);
            sums.iter_mut().zip(factor).for_each(|(sum, &b)| *sum += a * f64::from(b));
        }
    }

    /// Takes the model as it is by now, after all its items have arrived.
    pub(super) fn follow(&mut self, model: &Model) {
        let before = GramChanges::new(model).before;
        self.now += before - self.before;
        self.before = before;
    }

    pub(super) fn undo(&mut self) {
        self.now = self.before;
        self.sums.fill(0.0);
    }

    /// The Gram matrix of the `items` that there are now, [dim, dim].
    pub(super) fn apply(&self, model: &Model, items: usize) -> Vec<f64> {
        let (unscaled, scale) = (self.before / model.items_in_gram() as f64, items as f64 / self.now);
        let sum = |(&old, change): (&f32, &f64)| scale * (unscaled * f64::from(old) + change);
        model.gram().iter().zip(&self.sums).map(sum).collect()
    }
}

/// The sum of `(count + 1)^exponent`. Many items have the same count: most powers are computed once.
fn total(counts: &[u32], exponent: f32) -> f64 {
    let mut known = vec![0.0; 1 << 16];
    let mut weight = |&count: &u32| match known.get_mut(count as usize) {
        None => popularity(count, exponent),
        Some(known) => {
            if *known == 0.0 {
                *known = popularity(count, exponent);
            }
            *known
        }
    };
    counts.iter().map(&mut weight).sum()
}
