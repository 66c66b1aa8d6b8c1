//! The command: reads people's files, has the lab make models of them, and lays models out for a static host.
//!
//! - [`cmd`]: a file a verb.
//! - [`data`]: readers of interactions, items, users and other tools' factors.
//! - [`model_file`]: model files on disk.
//! - [`deploy`]: the folder that a static host serves.
//! - [`model_check`], [`outcome`]: what must hold of a model before it is deployed.
//! - `rules`: whether a shop's placements and rules are ones that a model can answer by.
//! - [`publish`]: files that appear whole or not at all.

pub mod cmd;
pub mod deploy;
pub mod model_check;
pub mod model_file;
pub mod outcome;
mod output;
pub mod publish;
mod rules;
mod shelf;

pub use foldin_readers as data;

use std::io::Write;
use std::process::ExitCode;

/// Runs the command with the arguments of this process.
pub fn run() -> ExitCode {
    match cmd::Cli::run() {
        Ok(code) => {
            output::flush_remarks();
            code
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {}", output::plain(error));
            ExitCode::FAILURE
        }
    }
}
