//! A model's items as a visitor meets them: with those that came and without those that went since it was packed, and
//! where fine-tuning moved them.

use super::{Added, CatalogView, Changes, Delta, Fields, Model, Rows};
use crate::error::{Error, Problem, Result};
use serde::Deserialize;

/// What becomes of ids that no item has.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub enum Unknown {
    /// They count for nothing: a catalogue is often newer than its model.
    #[default]
    Skip,
    /// [`Problem::UnknownItem`].
    Error,
}

/// The items by row: those of the model first, then those that were added.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a> {
    /// What all visitors share.
    pub model: &'a Model,
    /// What came and went since it was packed.
    pub changes: Option<&'a Changes>,
    /// What fine-tuning added to rows for one visitor.
    pub delta: Option<&'a Delta>,
    /// What a page says of them besides the catalogue.
    pub fields: Option<&'a Fields>,
}

impl<'a> From<&'a Model> for Items<'a> {
    fn from(model: &'a Model) -> Items<'a> {
        Items { model, changes: None, delta: None, fields: None }
    }
}

impl<'a> Items<'a> {
    /// The same without fine-tuning.
    pub fn untuned(self) -> Items<'a> {
        Items { delta: None, ..self }
    }

    /// How many rows there are, those of removed items among them.
    pub fn rows(&self) -> usize {
        self.model.items() + self.added().len()
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.rows() - self.removed().len() - self.model.missing()
    }

    /// Never: a model has at least one item, and the last one stays.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an item has this row.
    pub fn has_row(&self, row: u32) -> bool {
        (row as usize) < self.rows()
            && self.removed().binary_search(&row).is_err()
            && self.model.has_arrived(row)
    }

    /// # Errors
    /// [`Problem::Argument`] for a row that no item has.
    pub fn check_row(&self, row: u32) -> Result<()> {
        match self.has_row(row) {
            true => Ok(()),
            false => Err(Error::argument("row", "the row of an item", row)),
        }
    }

    /// The rows of all items, rising.
    pub fn all(self) -> impl Iterator<Item = u32> {
        (0..self.rows() as u32).filter(move |&row| self.has_row(row))
    }

    /// The row of the item that has `before` others before it.
    pub(crate) fn nth(&self, before: usize) -> u32 {
        let removed = self.removed();
        // Gaps that lie before a row move it on by one each.
        let gaps = |row: u32| removed.partition_point(|&gone| gone < row) + self.model.missing_before(row);
        let (mut low, mut high) = (before, self.rows());
        while low < high {
            let middle = (low + high) / 2;
            let after = middle as u32 + 1;
            match after as usize - gaps(after) <= before {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low as u32
    }

    /// The row of the item with this id.
    ///
    /// # Errors
    /// [`Problem::UnknownItem`] when there is none.
    pub fn find(&self, id: &str) -> Result<u32> {
        let unknown = || Problem::UnknownItem { id: id.to_owned(), items: self.len() };
        self.position(id).ok_or_else(|| unknown().into())
    }

    /// Whether an item has this id.
    pub fn has(&self, id: &str) -> bool {
        self.position(id).is_some()
    }

    /// The rows of the items with these ids, in their order.
    ///
    /// # Errors
    /// [`Problem::UnknownItem`] for the first id that no item has, where `unknown` is [`Unknown::Error`].
    pub fn find_all<'b>(
        &self,
        ids: impl IntoIterator<Item = &'b String>,
        unknown: Unknown,
    ) -> Result<Vec<u32>> {
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.find_if_known(id, unknown)?);
        }
        Ok(rows)
    }

    /// The row of the item with this id; None for an unknown one that is to be skipped.
    ///
    /// # Errors
    /// [`Problem::UnknownItem`] for one that is not.
    pub(crate) fn find_if_known(&self, id: &str, unknown: Unknown) -> Result<Option<u32>> {
        match unknown {
            Unknown::Skip => Ok(self.position(id)),
            Unknown::Error => self.find(id).map(Some),
        }
    }

    fn position(&self, id: &str) -> Option<u32> {
        let added = self.changes.and_then(|changes| changes.find(id));
        match added {
            Some(at) => Some(self.model.items() as u32 + at),
            None => self.model.position(id).filter(|&row| self.has_row(row)),
        }
    }

    /// The id of the item in this row.
    pub fn id(&self, row: u32) -> String {
        match self.added_at(row) {
            Some(at) => self.added()[at].id.clone(),
            None => self.model.id(row),
        }
    }

    /// Titles, tags and numbers.
    pub fn catalog(&self) -> CatalogView<'a> {
        CatalogView { added: self.added(), ..self.model.catalog() }
    }

    /// What is added to the item's inner product.
    pub fn bias(&self, row: u32) -> f32 {
        self.model.biases().and_then(|biases| biases.get(row as usize)).copied().unwrap_or(0.0)
    }

    /// How many interactions the item had in training, where that is known; an added one had none.
    pub fn interactions(&self, row: u32) -> u32 {
        self.model.counts().and_then(|counts| counts.get(row as usize)).copied().unwrap_or(0)
    }

    /// Writes the item's factor into `out`, whose length is [`Model::dim`].
    pub fn factor_into(&self, item: u32, out: &mut [f32]) {
        let (rows, at) = self.packed(item as usize);
        rows.decode(at, out);
        if let Some(delta) = self.delta.and_then(|delta| delta.of(item)) {
            out.iter_mut().zip(delta).for_each(|(factor, delta)| *factor += delta);
        }
    }

    /// The item's factor.
    pub fn factor(&self, item: u32) -> Vec<f32> {
        let mut out = vec![0.0; self.model.dim()];
        self.factor_into(item, &mut out);
        out
    }

    /// The rows that row `row` lies among, the model's or the added ones, and its place there.
    pub(crate) fn packed(&self, row: usize) -> (Rows<'a>, usize) {
        match (row.checked_sub(self.model.items()), self.changes) {
            (Some(at), Some(changes)) => (changes.rows(), at),
            _ => (self.model.rows(), row),
        }
    }

    /// No row is longer, without fine-tuning.
    pub(crate) fn longest(&self) -> f64 {
        self.changes.map_or(0.0, Changes::longest).max(self.model.extremes().longest)
    }

    /// How many items the Gram matrix is of: those that have not arrived, too.
    pub(crate) fn in_gram(&self) -> usize {
        self.model.items_in_gram() + self.added().len() - self.removed().len()
    }

    /// The Gram matrix of the items that there are, [dim, dim]: [`Model::gram`], followed through all changes.
    pub fn gram(&self) -> Vec<f64> {
        match self.changes {
            Some(changes) => changes.gram().apply(self.model, self.in_gram()),
            None => self.model.gram().iter().map(|&v| f64::from(v)).collect(),
        }
    }

    fn added(&self) -> &'a [Added] {
        self.changes.map_or(&[], Changes::added)
    }

    fn added_at(&self, row: u32) -> Option<usize> {
        (row as usize).checked_sub(self.model.items())
    }

    /// Rows of items that are gone, rising.
    pub fn removed(&self) -> &'a [u32] {
        self.changes.map_or(&[], Changes::removed)
    }
}
