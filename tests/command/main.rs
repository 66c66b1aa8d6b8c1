//! The command and its readers, with real files.

mod bundle_command;
mod bundle_trust;
mod bundles_at_once;
mod check_command;
mod cold_command;
mod damaged_models;
mod data_interactions;
mod data_items;
mod dialects;
mod docs;
mod evaluate_command;
mod format;
mod import;
mod known_sets;
mod look_command;
mod model_file;
mod monitor_command;
mod next_command;
mod optimize_command;
mod output_command;
mod sources;
mod tables;
mod terminal;
#[path = "../support/town.rs"]
mod town;
mod train_command;
mod tune_command;
