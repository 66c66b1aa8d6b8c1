//! What every importer fills: rows of numbers, and what goes with them.

use super::refused;
use foldin::error::{Error, Result};
use foldin::model::{MAX_DIM, Recipe};
use std::path::Path;

/// The most numbers that are read, 8 GiB of them: a small hostile file must not unfold to more.
pub(super) const MAX_NUMBERS: usize = 1 << 31;

/// Item vectors as a file has them.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    /// [items]; None: the ids are the row numbers.
    pub ids: Option<Vec<String>>,
    /// [items x dim], row after row.
    pub values: Vec<f32>,
    pub dim: usize,
    /// [items]
    pub biases: Option<Vec<f32>>,
    /// Where the file tells how it was trained.
    pub recipe: Option<Recipe>,
    pub notes: Vec<String>,
}

impl Vectors {
    /// Adds a row with its id; `place` says where it was read.
    pub fn push(
        &mut self,
        id: String,
        vector: impl IntoIterator<Item = f32>,
        place: impl Fn() -> String,
    ) -> Result<()> {
        let start = self.values.len();
        self.values.extend(vector);
        let found = self.values.len() - start;
        if self.ids.is_none() {
            self.dim = found;
        }
        if found != self.dim || found == 0 {
            let problem = format!("expected a vector of {} numbers, found {found}", self.dim.max(1));
            return Err(refused(place(), problem, "give every item a vector of the same length"));
        }
        if self.values.len() > MAX_NUMBERS {
            return Err(too_many(place()));
        }
        self.ids.get_or_insert_default().push(id);
        Ok(())
    }

    pub fn items(&self) -> usize {
        self.values.len() / self.dim.max(1)
    }

    /// Leaves rows at the start out.
    pub fn skip(&mut self, rows: usize, path: &Path) -> Result<()> {
        if rows > 0 && rows >= self.items() {
            let problem = format!("{} vectors, of which --skip-rows leaves out {rows}", self.items());
            return Err(refused(path.display(), problem, "leave out fewer rows"));
        }
        self.values.drain(..rows * self.dim);
        self.biases.iter_mut().for_each(|biases| drop(biases.drain(..rows.min(biases.len()))));
        self.ids.iter_mut().for_each(|ids| drop(ids.drain(..rows.min(ids.len()))));
        Ok(())
    }

    /// Takes the ids of a side file.
    pub fn replace_ids(&mut self, ids: Vec<String>, file: &Path) -> Result<()> {
        let one_more = ids.len() + 1 == self.items() && !ids.is_empty();
        if one_more && self.values[..self.dim].iter().all(|&value| value == 0.0) {
            self.skip(1, file)?;
            self.notes.push("the first row, of zeros, is padding and is left out".into());
        }
        if ids.len() != self.items() {
            let problem = format!("{} ids for {} vectors", ids.len(), self.items());
            let remedy = match one_more {
                true => "if the first row is padding, as RecBole's is, leave it out with --skip-rows 1",
                false => "give the ids that the rows had in training, one a row, in the same order",
            };
            return Err(refused(file.display(), problem, remedy));
        }
        self.ids = Some(ids);
        Ok(())
    }

    /// Everything is there, of one length and finite.
    pub fn check(&self, path: &Path) -> Result<()> {
        let at = |problem: String, remedy: &str| Err(refused(path.display(), problem, remedy));
        if self.values.is_empty() || self.dim == 0 || !self.values.len().is_multiple_of(self.dim) {
            return at("no item vectors".into(), "give a file with one vector an item");
        }
        if self.dim > MAX_DIM {
            let problem = format!("vectors of {} numbers", self.dim);
            return at(problem, "give vectors of 4096 numbers at most: is the array transposed?");
        }
        let mut lengths = self.ids.iter().map(Vec::len).chain(self.biases.iter().map(Vec::len));
        if let Some(found) = lengths.find(|&len| len != self.items()) {
            let problem = format!("{found} ids or biases for {} vectors", self.items());
            return at(problem, "give one an item: the parts are of different models");
        }
        match self.values.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(position) => {
                let row = position / self.dim;
                let id = self.ids.as_ref().map_or(String::new(), |ids| format!(" (item {})", ids[row]));
                let problem = format!("row {row}{id}: {} is not finite", self.values[position]);
                at(problem, "train again with a smaller learning rate, or leave the item out")
            }
        }
    }
}

/// The error for a file that would not fit.
pub(super) fn too_many(place: String) -> Error {
    refused(
        place,
        format!("more than {MAX_NUMBERS} numbers"),
        "import a part of the items, or fewer dimensions",
    )
}
