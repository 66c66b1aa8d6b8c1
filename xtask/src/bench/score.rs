//! How fast foldin scores: beside its peers in one page of a real browser, and natively.

use super::Bench;
use crate::stamp::Stamp;
use crate::step::{aloud, step, unless_unchanged};
use crate::{chromium, dist, movielens, node, python, run, wasm};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where the measurement lies, and where it puts its data and its peers' packages.
const SOURCE: &str = "benches/score";
const TARGET: &str = "target/bench/score";
/// The peers' packages.
pub const PEERS: &str = "target/bench/score/node_modules";

/// Parts that have a page each: those of so many items are named by their number.
const PAGES: [&str; 5] = ["1000000", "100000", "10000", FILMS, "click"];
const FILMS: &str = "films";
const NATIVE: &str = "native";
const IMPLICIT: &str = "implicit";

/// All parts, in the order in which they are measured.
pub const PARTS: [&str; 7] = [PAGES[0], PAGES[1], PAGES[2], PAGES[3], PAGES[4], NATIVE, IMPLICIT];

pub fn run(bench: &Bench) -> Result<()> {
    node::check()?;
    python::pip()?;
    let chromium = chromium::find()?;
    wasm::add_target()?;
    node::install()?;
    dist::build(crate::wasm::For::Everybody)?;
    write_data()?;
    let wanted = |part: &&str| bench.only.is_empty() || bench.only.iter().any(|only| only == part);
    if wanted(&FILMS) {
        write_films(bench)?;
    }
    install_peers()?;
    let pages: Vec<&str> = PAGES.into_iter().filter(wanted).collect();
    if !pages.is_empty() {
        aloud("in the browser", || {
            let mut node = Command::new("node");
            node.arg(format!("{SOURCE}/run.mjs")).arg(&chromium).arg(pages.join(","));
            run::aloud(node, "see what it printed")
        })?;
    }
    if wanted(&NATIVE) {
        aloud("natively", || run::aloud(run::cargo(["bench", "--bench", "score"]), "see what it printed"))?;
    }
    if wanted(&IMPLICIT) {
        aloud("natively, beside implicit", beside_implicit)?;
    }
    Ok(())
}

fn beside_implicit() -> Result<()> {
    let mut python = python::environment(&format!("{TARGET}/venv"), &format!("{SOURCE}/requirements.txt"))?;
    run::aloud(
        run::cargo(["build", "--quiet", "--release", "--example", "bench-ask"]),
        "mend what it names",
    )?;
    python.arg(format!("{SOURCE}/implicit_peer.py")).args([TARGET, "target/release/examples/bench-ask"]);
    run::aloud(python, "see what it printed")
}

/// The peers' packages.
pub fn install_peers() -> Result<()> {
    let lists = ["package.json", "package-lock.json"].map(|list| format!("{SOURCE}/{list}"));
    fs::create_dir_all(TARGET)?;
    let stamp = Stamp::of("bench-score-peers", "", &lists.each_ref().map(String::as_str))?;
    let installed = format!("{TARGET}/node_modules/.package-lock.json");
    unless_unchanged("peers from npm", stamp, &[&installed], |step| {
        for list in &lists {
            fs::copy(list, Path::new(TARGET).join(Path::new(list).file_name().expect("a file")))?;
        }
        node::clean_install(step, TARGET)
    })
}

/// A million random factors and the models made of them.
pub fn write_data() -> Result<()> {
    fs::create_dir_all(TARGET)?;
    let stamp = Stamp::of("bench-score-data", "", &[&format!("{SOURCE}/model.rs"), "src/model"])?;
    unless_unchanged("a million random factors", stamp, &[&format!("{TARGET}/factors.f32")], |step| {
        let example = ["run", "--release", "--example", "bench-model", "--", TARGET];
        run::quietly(step, run::cargo(example), "mend what it names")
    })
}

/// The factors of real films: those of MovieLens 1M where it is at hand, else of 100K.
fn write_films(bench: &Bench) -> Result<()> {
    movielens::fetch()?;
    let interactions =
        bench.ncf.as_ref().map_or(movielens::RATINGS.into(), |folder| folder.join("train.csv.gz"));
    step("factors of real films", |step| {
        let mut example = run::cargo(["run", "--release", "--example", "bench-model", "--", TARGET]);
        example.arg(interactions);
        run::quietly(step, example, "mend what it names")
    })
}

/// One of the models that [`write_data`] writes.
pub fn model(name: &str, items: usize) -> String {
    format!("{TARGET}/{name}-{items}.safetensors")
}
