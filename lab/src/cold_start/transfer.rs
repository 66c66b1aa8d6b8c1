//! What another model's vector of a visitor says in this one: a visitor of the book shop comes to the films.
//!
//! Learned from people who are in both ([`by_ridge`], [`by_procrustes`]), or, where nobody is, from features that
//! the items of both have ([`by_features`]). The result is a prior that the first events here correct
//! ([`super::prior`]).

use super::content::Content;
use super::map::LinearMap;
use super::prior;
use super::ridge::{cross_validated, with_ones};
use crate::product::product;
use foldin::error::{Error, Problem, Result};
use foldin::model::{Room, Tensor};
use foldin::visitor::Cholesky;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

const PREFIX: &str = "transfer";

/// The map from the other model's vectors, [other dim + 1, dim]: the last row is for the constant 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer(LinearMap);

/// Learns the map between the vectors `theirs` [people, other dim] and `ours` [people, dim] of the same people,
/// by ridge regression with a cross-validated regularisation.
///
/// # Errors
/// [`Problem::Data`] when there are fewer than two people.
pub fn by_ridge(theirs: ArrayView2<'_, f32>, ours: ArrayView2<'_, f32>) -> Result<Transfer> {
    check_people(theirs.nrows())?;
    let map = cross_validated(with_ones(theirs).view(), ours, &vec![1.0; ours.nrows()]);
    Ok(Transfer(LinearMap::new(map)))
}

/// The same, with a rotation and one scale only: what keeps angles cannot fit noise. With the centred vectors A
/// and B and `Aᵀ B = U Σ Vᵀ` the rotation is `U Vᵀ` and the scale `tr Σ / |A|²` (Schönemann, "A generalized
/// solution of the orthogonal Procrustes problem", 1966).
///
/// # Errors
/// [`Problem::Data`] when there are fewer than two people, [`Problem::Argument`] for spaces of different dimension.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub fn by_procrustes(theirs: ArrayView2<'_, f32>, ours: ArrayView2<'_, f32>) -> Result<Transfer> {
    check_people(theirs.nrows())?;
    let dim = ours.ncols();
    if theirs.ncols() != dim {
        let expected = format!("a model of dimension {dim}, or --transfer-by ridge, which takes any");
        return Err(Error::argument("transfer-from", expected, theirs.ncols()));
    }
    let mean = |vectors: ArrayView2<'_, f32>| vectors.mean_axis(Axis(0)).expect("two people at least");
    let (their_mean, our_mean) = (mean(theirs), mean(ours));
    let (a, b) = (&theirs - &their_mean, &ours - &our_mean);
    let both = product(a.t(), b.view()).mapv(f64::from);
    let svd = nalgebra::DMatrix::from_fn(dim, dim, |i, j| both[[i, j]]).svd(true, true);
    let (Some(u), Some(v)) = (svd.u, svd.v_t) else { unreachable!("both were asked for") };
    let length: f64 = a.iter().map(|v| f64::from(v * v)).sum();
    let rotation = u * v * (svd.singular_values.sum() / length.max(f64::MIN_POSITIVE));
    let rotation = Array2::from_shape_fn((dim, dim), |(i, j)| rotation[(i, j)] as f32);
    let shift = &our_mean - &their_mean.dot(&rotation);
    let mut map = rotation;
    map.push_row(shift.view()).expect("as wide");
    Ok(Transfer(LinearMap::new(map)))
}

/// Learns without shared people: what the other model's visitor would give *these* items, by their features
/// ([`Content`] of the other model, and the rows `encoded` [items, width] that its features make of them), the
/// vector here should give them as well, in least squares over the items with factors `ours` [items, dim], added to the
/// mean vector of the people here, `anybody` [dim]. What it would give all items alike is left out: that says nothing of
/// which, and what most people like is known here.
///
/// # Errors
/// [`Problem::Data`] when the items have none of the features.
pub fn by_features(
    content: &Content,
    encoded: ArrayView2<'_, f32>,
    ours: ArrayView2<'_, f32>,
    anybody: ArrayView1<'_, f32>,
) -> Result<Transfer> {
    let constant = encoded.ncols() - 1;
    if encoded.rows().into_iter().all(|row| row.iter().take(constant).all(|&v| v == 0.0)) {
        let remedy = "give --items with the columns that the other model was trained with, or --shared-users";
        return Err(data_error("the two catalogues have no feature in common", remedy));
    }
    let factors: Vec<Vec<f32>> =
        encoded.rows().into_iter().map(|row| content.factor_of_encoded(&row.to_vec())).collect();
    let theirs = Array2::from_shape_fn((factors.len(), factors[0].len()), |(i, k)| f64::from(factors[i][k]));
    let theirs = &theirs - &theirs.mean_axis(Axis(0)).expect("an item at least");
    let ours = ours.mapv(f64::from);
    let dim = ours.ncols();
    let mut square = product(ours.t(), ours.view());
    let shrink = square.diag().sum() / dim as f64 * SHRINK;
    square.diag_mut().map_inplace(|v| *v += shrink);
    let system = Cholesky::new(square.into_raw_vec_and_offset().0, dim);
    let products = product(theirs.t(), ours.view());
    let mut map = Array2::zeros((products.nrows() + 1, dim));
    for (product, mut into) in products.rows().into_iter().zip(map.rows_mut()) {
        let mut solution = product.to_vec();
        system.solve(&mut solution);
        into.iter_mut().zip(solution).for_each(|(into, v)| *into = v as f32);
    }
    let last = map.nrows() - 1;
    map.row_mut(last).assign(&anybody);
    Ok(Transfer(LinearMap::new(map)))
}

/// Regularisation, as a part of the mean diagonal entry.
const SHRINK: f64 = 0.01;

fn check_people(count: usize) -> Result<()> {
    if count >= 2 {
        return Ok(());
    }
    let remedy = "give --shared-users a file in which the other model's people have the ids that they have here, \
                  or leave --shared-users out and let the items' features decide";
    Err(data_error(&format!("{count} shared users"), remedy))
}

fn data_error(problem: &str, remedy: &str) -> Error {
    Problem::Data { place: "transfer".into(), problem: problem.into(), remedy: remedy.into() }.into()
}

impl Transfer {
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
        let what = "transfer from another model";
        Problem::Unsupported { what, remedy: "train it with --transfer-from OTHER.safetensors" }.into()
    }
}
