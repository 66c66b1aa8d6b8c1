//! The command: reads people's files, has the lab make models of them, and lays models out for a static host.
//!
//! - [`cmd`]: a file a verb.
//! - [`data`]: readers of interactions, items, users and other tools' factors.
//! - [`model_file`]: model files on disk.
//! - [`deploy`]: the folder that a static host serves.
//! - [`model_check`], [`outcome`]: what must hold of a model before it is deployed.
//! - `rules`: whether a shop's placements and rules are ones that a model can answer by.
//! - [`publish`]: files that appear whole or not at all.
//! - [`lock`]: one process at a time.
//! - [`answers`]: what is recommended to many visitors.
//! - [`texts`]: what people say of what they look for.
//! - [`watch`]: for programs that call the verbs as a library.

pub mod answers;
pub mod cmd;
pub mod deploy;
pub mod lock;
pub mod model_check;
pub mod model_file;
pub mod outcome;
mod output;
pub mod publish;
mod rules;
mod shelf;
pub mod texts;
pub mod watch;

pub use foldin_readers as data;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command with these arguments, the first being its own name.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    #[cfg(target_os = "wasi")]
    enter_working_folder();
    match cmd::Cli::run(arguments) {
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

/// WASI starts every program in `/`; the host says in `PWD` where its user is.
#[cfg(target_os = "wasi")]
fn enter_working_folder() {
    if let Some(folder) = std::env::var_os("PWD") {
        let _ = std::env::set_current_dir(folder);
    }
}
