//! The `foldin` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A reader that has seen enough, as `| head` has, ends the command as it ends any other.
    sigpipe::reset();
    foldin_cli::run()
}
