//! foldin recommends inside the visitor's own browser.
//!
//! Train anywhere, pack the item factors into one small file, host it as a static asset. A visitor who was
//! never in the training data is *folded in*: their vector is solved on the device from what they did, and
//! scored against every item there. Nothing they do leaves the page.
//!
//! Data flows one way through the rooms:
//!
//! ```text
//! train:     interactions -> train -> model (factors packed into rows, one safetensors file)
//! recommend: model + visitor (events -> vector) -> score -> ranking
//! ```
//!
//! - [`model`]: what is loaded. Rows of factors in f32, f16, int8 or int4, ids, catalogue.
//! - [`score`]: what is asked. A query vector in, the best items out.
//! - [`visitor`]: who asks. Events, and the exact fold-in that turns them into a vector.
//! - [`recommender`]: a model with one visitor, what the browser and the command both ask.
//! - [`cold_start`]: nobody known yet. Prior, traits, transfer, onboarding, new items.
//! - [`train`]: where factors come from. iALS, SGD, BPR.
//! - `evaluate` (native): how good they are.
//! - `map` (native): a place in the plane for each item, for people to look at.
//! - `data` (native): readers of interaction and catalogue files.
//! - `optimize` (native): smaller models, at a measured price.
//! - `deploy` (native): the folder that a static host serves.
//! - `monitor` (native): how deployed models do.
//! - `publish` (native): files that appear whole or not at all.
//! - `wasm` (wasm32): the boundary to JavaScript.
//!
//! The rooms above `data` do no I/O, read no clock and hide no randomness: bytes, times and seeds are
//! arguments.

pub mod cold_start;
#[cfg(not(target_arch = "wasm32"))]
pub mod data;
mod decimal;
#[cfg(not(target_arch = "wasm32"))]
pub mod deploy;
pub mod error;
#[cfg(not(target_arch = "wasm32"))]
pub mod evaluate;
#[cfg(not(target_arch = "wasm32"))]
pub mod map;
pub mod model;
#[cfg(not(target_arch = "wasm32"))]
pub mod monitor;
mod named;
#[cfg(not(target_arch = "wasm32"))]
pub mod optimize;
mod order;
#[cfg(not(target_arch = "wasm32"))]
pub mod publish;
pub mod recommender;
pub mod score;
pub mod train;
pub mod visitor;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use error::{Error, Problem, Result};
pub use model::{Model, Precision};
pub use named::Named;
pub use recommender::Recommender;
