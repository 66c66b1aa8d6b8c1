//! Runs other programs. What fails is told in one line with the remedy; the whole output lies in a log.

use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::Command;

/// A cargo that writes below `target/`, wherever the caller's own goes.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).env("CARGO_TARGET_DIR", "target");
    cargo
}

/// Runs `command` and shows its latest line on `step`; a failure quotes the line that tells most.
pub fn quietly(step: &Step, mut command: Command, remedy: &str) -> Result<()> {
    let name = name(&command);
    let (reader, writer) = std::io::pipe()?;
    command.stdin(std::process::Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().map_err(|error| cannot_start(&name, &error, remedy))?;
    drop(command); // with its ends of the pipe, so that reading ends when the child does
    let mut output = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
        step.say(&line);
        output.push_str(&line);
        output.push('\n');
    }
    if child.wait()?.success() {
        return Ok(());
    }
    let log = format!("target/xtask/{}.log", name.replace(|c: char| !c.is_alphanumeric(), "-"));
    fs::create_dir_all("target/xtask")?;
    fs::write(&log, &output).with_context(|| format!("cannot write {log}"))?;
    bail!("{name} failed: {} (all of it: {log}); {remedy}", telling_line(&output));
}

/// Runs `command` with our own stdin, stdout and stderr.
pub fn aloud(mut command: Command, remedy: &str) -> Result<()> {
    let name = name(&command);
    let status = command.status().map_err(|error| cannot_start(&name, &error, remedy))?;
    anyhow::ensure!(status.success(), "{name} failed ({status}); {remedy}");
    Ok(())
}

/// What `command` prints on stdout; None where it cannot start or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program and the words that name its deed: `cargo build`, `npm run build`, `node wasm-opt`.
fn name(command: &Command) -> String {
    let is_option = |word: &&OsStr| word.to_string_lossy().starts_with('-');
    let deed = command.get_args().skip_while(is_option).take_while(|word| !is_option(word)).take(2);
    let words = std::iter::once(command.get_program()).chain(deed);
    words
        .map(|word| Path::new(word).file_stem().unwrap_or(word).to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(name: &str, error: &std::io::Error, remedy: &str) -> anyhow::Error {
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("{name}: no such program; {remedy}"),
        _ => anyhow::anyhow!("{name} does not start: {error}; {remedy}"),
    }
}

/// The first line that names an error, otherwise the last one.
fn telling_line(output: &str) -> &str {
    let mut lines = output.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.clone().find(|line| names_error(line)).or(lines.next_back()).unwrap_or("it said nothing")
}

/// As cargo, pip and esbuild write it; npm first prints codes that say less than what follows.
fn names_error(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    match line.strip_prefix("npm error ") {
        Some(npm) => !["code ", "syscall ", "errno "].iter().any(|key| npm.starts_with(key)),
        None => line.starts_with("error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_program_and_its_deed() {
        let mut command = Command::new("/usr/bin/npm");
        command.args(["--prefix=www", "run", "build", "--silent"]);
        assert_eq!(name(&command), "npm run build");
        let mut command = Command::new("node");
        command.arg("www/node_modules/binaryen/bin/wasm-opt");
        assert_eq!(name(&command), "node wasm-opt");
    }

    #[test]
    fn quotes_the_first_error_or_the_last_line() {
        assert_eq!(
            telling_line("   Compiling a\nerror[E0425]: no x\nerror: 1 error\n"),
            "error[E0425]: no x"
        );
        assert_eq!(
            telling_line("npm error code ENOTFOUND\nnpm error network no way\n"),
            "npm error network no way"
        );
        assert_eq!(telling_line("> build\n✘ [ERROR] no export\nError: 1\n"), "✘ [ERROR] no export");
        assert_eq!(telling_line("one\ntwo\n\n"), "two");
        assert_eq!(telling_line(""), "it said nothing");
    }
}
