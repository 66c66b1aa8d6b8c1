//! A recommender whose model is still arriving.

use super::Recommender;
use crate::error::Result;
use crate::model::{AlignedBytes, Header, Model};

impl Recommender<Model> {
    /// Places the head's items among the rows of a part ([`Model::place_head`]).
    ///
    /// # Errors
    /// As [`Model::place_head`].
    pub fn place_head(&mut self, part: usize) -> Result<()> {
        self.model.place_head(part)
    }

    /// Takes a part of the model in ([`Model::arrive`]). What is known of the visitor stays.
    ///
    /// # Errors
    /// As [`Model::arrive`].
    pub fn arrive(&mut self, part: usize, header: Header, bytes: AlignedBytes) -> Result<()> {
        self.model.arrive(part, header, bytes)?;
        if let Some(changes) = &mut self.changes {
            changes.follow(&self.model);
        }
        Ok(())
    }
}
