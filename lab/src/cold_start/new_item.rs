//! An item that the model was packed without.

use super::features::{Value, catalogued};
use crate::error::Result;
use crate::model::{Added, Model};
use crate::named::Named;

/// An item that joins a model's. Nobody has met it yet: it has no bias, no interactions and no trend.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// Its id, which no other item has.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// What the catalogue says of it: columns that are not said stay empty.
    pub features: Named<Value>,
    /// [dim]: from [`super::Content::factor`], or from elsewhere.
    pub factor: Vec<f32>,
}

impl NewItem {
    /// What the model's catalogue has a place for.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a column or a tag that the catalogue does not have, or a number that is not
    /// finite.
    pub(crate) fn described(&self, model: &Model) -> Result<Added> {
        let (tags, numbers) = catalogued(model.catalog(), &self.features)?;
        Ok(Added { id: self.id.clone(), title: self.title.clone(), tags, numbers })
    }
}
