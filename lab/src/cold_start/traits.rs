//! Learns the map from a person's traits to their leaning.

use super::feature_map;
use foldin_cold::{Features, Traits};
use ndarray::ArrayView2;

/// Learns from the training users: rows `encoded` [users, width] as [`Features::encode_all`] makes them, and
/// their [`super::prior::leanings`] [users, dim]. What follows from a number changes but slowly along it: people of nearly
/// one age are nearly alike.
pub fn learn(features: Features, encoded: ArrayView2<'_, f32>, leanings: ArrayView2<'_, f32>) -> Traits {
    Traits::new(feature_map::learn_smooth(features, encoded, leanings, &vec![1.0; leanings.nrows()]))
}
