//! A table of words, and the items that were last searched with it.

use crate::errors::raised;
use foldin_cli::data::words::{self, Shelf};
use foldin_cli::texts;
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A table that was opened and checked.
#[pyclass(frozen)]
pub struct Words {
    read: words::Words,
    /// The model whose items are on it: to put them there takes longer than to search them.
    shelf: Mutex<Option<(Weak<foldin::Model>, Arc<Shelf>)>>,
}

#[pymethods]
impl Words {
    /// Reads a table's file.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Words> {
        let read = py.detach(|| words::read(&path)).map_err(|error| raised(py, &error))?;
        Ok(Words { read, shelf: Mutex::default() })
    }

    /// What tells it from others.
    #[getter]
    fn id(&self) -> &str {
        &self.read.id
    }

    /// Tokens, and numbers of a vector.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.read.table.tokens().len(), self.read.table.dim())
    }

    /// The direction in which a text points [dim]; empty where no word is known.
    fn vector<'py>(&self, py: Python<'py>, text: &str) -> Bound<'py, PyArray1<f32>> {
        py.detach(|| self.read.table.vector(&self.read.plain(text))).into_pyarray(py)
    }
}

impl Words {
    /// What is believed of a visitor who wishes for a text.
    pub fn belief(&self, model: &foldin::Model, text: &str) -> foldin::Result<Vec<f32>> {
        texts::belief(model, &self.read, text)
    }

    /// The factor of an item that a text describes.
    pub fn factor(&self, model: &foldin::Model, text: &str) -> foldin::Result<Vec<f32>> {
        texts::factor(model, &self.read, text)
    }

    /// The items that are about a text with their cosines, nearest first.
    pub fn search(
        &self,
        model: &Arc<foldin::Model>,
        text: &str,
        count: usize,
    ) -> foldin::Result<Vec<(u32, f32)>> {
        let query = self.read.of_query(text)?;
        Ok(self.shelf_of(model).nearest(&query, count))
    }

    fn shelf_of(&self, model: &Arc<foldin::Model>) -> Arc<Shelf> {
        let mut last = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of, shelf)) if of.as_ptr() == Arc::as_ptr(model) => shelf.clone(),
            _ => {
                let shelf = Arc::new(texts::shelf(model, &self.read));
                *last = Some((Arc::downgrade(model), shelf.clone()));
                shelf
            }
        }
    }
}
