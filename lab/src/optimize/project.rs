//! Shorter factors: their coordinates along the principal axes of all items.
//!
//! The rows of Q V, with V the first right singular vectors of Q, are of all matrices of that rank those whose inner
//! products with each other are nearest to those of Q (Eckart and Young, 1936). V are the eigenvectors of the Gram
//! matrix, which the model has. A visitor is folded in anew among the shorter factors, so nothing else is needed, and
//! what lives in the space of factors (a prior, maps into it, a user tower) is turned along.

use crate::cold_start::onboarding;
use crate::product::product;
use foldin::error::Result;
use foldin::model::{Factors, Model, PRIOR, Tensor};
use foldin::visitor::Tower;
use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array1, Array2, ArrayView2};

/// The principal axes of the item factors, [dim, dim], one a column, the strongest first.
pub fn axes(model: &Model) -> Array2<f32> {
    let dim = model.dim();
    let gram = DMatrix::from_iterator(dim, dim, model.gram().iter().map(|&value| f64::from(value)));
    let eigen = SymmetricEigen::new(gram);
    let mut order: Vec<usize> = (0..dim).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    Array2::from_shape_fn((dim, dim), |(row, column)| eigen.eigenvectors[(row, order[column])] as f32)
}

/// Replaces factors of `model` by their coordinates along `axes`, [dim, fewer].
///
/// # Errors
/// [`foldin::Error::Format`] for a room of the model that is damaged.
pub fn project(model: &Model, factors: &mut Factors, axes: ArrayView2<'_, f32>) -> Result<()> {
    factors.values = product(factors.values.view(), axes);
    let tower = Tower::open(model)?;
    let mut rooms = tower.map_or(Ok(Vec::new()), |tower| tower.turned(axes).tensors())?;
    for tensor in std::mem::take(&mut factors.rooms) {
        let name = tensor.name();
        if Tower::carries(name) {
            // Turned above, as a whole.
        } else if name == PRIOR {
            let mean = Array1::from(model.room().f32s(PRIOR)?.to_vec());
            rooms.push(Tensor::f32s(PRIOR, &mean.dot(&axes).to_vec()));
        } else if let Some(prefix) = name.strip_suffix(".map") {
            let Some(map) = model.room().matrix(prefix, model.dim())? else { continue };
            let turned = product(map.view(), axes);
            // A covariance has factors on both sides.
            let turned = if prefix == onboarding::PREFIX { product(axes.t(), turned.view()) } else { turned };
            rooms.extend(Tensor::matrix(prefix, turned.view())?);
        } else if !name.ends_with(".scales") {
            rooms.push(tensor);
        }
    }
    factors.rooms = rooms;
    Ok(())
}
