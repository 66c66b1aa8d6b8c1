//! The command: reads people's files, has the lab make models of them, and lays models out for a static host.
//!
//! - [`cmd`]: a file a verb.
//! - [`data`]: readers of interactions, items, users and other tools' factors.
//! - [`model_file`]: model files on disk.
//! - [`deploy`]: the folder that a static host serves.
//! - [`publish`]: files that appear whole or not at all.

pub mod cmd;
pub mod data;
pub mod deploy;
pub mod model_file;
mod output;
pub mod publish;
mod shelf;

use clap::Parser;
use std::process::ExitCode;

/// Runs the command with the arguments of this process.
pub fn run() -> ExitCode {
    match cmd::Cli::parse().run() {
        Ok(code) => {
            output::flush_notes();
            code
        }
        Err(error) => {
            eprintln!("error: {}", output::plain(error));
            ExitCode::FAILURE
        }
    }
}
