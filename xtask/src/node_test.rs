//! Node's test runner, held to running something and skipping nothing.

use crate::{page, run};
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The test files in a folder, in order.
fn tests(folder: &str) -> Result<Vec<PathBuf>> {
    let mut tests: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    tests.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    tests.sort();
    ensure!(!tests.is_empty(), "no tests in {folder}; each of its tests is a file named *.test.mjs");
    Ok(tests)
}

/// The file in a folder that `name` names: `page`, `page.test.mjs` or the whole path.
pub fn named(folder: &str, name: &str) -> Result<Option<PathBuf>> {
    let file_name = format!("{}.test.mjs", name.trim_end_matches(".test.mjs"));
    Ok(tests(folder)?.into_iter().find(|file| file.ends_with(&file_name) || file.ends_with(name)))
}

/// The first file in a folder that has a test or story with these words in its title.
pub fn titled(folder: &str, words: &str) -> Result<Option<PathBuf>> {
    for file in tests(folder)? {
        let text = fs::read_to_string(&file)?;
        let is_title =
            |line: &str| ["story(", "test("].iter().any(|call| line.trim_start().starts_with(call));
        if text.lines().any(|line| is_title(line) && line.contains(words)) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Runs one file, or of it the tests whose titles have these words.
pub fn run_file(file: &Path, title: Option<&str>, variables: &[(&str, &OsStr)]) -> Result<()> {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]);
    if let Some(words) = title {
        node.arg(format!("--test-name-pattern={}", literal(words)));
    }
    node.arg(file).env("FOLDIN_BIN", page::FOLDIN).envs(variables.iter().copied());
    run::aloud(node, "mend what it names")
}

/// A pattern that means these words and nothing else.
fn literal(words: &str) -> String {
    let escaped = |c: char| [Some('\\').filter(|_| !c.is_alphanumeric() && c != ' '), Some(c)];
    words.chars().flat_map(escaped).flatten().collect()
}

/// Runs all `*.test.mjs` in `folder`, with `variables` in their environment.
pub fn run(folder: &str, variables: &[(&str, &OsStr)]) -> Result<()> {
    let tests = tests(folder)?;
    let tap = format!("target/xtask/{}.tap", folder.replace('/', "-"));
    fs::create_dir_all("target/xtask")?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]);
    node.args(["--test-reporter=tap", &format!("--test-reporter-destination={tap}")]);
    node.args(tests).env("FOLDIN_BIN", page::FOLDIN).envs(variables.iter().copied());
    run::aloud(node, "mend what it names")?;
    let report = fs::read_to_string(&tap).with_context(|| format!("cannot read {tap}"))?;
    check(&report).with_context(|| format!("the tests in {folder} prove nothing"))
}

/// The counts at the end of a TAP report of Node's.
fn check(report: &str) -> Result<()> {
    let count = |name: &str| {
        let line = report.lines().rev().find_map(|line| line.strip_prefix(&format!("# {name} ")));
        line.and_then(|count| count.parse::<u32>().ok())
            .with_context(|| format!("no count of '{name}' in the report"))
    };
    ensure!(count("pass")? > 0, "none passed; see that test files call test()");
    ensure!(count("skipped")? + count("todo")? == 0, "some are skipped or to do; mend or delete them");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(pass: u32, skipped: u32, todo: u32) -> String {
        format!(
            "TAP version 13\nok 1 - x\n# tests 9\n# pass {pass}\n# fail 0\n# skipped {skipped}\n# todo {todo}\n"
        )
    }

    #[test]
    fn nothing_run_and_nothing_skipped_are_told_apart() {
        assert!(check(&report(3, 0, 0)).is_ok());
        assert!(check(&report(0, 0, 0)).unwrap_err().to_string().contains("none passed"));
        assert!(check(&report(3, 1, 0)).unwrap_err().to_string().contains("skipped"));
        assert!(check(&report(3, 0, 1)).is_err());
        assert!(check("TAP version 13\n").is_err());
    }
}
