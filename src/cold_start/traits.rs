//! A first guess of a visitor's vector from what they say of themselves: the user's profile, age, gender,
//! occupation. It is a prior that the first events correct ([`super::prior`]).

use super::feature_map::FeatureMap;
use super::features::Value;
use super::prior;
use super::tower::Tower;
use crate::error::{Error, Result};
use crate::model::{Model, Tensor};
use crate::named::Named;

const PREFIX: &str = "traits";

/// The map from a person's traits to their leaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits(FeatureMap);

impl Traits {
    /// Of a map that was learned.
    pub fn new(map: FeatureMap) -> Traits {
        Traits(map)
    }

    /// The map that the model carries; None where it has none.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a damaged one.
    pub fn open(model: &Model) -> Result<Option<Traits>> {
        Ok(FeatureMap::open(model, PREFIX)?.map(Traits))
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        self.0.tensors(PREFIX)
    }

    /// The prior mean of a visitor with these traits, [dim]; what is not said is not known.
    ///
    /// # Errors
    /// As [`Features::encode_some`].
    pub fn prior(&self, said: &Named<Value>) -> Result<Vec<f32>> {
        self.0.vector_of_some(said).map(prior::believed)
    }

    /// The prior mean of a person whose traits are encoded already.
    pub fn prior_of_encoded(&self, encoded: &[f32]) -> Vec<f32> {
        prior::believed(self.0.vector(encoded))
    }

    /// What is to be believed of a visitor with these traits ([`crate::visitor::Profile::believe`]): a two-tower model's
    /// tower reads them as they are, the others have a map to a prior mean.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a model without traits, and as [`Features::encode_some`].
    pub fn belief(model: &Model, said: &Named<Value>) -> Result<Vec<f32>> {
        let believed = match Tower::open(model)? {
            Some(tower) => tower.traits(said)?,
            None => Traits::open(model)?.map(|traits| traits.prior(said)).transpose()?,
        };
        believed.ok_or_else(Traits::missing)
    }

    /// What is missing where a model without traits is asked for them.
    fn missing() -> Error {
        Error::argument("traits", "a model with traits; train it with --users FILE", "a model without")
    }
}
