//! A linear map into the space of factors.

use foldin::error::Result;
use foldin::model::{Room, Tensor};
use ndarray::Array2;

/// Rows [inputs, dim]: a vector goes to the sum of the rows, each times its number.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearMap(Array2<f32>);

impl LinearMap {
    pub fn new(matrix: Array2<f32>) -> LinearMap {
        LinearMap(matrix)
    }

    /// The map under `prefix`, where there is one.
    ///
    /// # Errors
    /// [`foldin::Error::Format`] for one of another shape or with a number that is not finite.
    pub fn open(room: Room<'_>, prefix: &str) -> Result<Option<LinearMap>> {
        Ok(room.matrix(prefix, room.dim())?.map(LinearMap))
    }

    /// The tensors of a file under `prefix`.
    ///
    /// # Errors
    /// [`foldin::Error::Format`] for a number that is not finite.
    pub fn tensors(&self, prefix: &str) -> Result<Vec<Tensor>> {
        Ok(Tensor::matrix(prefix, self.0.view())?.into())
    }

    pub fn inputs(&self) -> usize {
        self.0.nrows()
    }

    pub fn scaled(self, factor: f32) -> LinearMap {
        LinearMap(self.0 * factor)
    }

    /// Where `input` [inputs] goes: [dim].
    pub fn apply(&self, input: &[f32]) -> Vec<f32> {
        let mut sums = vec![0f64; self.0.ncols()];
        for (row, &times) in self.0.rows().into_iter().zip(input).filter(|(_, times)| **times != 0.0) {
            sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += f64::from(times) * f64::from(v));
        }
        sums.into_iter().map(|sum| sum as f32).collect()
    }
}
