//! The demo page with all it needs: package, data, model, and the site that a static host would serve.

use crate::stamp::Stamp;
use crate::step::{step, unless_unchanged};
use crate::{dist, movielens, node, run, wasm};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// The built page.
pub const SITE: &str = "www/dist-demo";
/// The model it recommends with.
pub const MODEL: &str = "www/demo/public/movies.safetensors";
/// The native command that trained it.
pub const FOLDIN: &str = if cfg!(windows) { "target/release/foldin.exe" } else { "target/release/foldin" };

const TRAIN: [&str; 8] =
    ["train", movielens::RATINGS, "--items", movielens::FILMS, "--precision", "int8", "--output", MODEL];

/// Builds whatever changed since the last time, from the compiler's target to the site.
pub fn build() -> Result<()> {
    wasm::add_target()?;
    node::install()?;
    dist::build()?;
    movielens::fetch()?;
    command()?;
    train()?;
    let stamp =
        Stamp::of("page", "", &["www/dist", "www/demo", "www/package-lock.json", "www/vite.config.ts"])?;
    unless_unchanged("page", stamp, &[SITE], |step| node::script(step, "build:demo"))
}

/// The native command; cargo itself knows whether it is up to date.
pub fn command() -> Result<()> {
    step("foldin, the command", |step| {
        let cargo = run::cargo(["build", "--release", "--bin", "foldin"]);
        run::quietly(step, cargo, "mend what it names, or check the network")
    })
}

fn train() -> Result<()> {
    std::fs::create_dir_all(Path::new(MODEL).parent().expect("a file in a folder"))?;
    let stamp = Stamp::of("train", &TRAIN.join(" "), &[FOLDIN, movielens::RATINGS, movielens::FILMS])?;
    unless_unchanged("training", stamp, &[MODEL], |step| {
        let mut foldin = Command::new(FOLDIN);
        foldin.args(TRAIN);
        run::quietly(step, foldin, "delete target/data and start again")
    })
}
