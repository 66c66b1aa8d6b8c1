//! The lab: training, evaluation, cold start.

mod auto;
mod cold_start;
mod complete;
mod evaluate_metrics;
mod evaluate_replay;
mod evaluate_served;
mod evaluate_split;
mod next;
#[path = "../support/town.rs"]
mod town;
mod training;
#[cfg(feature = "deep")]
mod two_tower;
