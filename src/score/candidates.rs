//! Which items a request may return.

use super::Options;
use crate::error::Result;
use crate::model::Model;

/// The rows left by what was seen, `exclude` and `only`.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// Sorted rows that do not come back.
    hidden: Vec<u32>,
    /// Sorted rows outside which none comes back.
    only: Option<Vec<u32>>,
}

impl Candidates {
    /// Looks up the ids of `options`.
    ///
    /// # Errors
    /// [`crate::Error::UnknownItem`] for an id that the model does not have.
    pub(crate) fn new(model: &Model, seen: &[u32], options: &Options) -> Result<Candidates> {
        let mut hidden = rows(model, &options.exclude)?;
        hidden.extend_from_slice(seen);
        hidden.sort_unstable();
        let only = options.only.as_ref().map(|ids| rows(model, ids)).transpose()?;
        let only = only.map(|mut only| {
            only.sort_unstable();
            only.dedup();
            only
        });
        Ok(Candidates { hidden, only })
    }

    /// All but these rows.
    pub(crate) fn without(hidden: &[u32]) -> Candidates {
        let mut hidden = hidden.to_vec();
        hidden.sort_unstable();
        Candidates { hidden, only: None }
    }

    /// The only rows that can be accepted, sorted; None: any.
    pub(crate) fn only(&self) -> Option<&[u32]> {
        self.only.as_deref()
    }

    /// Whether the item may come back, given that it is one of [`Candidates::only`].
    pub(crate) fn accepts(&self, item: u32) -> bool {
        self.hidden.binary_search(&item).is_err()
    }
}

fn rows(model: &Model, ids: &[String]) -> Result<Vec<u32>> {
    ids.iter().map(|id| model.find(id)).collect()
}
