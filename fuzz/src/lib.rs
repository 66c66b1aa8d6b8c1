//! Hostile inputs for every reader: each is refused with an error, or makes something that works. None panics or hangs.
//!
//! A target takes bytes and says in a few words what came of them. [`run`](run::run) mutates those of its corpus, and goes
//! on from each input of which something new came. All of it is the same for the same seed.

pub mod models;
mod mutate;
pub mod run;
pub mod seeds;
mod targets;

pub use mutate::Chance;
pub use targets::{TARGETS, Target};
