//! How soon a visitor on a slow network has a shelf, from a model's head, from its single file and with a peer.

use super::score;
use crate::step::{aloud, step};
use crate::{chromium, dist, node, run, wasm};
use anyhow::Result;
use std::process::Command;

const TARGET: &str = "target/bench/arrive";

pub fn run() -> Result<()> {
    node::check()?;
    let chromium = chromium::find()?;
    wasm::add_target()?;
    node::install()?;
    dist::build(wasm::For::Everybody)?;
    score::install_peers()?;
    step("the command", |step| {
        run::quietly(step, run::cargo(["build", "--release", "--bin", "foldin"]), "mend what it names")
    })?;
    aloud("in the browser", || {
        let mut node = Command::new("node");
        node.args([
            "benches/arrive/run.mjs",
            "target/release/foldin",
            "target/npm/foldin",
            score::PEERS,
            TARGET,
        ]);
        node.env("CHROME_PATH", chromium);
        run::aloud(node, "see what it printed")
    })
}
