//! How fast a CSV of ten million lines is read, beside Polars from PyPI.

use crate::{python, run};
use anyhow::Result;

/// The measurement, and what it needs from PyPI.
const SOURCE: &str = "benches/read";
const FOLDER: &str = "target/bench/read";

pub fn run() -> Result<()> {
    python::pip()?;
    let mut peers = python::environment(&format!("{FOLDER}/venv"), &format!("{SOURCE}/requirements.txt"))?;
    let build = ["build", "--quiet", "--release", "--package", "foldin-cli", "--example", "bench-read"];
    run::aloud(run::cargo(build), "mend what it names")?;
    peers.arg(format!("{SOURCE}/peers.py")).args(["target/release/examples/bench-read", FOLDER]);
    run::aloud(peers, "see what it printed")
}
