//! What onboarding needs to know of people: how the training users' vectors vary.

use foldin::error::Result;
use foldin::model::Tensor;
use foldin_cold::onboarding::PREFIX;
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Users that are copied at a time.
const TOGETHER: usize = 512;

/// What carries the covariance of `users` [users, dim] in a file.
///
/// # Errors
/// [`foldin::Problem::Format`] for a number that is not finite.
pub fn tensors(users: ArrayView2<'_, f32>) -> Result<Vec<Tensor>> {
    let mean = users.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(users.ncols()));
    let mut covariance = Array2::zeros((users.ncols(), users.ncols()));
    for some in users.axis_chunks_iter(Axis(0), TOGETHER) {
        let centred = &some - &mean;
        covariance += &centred.t().dot(&centred);
    }
    covariance /= users.nrows().max(1) as f32;
    Ok(Tensor::matrix(PREFIX, covariance.view())?.into())
}
