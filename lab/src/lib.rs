//! The lab makes what the engine answers with: it trains, learns cold start, evaluates, optimises, draws maps and
//! watches deployed models. It returns plain data (a model, a vector, rows of numbers) and never answers a visitor.
//!
//! ```text
//! interactions -> train -> factors -> complete -> model
//! ```
//!
//! - [`train`]: where factors come from.
//! - [`auto`]: which algorithm suits the data.
//! - [`cold_start`]: what is known before the first event.
//! - [`complete`](mod@complete): what a complete model holds.
//! - [`evaluate`]: how good a model is, asked as a page asks it.
//! - [`distil`]: a table of words out of a sentence encoder.
//! - [`together`]: what goes with an item, from baskets.
//! - [`optimize`]: smaller models, at a measured price.
//! - [`map`]: a place in the plane for each item, for people to look at.
//! - [`monitor`]: how deployed models do, from the reports of pages.
//! - `wasm` (in the browser): what a page asks before the first event. Training in a page has a crate of its own,
//!   `foldin-trainer`, because it is compiled for speed.
//!
//! The lab does no I/O and reads no clock: interactions, times and seeds are arguments.

pub mod auto;
pub mod cold_start;
pub mod complete;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod distil;
pub mod evaluate;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod map;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod monitor;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod optimize;
mod parallel;
mod product;
mod simd;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod together;
pub mod train;
#[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "page"))]
mod wasm;
