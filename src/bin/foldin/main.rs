//! The native command: trains, evaluates, packs and watches the models that browsers load.

mod cmd;
mod output;
mod shelf;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cmd::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
