//! What a table of words is worth beside its teacher: new films, first visitors, search by meaning, and its bytes.

use crate::stamp::Stamp;
use crate::step::{step, unless_unchanged};
use crate::{movielens, run, teacher};
use anyhow::Result;
use std::fs;
use std::process::Command;

const TARGET: &str = "target/bench/words";
const EXAMPLE: &str = "target/release/examples/bench-words";

pub fn run() -> Result<()> {
    movielens::fetch()?;
    fs::create_dir_all(TARGET)?;
    let (embeddings, tokens) = (teacher::embeddings()?, teacher::tokens()?);
    let (queries, table) = (format!("{TARGET}/queries"), format!("{TARGET}/words.safetensors"));
    let script = "benches/words/queries.py";
    let stamp = Stamp::of("bench-queries", "", &[script, teacher::SCRIPT])?;
    unless_unchanged("queries", stamp, &[&format!("{queries}-held-out.npy")], |step| {
        let mut python = teacher::python()?;
        python.args([script, movielens::FILMS, teacher::FOLDER, &queries]);
        run::quietly(step, python, "see its log")
    })?;
    step("bench-words", |step| {
        let build = ["build", "--release", "--bin", "foldin", "--example", "bench-words"];
        run::quietly(step, run::cargo(build), "mend what it names")
    })?;
    let mut distil = Command::new("target/release/foldin");
    distil.args(["words", &tokens, "--catalogue", movielens::FILMS, "-o", &table]);
    run::aloud(distil, "see what it printed")?;
    let mut measure = Command::new(EXAMPLE);
    measure.args(["--data", movielens::FOLDER, "--embeddings", &embeddings]);
    measure.args(["--words", &table, "--queries", &queries]);
    run::aloud(measure, "see what it printed")
}
