//! A factor for an item that nobody has met yet, from what is known of it: tags, numbers, an embedding of its
//! text. A ridge map from features to trained factors, as Gantner et al., "Learning attribute-to-feature mappings
//! for cold-start recommendations" (2010), section 3.2.

use super::feature_map::FeatureMap;
use super::features::{Features, Value};
use foldin::error::{Error, Result};
use foldin::model::{Room, Tensor};
use foldin::named::Named;
use ndarray::{ArrayView1, ArrayView2};

const PREFIX: &str = "content";

/// The map from an item's features to its factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Content(FeatureMap);

impl Content {
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
        let map = FeatureMap::learn(features, encoded, factors, &weights);
        let (mut learned, mut mapped) = (0.0, 0.0);
        for ((row, factor), &count) in encoded.rows().into_iter().zip(factors.rows()).zip(counts) {
            learned += f64::from(count) * f64::from(factor.dot(&factor));
            mapped += f64::from(count) * f64::from(factor.dot(&ArrayView1::from(&map.vector(&row.to_vec()))));
        }
        let factor = if mapped > 0.0 { learned / mapped } else { 1.0 };
        Content(map.scaled(factor as f32))
    }

    /// The map that a model carries; None where it has none.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for a damaged one.
    pub fn open(room: Room<'_>) -> Result<Option<Content>> {
        Ok(FeatureMap::open(room, PREFIX)?.map(Content))
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        self.0.tensors(PREFIX)
    }

    /// The features that it reads.
    pub fn features(&self) -> &Features {
        self.0.features()
    }

    /// The factor of an item with these features, [dim].
    ///
    /// # Errors
    /// As [`Features::encode`].
    pub fn factor(&self, said: &Named<Value>, embedding: Option<&[f32]>) -> Result<Vec<f32>> {
        self.0.vector_of(said, embedding)
    }

    /// The factor of an item whose features are encoded already.
    pub fn factor_of_encoded(&self, encoded: &[f32]) -> Vec<f32> {
        self.0.vector(encoded)
    }

    /// What is missing where a model without content is asked for it.
    pub fn missing() -> Error {
        Error::argument(
            "features",
            "a model with content; train it with --items FILE, or give the item's `vector`",
            "a model without",
        )
    }
}
