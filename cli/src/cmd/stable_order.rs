//! The option that makes a release like the last one, shared by the verbs that make models.

use crate::deploy;
use crate::model_file;
use foldin::model::Factors;
use foldin::{Model, Precision, Result};
use std::path::PathBuf;

/// The last release, whose order of rows a new one may keep.
#[derive(Clone, clap::Args)]
pub struct StableOrder {
    /// Keep each item in its row of the last release, a model file or a bundle's folder, so that pages download the parts
    /// alone that changed; new items take the rows of those that went, then rows at the end [default: rows fall in length]
    #[arg(long = "stable-order", value_name = "LAST")]
    last: Option<PathBuf>,
}

impl StableOrder {
    /// The last release, if there is to be one.
    ///
    /// # Errors
    /// Those of [`model_file::read`] and [`deploy::current_model`].
    pub fn last(&self) -> Result<Option<Model>> {
        let read = |path: &PathBuf| match path.is_dir() {
            true => model_file::read(deploy::current_model(path)?),
            false => model_file::read(path),
        };
        self.last.as_ref().map(read).transpose()
    }
}

/// Packs factors in the order of the last release, if there is one.
///
/// # Errors
/// Those of [`Model::pack`].
pub fn pack(last: Option<&Model>, factors: &Factors, precision: Precision) -> Result<Model> {
    match last {
        Some(last) => Model::pack_after(last, factors, precision),
        None => Model::pack(factors, precision),
    }
}
