//! From features to vectors: what the content of items and the traits of people have in common.
//!
//! Under `PREFIX` a file has the map (`PREFIX.map`, `PREFIX.scales`, a row a feature) and the features
//! ([`super::features`]).

use super::features::{Features, Value};
use super::map::LinearMap;
use super::ridge;
use foldin::error::Result;
use foldin::model::{Room, Tensor, format_error};
use foldin::named::Named;
use ndarray::{Array2, ArrayView2};
use std::ops::AddAssign;

/// Features and where they lead.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMap {
    features: Features,
    map: LinearMap,
}

impl FeatureMap {
    fn new(features: Features, matrix: Array2<f32>) -> FeatureMap {
        FeatureMap { features, map: LinearMap::new(matrix) }
    }

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

    /// The map under `prefix`, where there is one.
    ///
    /// # Errors
    /// [`Problem::Format`] for tensors that do not belong together.
    pub fn open(room: Room<'_>, prefix: &str) -> Result<Option<FeatureMap>> {
        if !room.has(&format!("{prefix}.map")) {
            return Ok(None);
        }
        let mut features = Features::open(room, prefix)?;
        let map = LinearMap::open(room, prefix)?.expect("looked for above");
        let embedding = map.inputs().checked_sub(features.width());
        features.embedding = embedding.ok_or_else(|| {
            let expected = format!("at least {} rows, one a feature", features.width());
            format_error(format_args!("{prefix}.map"), expected, map.inputs().to_string())
        })?;
        Ok(Some(FeatureMap { features, map }))
    }

    /// The tensors of a file under `prefix`.
    ///
    /// # Errors
    /// [`Problem::Format`] for a number that is not finite.
    pub fn tensors(&self, prefix: &str) -> Result<Vec<Tensor>> {
        let mut tensors = self.map.tensors(prefix)?;
        tensors.extend(self.features.tensors(prefix));
        Ok(tensors)
    }

    /// The features that it reads.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The same map to vectors `factor` times as long.
    pub fn scaled(self, factor: f32) -> FeatureMap {
        FeatureMap { map: self.map.scaled(factor), ..self }
    }

    /// Where features lead that are encoded already.
    pub fn vector(&self, encoded: &[f32]) -> Vec<f32> {
        self.map.apply(encoded)
    }

    /// Where these lead, of which some may not be said: [dim].
    ///
    /// # Errors
    /// As [`Features::encode_some`].
    pub fn vector_of_some(&self, said: &Named<Value>) -> Result<Vec<f32>> {
        Ok(self.map.apply(&self.features.encode_some(said)?))
    }

    /// Where these lead: [dim].
    ///
    /// # Errors
    /// As [`Features::encode`].
    pub fn vector_of(&self, said: &Named<Value>, embedding: Option<&[f32]>) -> Result<Vec<f32>> {
        Ok(self.map.apply(&self.features.encode(said, embedding)?))
    }
}
