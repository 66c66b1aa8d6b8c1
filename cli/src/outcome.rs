//! What `foldin check` finds.

use serde::Serialize;

/// One thing that must hold.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// What it is called.
    pub name: String,
    /// Whether it does.
    pub holds: bool,
    /// How it is.
    pub found: String,
    /// How it must be.
    pub expected: String,
}
