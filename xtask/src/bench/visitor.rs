//! What a visitor's events are worth from the first one on, and what they cost.

use super::Bench;
use crate::{movielens, node, run};
use anyhow::Result;

/// Node runs the rival.
pub fn run(_: &Bench) -> Result<()> {
    node::check()?;
    movielens::fetch()?;
    let mut command = run::cargo(["run", "--quiet", "--release", "--example", "bench-visitor", "--"]);
    command.args(["--ratings", movielens::RATINGS, "--rival", "benches/visitor/neighbours.mjs"]);
    command.args(["--chart", "benches/visitor/clicks.svg"]);
    run::aloud(command, "mend what it names")
}
