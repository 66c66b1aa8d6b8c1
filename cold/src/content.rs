//! A factor for an item that nobody has met yet, from what is known of it: tags, numbers, an embedding of its
//! text. A ridge map from features to trained factors, as Gantner et al., "Learning attribute-to-feature mappings
//! for cold-start recommendations" (2010), section 3.2.

use super::feature_map::FeatureMap;
use super::features::{Features, Value};
use foldin::error::{Error, Result};
use foldin::model::{Room, Tensor};
use foldin::named::Named;

const PREFIX: &str = "content";

/// The map from an item's features to its factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Content(FeatureMap);

impl Content {
    /// Of a map that was learned.
    pub fn new(map: FeatureMap) -> Content {
        Content(map)
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
