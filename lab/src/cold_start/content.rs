//! Learns the map from an item's features to its factor: a ridge regression, as Gantner et al., "Learning
//! attribute-to-feature mappings for cold-start recommendations" (2010), section 3.2.

use super::feature_map;
use foldin_cold::{Content, Features};
use ndarray::{ArrayView1, ArrayView2};

/// Learns from items of which both are known: rows `encoded` [items, width] as [`Features::encode_all`]
/// makes them, `factors` [items, dim], and how often each item was met: the square root is its weight. A factor
/// that few have shaped says little, and yet the map is for items like those. (On parts of MovieLens 100K that the
/// bench does not use, the counts themselves were worse, and so was no weight among all films.)
///
/// Regression draws everything to the mean, and short factors never come up among long ones: the map is lengthened
/// until, over all interactions, a mapped factor's product with the learned one is what that has with itself. Those
/// whom an item is for then score it as they would had it been there all along.
pub fn learn(
    features: Features,
    encoded: ArrayView2<'_, f32>,
    factors: ArrayView2<'_, f32>,
    counts: &[u32],
) -> Content {
    let weights: Vec<f64> = counts.iter().map(|&count| f64::from(count).sqrt()).collect();
    let map = feature_map::learn(features, encoded, factors, &weights);
    let (mut learned, mut mapped) = (0.0, 0.0);
    for ((row, factor), &count) in encoded.rows().into_iter().zip(factors.rows()).zip(counts) {
        learned += f64::from(count) * f64::from(factor.dot(&factor));
        mapped += f64::from(count) * f64::from(factor.dot(&ArrayView1::from(&map.vector(&row.to_vec()))));
    }
    let factor = if mapped > 0.0 { learned / mapped } else { 1.0 };
    Content::new(map.scaled(factor as f32))
}
