//! The `foldin` command.

fn main() -> std::process::ExitCode {
    foldin_cli::run(std::env::args_os().collect())
}
