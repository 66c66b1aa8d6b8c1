//! What is recommended while nobody is known: new items beside LightFM, new visitors, another domain, two towers.

use super::Bench;
use crate::step::{aloud, step};
use crate::{movielens, python, run, teacher};
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

const SOURCE: &str = "benches/cold";
const TARGET: &str = "target/bench/cold";
const EXAMPLE: &str = "target/release/examples/bench-cold";

/// With `--ncf FOLDER` the two towers learn MovieLens 1M as well.
pub fn run(bench: &Bench) -> Result<()> {
    movielens::fetch()?;
    python::pip()?;
    fs::create_dir_all(TARGET)?;
    let packages = || python::environment(&format!("{TARGET}/venv"), &format!("{SOURCE}/requirements.txt"));
    let embeddings = teacher::embeddings()?;
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
