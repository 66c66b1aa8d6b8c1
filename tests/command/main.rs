//! The command and its readers, with real files.

mod auto_command;
mod bundle_command;
mod bundle_parts;
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
mod stable_order;
mod tables;
mod terminal;
#[path = "../support/town.rs"]
mod town;
mod train_command;
mod tune_command;
mod words_command;

use std::process::Command;

/// The command under test: the one that `FOLDIN_COMMAND` names, such as npm's, or else the one that cargo built.
fn executable() -> Command {
    Command::new(std::env::var_os("FOLDIN_COMMAND").unwrap_or_else(|| env!("CARGO_BIN_EXE_foldin").into()))
}
