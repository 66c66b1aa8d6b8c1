//! `cargo xtask bench --write`: puts what a measurement printed into its section of benches/RESULTS.md.

use super::{Bench, Entry};
use crate::run;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const FILE: &str = "benches/RESULTS.md";

/// Date, processor and number of processors; node knows them everywhere.
const MACHINE: &str = "const cpus = os.cpus(); \
    `${new Date().toISOString().slice(0, 10)}, ${cpus.length} cores of ${cpus[0].model.trim()}`";

/// Measures in a process of its own, whose output is shown as it comes and then written down.
pub(super) fn write(bench: &Bench, entry: &Entry) -> Result<()> {
    // Before hours of measuring.
    section(&read()?, entry.name)?;
    let machine = run::output(Command::new("node").args(["-p", MACHINE]));
    let machine = machine.context("node does not tell the date and the processor; install Node")?;
    let printed = listen(command(bench, entry)?)?;
    let folder = |name: &str, given: &Option<PathBuf>| match given {
        Some(_) => format!(" --{name} FOLDER"),
        None => String::new(),
    };
    let folders = folder("ncf", &bench.ncf) + &folder("data", &bench.data);
    let only =
        if bench.only.is_empty() { String::new() } else { format!(" --only {}", bench.only.join(",")) };
    let heading = format!("`cargo xtask bench {}{folders}{only}`, {machine}:", entry.name);
    let mut text = read()?;
    let section = section(&text, entry.name)?;
    text.replace_range(section, &format!("\n{heading}\n\n{}\n", shown(printed.trim())));
    let beside = format!("{FILE}.new");
    fs::write(&beside, text).with_context(|| format!("cannot write {beside}"))?;
    Ok(fs::rename(beside, FILE)?)
}

fn read() -> Result<String> {
    fs::read_to_string(FILE).with_context(|| format!("cannot read {FILE}"))
}

/// Tables in Markdown as they are, other text as it stands on a screen.
fn shown(printed: &str) -> String {
    let is_markdown = printed.lines().any(|line| line.starts_with("|---"));
    if is_markdown { printed.to_owned() } else { format!("```text\n{printed}\n```") }
}

/// What lies between the two comments that hold a measurement's section.
fn section(text: &str, name: &str) -> Result<Range<usize>> {
    let [open, close] = [format!("<!-- bench: {name} -->"), format!("<!-- /bench: {name} -->")];
    let start = text.find(&open).map(|at| at + open.len());
    let section = start.and_then(|start| Some(start..start + text[start..].find(&close)?));
    section
        .with_context(|| format!("{FILE} has no section from {open} to {close}; add these two lines to it"))
}

/// This program again, without `--write`.
fn command(bench: &Bench, entry: &Entry) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", entry.name]);
    for (name, folder) in [("--ncf", &bench.ncf), ("--data", &bench.data)] {
        if let Some(folder) = folder {
            command.arg(name).arg(folder);
        }
    }
    if !bench.only.is_empty() {
        command.args(["--only", &bench.only.join(",")]);
    }
    Ok(command)
}

/// What `command` prints, but for its title.
fn listen(mut command: Command) -> Result<String> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut printed = String::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line?;
        println!("{line}");
        if !line.starts_with("== ") {
            printed += &format!("{}\n", line.trim_end());
        }
    }
    ensure!(child.wait()?.success(), "nothing was written to {FILE}: the measurement failed");
    Ok(printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measurement_has_its_section() {
        let text = fs::read_to_string(format!("../{FILE}")).unwrap();
        super::super::ENTRIES.iter().for_each(|entry| {
            section(&text, entry.name).unwrap();
        });
    }

    #[test]
    fn a_section_lies_between_its_own_comments() {
        let text = "<!-- bench: a -->old<!-- /bench: a -->\n<!-- bench: b --><!-- /bench: b -->";
        assert_eq!(&text[section(text, "a").unwrap()], "old");
        assert!(section(text, "b").unwrap().is_empty());
        let error = section(text, "c").unwrap_err().to_string();
        assert!(error.contains("<!-- bench: c -->") && error.contains("add"), "{error}");
    }
}
