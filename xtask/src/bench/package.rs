//! What a page feels of the npm package with a million items.

use super::score;
use crate::step::aloud;
use crate::{chromium, dist, node, run, wasm};
use anyhow::Result;
use std::process::Command;

pub fn run() -> Result<()> {
    node::check()?;
    let chromium = chromium::find()?;
    wasm::add_target()?;
    node::install()?;
    dist::build(crate::wasm::For::Everybody)?;
    score::write_data()?;
    aloud("in the browser", || {
        let mut node = Command::new("node");
        node.args(["benches/package/run.mjs", &score::model("int8", 1_000_000)]).env("CHROME_PATH", chromium);
        run::aloud(node, "see what it printed")
    })
}
