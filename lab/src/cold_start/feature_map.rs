//! Learns maps from features to vectors: what the content of items and the traits of people have in common.

use super::ridge;
use foldin_cold::{FeatureMap, Features};
use ndarray::ArrayView2;
use std::ops::AddAssign;

/// Learns from rows `encoded` [rows, width] which lead to `vectors` [rows, dim], each counted `weights`
/// times, by ridge regression with a cross-validated regularisation.
pub(crate) fn learn(
    features: Features,
    encoded: ArrayView2<'_, f32>,
    vectors: ArrayView2<'_, f32>,
    weights: &[f64],
) -> FeatureMap {
    FeatureMap::new(features, ridge::cross_validated(encoded, vectors, weights))
}

/// The same, but what is shrunk for a number is not what its knots lead to but how it changes from knot to knot:
/// neighbours are believed to be alike (a penalised spline, Eilers and Marx, "Flexible smoothing with B-splines and
/// penalties", 1996, with differences of first order).
pub(crate) fn learn_smooth(
    features: Features,
    encoded: ArrayView2<'_, f32>,
    vectors: ArrayView2<'_, f32>,
    weights: &[f64],
) -> FeatureMap {
    // A knot's column, with those of all higher knots added to it, is what a rise at this knot would lead to.
    let mut rises = encoded.to_owned();
    let knots = features.knots();
    for mut row in rises.rows_mut() {
        for knot in knots.iter().flat_map(|knots| (knots.start + 1..knots.end).rev()) {
            row[knot - 1] += row[knot];
        }
    }
    let mut map = ridge::cross_validated(rises.view(), vectors, weights);
    for knot in knots.into_iter().flat_map(|knots| knots.start + 1..knots.end) {
        let below = map.row(knot - 1).to_owned();
        map.row_mut(knot).add_assign(&below);
    }
    FeatureMap::new(features, map)
}
