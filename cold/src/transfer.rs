//! What another model's vector of a visitor says in this one: a visitor of the book shop comes to the films.
//!
//! Learned from people who are in both ([`by_ridge`], [`by_procrustes`]), or, where nobody is, from features that
//! the items of both have ([`by_features`]). The result is a prior that the first events here correct
//! ([`super::prior`]).

use super::map::LinearMap;
use super::prior;
use foldin::error::{Error, Result};
use foldin::model::{Room, Tensor};
use ndarray::Array2;

const PREFIX: &str = "transfer";

/// The map from the other model's vectors, [other dim + 1, dim]: the last row is for the constant 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer(LinearMap);

impl Transfer {
    /// Of `matrix` [other dim + 1, dim].
    pub fn new(matrix: Array2<f32>) -> Transfer {
        Transfer(LinearMap::new(matrix))
    }

    /// The map that a model carries; None where it has none.
    ///
    /// # Errors
    /// [`Problem::Format`] for a damaged one.
    pub fn open(room: Room<'_>) -> Result<Option<Transfer>> {
        Ok(LinearMap::open(room, PREFIX)?.map(Transfer))
    }

    /// What carries it in a file.
    ///
    /// # Errors
    /// [`Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        self.0.tensors(PREFIX)
    }

    /// Length of the other model's vectors.
    pub fn source_dim(&self) -> usize {
        self.0.inputs() - 1
    }

    /// The prior mean here of a visitor who has the vector `theirs` there.
    ///
    /// # Errors
    /// [`Problem::Argument`] for a vector of another length, or with a number that is not finite.
    pub fn prior(&self, theirs: &[f32]) -> Result<Vec<f32>> {
        if theirs.len() != self.source_dim() {
            let expected =
                format!("{} numbers, as the model has that this one was trained with", self.source_dim());
            return Err(Error::argument("vector", expected, theirs.len()));
        }
        if theirs.iter().any(|v| !v.is_finite()) {
            return Err(Error::argument("vector", "finite numbers", "NaN or infinity"));
        }
        Ok(prior::believed(self.0.apply(&[theirs, &[1.0]].concat())))
    }

    /// What is missing where a model without a map is asked for one.
    pub fn missing() -> Error {
        let expected = "a model that knows the other one; train it with --transfer-from OTHER.safetensors";
        Error::argument("transfer", expected, "a model without")
    }
}
