//! Item vectors that Python has in memory.

use foldin_cli::data::import::Given;
use ndarray::Array2;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

/// What `foldin.pack` found in a model or was given.
#[derive(FromPyObject)]
pub struct Vectors<'py> {
    values: PyReadonlyArray2<'py, f32>,
    ids: Option<Vec<String>>,
    biases: Option<PyReadonlyArray1<'py, f32>>,
    als: Option<(f32, f32)>,
    users: Option<PyReadonlyArray2<'py, f32>>,
}

impl Vectors<'_> {
    /// As the importer takes them.
    pub fn given(self) -> Given {
        let owned = |array: &PyReadonlyArray2<'_, f32>| -> Array2<f32> { array.as_array().to_owned() };
        Given {
            values: owned(&self.values),
            ids: self.ids,
            biases: self.biases.map(|biases| biases.as_array().to_vec()),
            als: self.als,
            users: self.users.as_ref().map(owned),
        }
    }
}
