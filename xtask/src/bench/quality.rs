//! How good the trained factors are, beside what is published and what baselines reach in the same run.

use super::Bench;
use crate::{movielens, run};
use anyhow::Result;

/// MovieLens 1M is not fetched: `--ncf FOLDER` brings it.
pub fn run(bench: &Bench) -> Result<()> {
    movielens::fetch()?;
    let mut command = run::cargo(["run", "--quiet", "--release", "--example", "bench-quality", "--"]);
    command.args(["--ratings", movielens::RATINGS]);
    if let Some(folder) = &bench.ncf {
        command.arg("--ncf").arg(folder);
    }
    run::aloud(command, "mend what it names")
}
