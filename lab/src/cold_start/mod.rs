//! Learns what a model knows before the first event ([`foldin_cold`]).

pub mod content;
pub mod crossed;
mod feature_map;
pub mod onboarding;
pub mod prior;
mod ridge;
pub mod traits;
pub mod transfer;
pub mod trend;
