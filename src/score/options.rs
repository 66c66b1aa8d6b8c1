//! What a caller may ask for. One definition for the browser and the command.

use serde::Deserialize;

/// Options of [`super::recommend`], camelCase in JavaScript and JSON. Ids are strings; an id that the model
/// does not have is an error, so that a typing error is not silence.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// How many items come back; fewer where there are fewer. 10 unless told.
    pub count: usize,
    /// How many of the best are left out before them: `count` times the page's number.
    pub offset: usize,
    /// Items that do not come back.
    pub exclude: Vec<String>,
    /// The only items that may come back; all unless told.
    pub only: Option<Vec<String>>,
}

impl Default for Options {
    fn default() -> Self {
        Options { count: 10, offset: 0, exclude: Vec::new(), only: None }
    }
}

impl Options {
    /// How many of the best are needed.
    pub(crate) fn end(&self) -> usize {
        self.offset.saturating_add(self.count)
    }
}
