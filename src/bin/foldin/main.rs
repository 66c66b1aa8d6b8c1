//! The native command: trains, evaluates, packs and watches the models that browsers load.

mod cmd;
mod output;
mod shelf;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A reader that has seen enough, as `| head` has, ends the command as it ends any other.
    sigpipe::reset();
    match cmd::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", output::plain(error));
            ExitCode::FAILURE
        }
    }
}
