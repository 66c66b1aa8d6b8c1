//! The words' tokeniser beside Hugging Face's `tokenizers`: a hundred thousand titles, every character, a megabyte.

use crate::step::step;
use crate::{node_test, python, run};
use anyhow::Result;
use std::path::Path;

/// What `tokenizers` makes of them.
const GOLDEN: &str = "target/tokens.json";
const TITLES: &str = "100000";

/// Compares page and command with it.
pub fn test() -> Result<()> {
    step("what tokenizers makes of titles", |step| {
        let mut golden = python::environment("target/venv-tests-words", "tests/words/requirements.txt")?;
        golden.args(["tests/words/golden.py", GOLDEN, TITLES]);
        run::quietly(step, golden, "see its log")
    })?;
    node_test::run_file(Path::new("tests/node/words.test.mjs"), None, &[("FOLDIN_TOKENS", GOLDEN.as_ref())])?;
    let test = "words_command::words_are_cut_as_the_teacher_cuts_them";
    let words =
        ["test", "--package", "foldin-cli", "--test", "command", "--quiet", test, "--", "--nocapture"];
    let mut cargo = run::cargo(words);
    cargo.env("FOLDIN_TOKENS", GOLDEN);
    run::aloud(cargo, "mend what it names")
}
