//! What a visitor's events are worth from the first one on, and what they cost.

use super::Bench;
use crate::{dist, movielens, node, run, wasm};
use anyhow::Result;

/// Node runs the rival, and the package, which trains.
pub fn run(_: &Bench) -> Result<()> {
    node::check()?;
    wasm::add_target()?;
    node::install()?;
    dist::build()?;
    movielens::fetch()?;
    let mut command = run::cargo(["run", "--quiet", "--release", "--example", "bench-visitor", "--"]);
    command.args(["--ratings", movielens::RATINGS, "--rival", "benches/visitor/neighbours.mjs"]);
    command.args(["--trainer", "benches/visitor/training.mjs"]);
    command.arg("--package").arg(format!("{}/dist/index.js", dist::PACKAGE));
    command.args(["--chart", "benches/visitor/clicks.svg"]);
    run::aloud(command, "mend what it names")
}
