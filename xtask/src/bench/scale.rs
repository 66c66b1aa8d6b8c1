//! How training grows with the interactions, and what a page pays for a larger catalogue.

use crate::step::aloud;
use crate::{chromium, dist, node, run, wasm};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = "target/release/examples/bench-scale";
const TARGET: &str = "target/bench/scale";

const INTERACTIONS: [&str; 4] = ["100000", "1000000", "10000000", "50000000"];
const ITEMS: [&str; 4] = ["10000", "100000", "1000000", "10000000"];

pub fn run() -> Result<()> {
    node::check()?;
    let chromium = chromium::find()?;
    wasm::add_target()?;
    node::install()?;
    dist::build(crate::wasm::For::Everybody)?;
    let build = run::cargo(["build", "--quiet", "--release", "--example", "bench-scale"]);
    run::aloud(build, "mend what it names")?;
    aloud("training, iALS of dimension 64", training)?;
    aloud("in the browser, int8 of dimension 32", || {
        let models = models()?;
        let mut node = Command::new("node");
        node.arg("benches/scale/browser.mjs").args(models).env("CHROME_PATH", &chromium);
        run::aloud(node, "see what it printed")
    })
}

fn training() -> Result<()> {
    println!("{:>12}{:>9}{:>9}{:>10}{:>10}{:>9}", "interactions", "users", "items", "s/epoch", "16, s", "GB");
    for interactions in INTERACTIONS {
        let mut program = Command::new(PROGRAM);
        program.args(["train", interactions]);
        run::aloud(program, "free memory, or measure fewer")?;
    }
    Ok(())
}

fn models() -> Result<Vec<String>> {
    fs::create_dir_all(TARGET)?;
    let model = |items: &str| {
        let file = format!("{TARGET}/{items}.safetensors");
        if !Path::new(&file).exists() {
            let mut program = Command::new(PROGRAM);
            program.args(["model", items, &file]);
            run::aloud(program, "free memory or disk")?;
        }
        Ok(file)
    };
    ITEMS.iter().map(|items| model(items)).collect()
}
