//! A first guess of a visitor's vector from what they say of themselves: the user's profile, age, gender,
//! occupation. It is a prior that the first events correct ([`super::prior`]).

use super::feature_map::FeatureMap;
use super::features::{Features, Value};
use super::prior;
use foldin::error::{Error, Problem, Result};
use foldin::model::{Room, Tensor};
use foldin::named::Named;
use ndarray::ArrayView2;

const PREFIX: &str = "traits";
/// The traits that the tower of a two-tower model reads.
pub const TOWER: &str = "tower";

/// The map from a person's traits to their leaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits(FeatureMap);

impl Traits {
    /// Learns from the training users: rows `encoded` [users, width] as [`Features::encode_all`] makes them, and
    /// their [`super::prior::leanings`] [users, dim]. What follows from a number changes but slowly along it: people of nearly
    /// one age are nearly alike.
    pub fn learn(features: Features, encoded: ArrayView2<'_, f32>, leanings: ArrayView2<'_, f32>) -> Traits {
        Traits(FeatureMap::learn_smooth(features, encoded, leanings, &vec![1.0; leanings.nrows()]))
    }

    /// The map that a model carries; None where it has none.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for a damaged one.
    pub fn open(room: Room<'_>) -> Result<Option<Traits>> {
        Ok(FeatureMap::open(room, PREFIX)?.map(Traits))
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for a number that is not finite.
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

    /// What is to be believed of a visitor with these traits ([`foldin::visitor::Profile::believe`]): a two-tower model's
    /// tower reads them as they are, the others have a map to a prior mean.
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] for a model without traits, and as [`Features::encode_some`].
    pub fn belief(room: Room<'_>, said: &Named<Value>) -> Result<Vec<f32>> {
        let tower = Features::open(room, TOWER)?;
        if tower.width() > 1 {
            return tower.encode_some(said);
        }
        let believed = Traits::open(room)?.map(|traits| traits.prior(said)).transpose()?;
        believed.ok_or_else(Traits::missing)
    }

    /// What is missing where a model without traits is asked for them.
    fn missing() -> Error {
        Problem::Unsupported { what: "traits", remedy: "train it with --users FILE" }.into()
    }
}
