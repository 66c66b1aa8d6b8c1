//! foldin recommends inside the visitor's own browser.
//!
//! Train anywhere, pack the item factors into one small file, host it as a static asset. A visitor who was
//! never in the training data is *folded in*: their vector is solved on the device from what they did, and
//! scored against every item there. Nothing they do leaves the page.
//!
//! This crate is the engine, which every page loads and which answers. `foldin-cold` answers what is asked before
//! the first event; the lab (`foldin-lab`) makes models; the command (`foldin-cli`) reads and writes files. Data flows one way through the rooms:
//!
//! ```text
//! model + visitor (events -> vector) -> score -> ranking
//! ```
//!
//! - [`model`]: what is loaded. Rows of factors in f32, f16, int8 or int4, ids, catalogue.
//! - [`score`]: a query vector in, the best items out.
//! - [`visitor`]: events, and the exact fold-in that turns them into a vector.
//! - [`recommender`]: a model with one visitor, which the browser and the command both ask.
//! - `wasm` (in the browser): the boundary to JavaScript.
//!
//! The engine does no I/O, reads no clock and hides no randomness: bytes, times and seeds are arguments.

pub mod decimal;
pub mod error;
pub mod model;
pub mod named;
pub mod order;
pub mod recommender;
pub mod score;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod thrown;
#[cfg(any(test, all(target_arch = "wasm32", target_os = "unknown", feature = "page")))]
mod utf16;
pub mod visitor;
#[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "page"))]
mod wasm;

pub use error::{Error, Problem, Result};
pub use model::{Model, Precision};
pub use named::Named;
pub use recommender::Recommender;
