//! The lab: training, evaluation, cold start.

mod cold_start;
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
