//! Items that came and went since a model was packed.
//!
//! The model stays as it is, immutable and shared. An added item has the next row after the model's, in f32 whatever the
//! others are: so no page carries what rounds rows; the row of a removed item stays where it is, and no answer names it again.

use super::gram::GramChanges;
use super::{Items, Model, Rows};
use crate::error::{Error, Result};

/// The most items that can be added to a model before it is to be packed anew.
pub const MAX_ADDED: usize = 100_000;

/// What a model does not say, because it was packed before.
#[derive(Clone, Debug)]
pub struct Changes {
    /// [added, dim]
    rows: Vec<f32>,
    added: Vec<Added>,
    /// Positions in `added` of the items that are still there, by rising id.
    by_id: Vec<u32>,
    /// Rows of the model and of added items, rising.
    removed: Vec<u32>,
    /// No added row is longer.
    longest: f64,
    gram: GramChanges,
}

/// What is known of an added item besides its factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// By column of tags, in the catalogue's order: positions in the column's vocabulary.
    pub tags: Vec<Vec<u32>>,
    /// By column of numbers, in the catalogue's order; NaN where it has none.
    pub numbers: Vec<f32>,
}

impl Changes {
    /// None yet.
    pub fn new(model: &Model) -> Changes {
        Changes {
            rows: Vec::new(),
            added: Vec::new(),
            by_id: Vec::new(),
            removed: Vec::new(),
            longest: 0.0,
            gram: GramChanges::new(model),
        }
    }

    /// Adds an item with the factor [dim]; its row. Whether another item has its id is for the caller to ask.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a factor that does not fit, or more than [`MAX_ADDED`] items.
    pub fn add(&mut self, model: &Model, item: Added, factor: &[f32]) -> Result<u32> {
        let dim = model.dim();
        if factor.len() != dim {
            return Err(Error::argument(
                "vector",
                format_args!("{dim} numbers, as the model has"),
                factor.len(),
            ));
        }
        if self.added.len() == MAX_ADDED {
            let expected = format_args!("at most {MAX_ADDED} items added to a model; pack it anew with them");
            return Err(Error::argument("item", expected, "one more"));
        }
        let at = self.added.len();
        let length = factor.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
        if length.is_nan() || length > MAX_LENGTH {
            return Err(Error::argument("vector", "finite numbers of at most 1e15", "others"));
        }
        self.rows.extend(factor);
        self.longest = self.longest.max(length);
        self.gram.add(0, factor, 1.0);
        let before = self.by_id.partition_point(|&other| self.added[other as usize].id <= item.id);
        self.by_id.insert(before, at as u32);
        self.added.push(item);
        Ok((model.items() + at) as u32)
    }

    /// Takes the item of this row out, which is there.
    pub fn remove(&mut self, model: &Model, row: u32) {
        let items = Items { changes: Some(self), ..Items::from(model) };
        let (count, factor) = (items.interactions(row), items.factor(row));
        self.gram.add(count, &factor, -1.0);
        let at = self.removed.partition_point(|&other| other < row);
        self.removed.insert(at, row);
        self.by_id.retain(|&at| model.items() + at as usize != row as usize);
    }

    /// Takes the model as it is by now, after all its items have arrived.
    pub(crate) fn follow(&mut self, model: &Model) {
        self.gram.follow(model);
    }

    /// Takes out what was added and brings back what was removed. Rows of added items are not given out again.
    pub fn undo(&mut self, model: &Model) {
        self.removed = (0..self.added.len()).map(|at| (model.items() + at) as u32).collect();
        self.by_id.clear();
        self.gram.undo();
    }

    /// The items that were ever added, by row.
    pub(super) fn added(&self) -> &[Added] {
        &self.added
    }

    /// Their factors.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows::F32 { values: &self.rows, dim: self.gram.dim() }
    }

    /// Rows of items that are gone, rising.
    pub(super) fn removed(&self) -> &[u32] {
        &self.removed
    }

    pub(super) fn longest(&self) -> f64 {
        self.longest
    }

    pub(super) fn gram(&self) -> &GramChanges {
        &self.gram
    }

    /// The position in [`Changes::added`] of the item with this id that is still there.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let text = |at: &u32| self.added[*at as usize].id.as_str();
        self.by_id.binary_search_by(|at| text(at).cmp(id)).ok().map(|found| self.by_id[found])
    }
}

/// Squares of longer rows would leave no room for the scores of the others.
const MAX_LENGTH: f64 = 1e15;
