//! How fast iALS trains, beside irspack and implicit from PyPI.

use super::Bench;
use crate::{page, python, run};
use anyhow::Result;

/// The measurement, and what it needs from PyPI.
const SOURCE: &str = "benches/train";
const VENV: &str = "target/bench/train/venv";

/// On MovieLens 1M, which is not fetched: `--ncf FOLDER` brings it.
pub fn run(bench: &Bench) -> Result<()> {
    let Some(folder) = &bench.ncf else {
        println!("without --ncf FOLDER: MovieLens 1M, which this measures on, is left out");
        return Ok(());
    };
    python::pip()?;
    let mut peers = python::environment(VENV, &format!("{SOURCE}/requirements.txt"))?;
    run::aloud(run::cargo(["build", "--quiet", "--release", "--bin", "foldin"]), "mend what it names")?;
    peers.arg(format!("{SOURCE}/peers.py")).arg(page::FOLDIN).arg(folder);
    run::aloud(peers, "see what it printed")
}
