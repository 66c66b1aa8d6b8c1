//! What a visitor feels of the demo page.

use crate::step::aloud;
use crate::{chromium, node, page, run};
use anyhow::Result;
use std::process::Command;

const SOURCE: &str = "benches/page";

pub fn run() -> Result<()> {
    node::check()?;
    let chromium = chromium::find()?;
    page::build(crate::wasm::For::Everybody, page::Words::Without)?;
    node::install_in(SOURCE)?;
    aloud("in the browser", || {
        let mut node = Command::new("node");
        node.args([&format!("{SOURCE}/run.mjs"), page::FOLDIN, "target/bench/page"]);
        node.env("CHROME_PATH", &chromium);
        run::aloud(node, "see what it printed")
    })
}
