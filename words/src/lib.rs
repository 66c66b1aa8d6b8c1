//! What words mean, in a megabyte: a table with a vector for each token, distilled from a sentence encoder. A text's vector is
//! the weighted mean of its tokens' (Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings",
//! 2017; Tulkens and van Dongen, "Model2Vec", 2024).
//!
//! ```text
//! text -> plain words -> tokens -> vector -> the nearest items
//! ```
//!
//! - `plain`: lower case, accents, punctuation, as BERT has them. In a page the browser does that.
//! - [`Tokens`] cuts words by WordPiece.
//! - [`Table`]: tokens to a vector.
//! - [`halves`]: what a sentence wishes for, and what not.
//! - [`Shelf`]: the vectors of items, searched.
//!
//! No I/O: the table's parts are arguments.

mod halves;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod plain;
mod shelf;
mod table;
mod tokens;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod wasm;

pub use halves::halves;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use plain::{Rules, plain};
pub use shelf::Shelf;
pub use table::{Parts, Table};
pub use tokens::Tokens;

/// What is wrong with a table; whoever reads its file says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Damaged {
    /// The tensor.
    pub what: &'static str,
    /// What a valid table has there.
    pub expected: &'static str,
}
