//! What a visitor's events are worth from the first one on, and what they cost.

use super::Bench;
use crate::{chromium, dist, movielens, node, run, wasm};
use anyhow::Result;

/// Node runs the rival, and the browser in whose page the package trains.
pub fn run(_: &Bench) -> Result<()> {
    node::check()?;
    let chromium = chromium::find()?;
    wasm::add_target()?;
    node::install()?;
    dist::build(crate::wasm::For::Everybody)?;
    movielens::fetch()?;
    let mut command = run::cargo(["run", "--quiet", "--release", "--example", "bench-visitor", "--"]);
    command.args(["--ratings", movielens::RATINGS, "--rival", "benches/visitor/neighbours.mjs"]);
    command.args(["--trainer", "benches/visitor/training.mjs"]);
    command.args(["--chart", "benches/visitor/clicks.svg"]).env("CHROME_PATH", chromium);
    run::aloud(command, "mend what it names")
}
