//! The demo page with all it needs: package, data, model, and the site that a static host would serve.

use crate::sizes::{Size, table};
use crate::stamp::{Stamp, files};
use crate::step::{Step, step, unless_unchanged};
use crate::wasm::{self, For};
use crate::{dist, movielens, node, run, teacher};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The built page.
pub const SITE: &str = "www/dist-demo";
/// What is served as it is.
const PUBLIC: &str = "www/demo/public";
/// The model it recommends with, in int8.
pub const MODEL: &str = "www/demo/public/movies.safetensors";
/// The same model in other precisions, and how good each is: for the page to change over to.
const PRECISIONS: [(&str, &str); 3] =
    [("f32", "movies.f32.safetensors"), ("int8", "movies.safetensors"), ("int4", "movies.int4.safetensors")];
/// What its words mean, where that was asked for.
const TABLE: &str = "www/demo/public/words.safetensors";
const PRECISION_LIST: &str = "www/demo/public/precisions.json";
/// What all scripts of the page may weigh, gzipped. foldin's own are bundled with them, and count; those that its worker and
/// the page's thread both may ask for lie there twice, though a visitor fetches one of the two.
const BUDGET: usize = 194 * 1024;
/// The native command that trained it.
pub const FOLDIN: &str = if cfg!(windows) { "target/release/foldin.exe" } else { "target/release/foldin" };

/// Whether the page knows what words mean. Their table takes a teacher of 80 MB from PyPI and up to an hour, once.
#[derive(Clone, Copy)]
pub enum Words {
    With,
    Without,
}

/// Builds whatever changed since the last time, from the compiler's target to the site.
pub fn build(audience: For, words: Words) -> Result<()> {
    wasm::add_target()?;
    node::install()?;
    // The command takes as long as the package, and neither needs the other.
    std::thread::scope(|scope| {
        let model = scope.spawn(move || model(words));
        dist::build(audience)?;
        model.join().expect("training does not panic")
    })?;
    let stamp =
        Stamp::of("page", "", &["www/dist", "www/demo", "www/package-lock.json", "www/vite.config.ts"])?;
    unless_unchanged("page", stamp, &[SITE], |step| node::script(step, "build:demo"))
}

/// The model, from the data to the file.
pub fn model(words: Words) -> Result<()> {
    movielens::fetch()?;
    command()?;
    fs::create_dir_all(PUBLIC)?;
    train(distilled(words)?)
}

/// The table of words, distilled from its teacher; None where none is wanted, and one that was made for another page goes.
fn distilled(words: Words) -> Result<Option<&'static str>> {
    if let Words::Without = words {
        if Path::new(TABLE).exists() {
            fs::remove_file(TABLE)?;
        }
        return Ok(None);
    }
    let tokens = teacher::tokens()?;
    let stamp = Stamp::of("words", "", &[FOLDIN, &tokens, movielens::FILMS])?;
    unless_unchanged("table of words", stamp, &[TABLE], |step| {
        let mut distil = Command::new(FOLDIN);
        distil.args(["words", &tokens, "--catalogue", movielens::FILMS, "--output", TABLE]);
        run::quietly(step, distil, "see what it printed")
    })?;
    Ok(Some(TABLE))
}

/// Prints what each script of the page weighs, and fails when they are over the budget.
pub fn check_size() -> Result<()> {
    let scripts = scripts(Path::new(SITE))?;
    let sum = scripts.iter().map(|(_, size)| *size).sum::<Size>();
    print!("{}", table(&scripts, &sum));
    println!("the page's scripts weigh {} bytes gzipped of the {BUDGET} allowed", sum.gzip);
    ensure!(sum.gzip <= BUDGET, "the page's scripts outgrew {BUDGET} bytes; take out what it can do without");
    Ok(())
}

/// The scripts in a folder and what each weighs; there are some, or nothing is proved.
fn scripts(folder: &Path) -> Result<Vec<(String, Size)>> {
    let is_script = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "js");
    let scripts: Vec<PathBuf> = files(folder)?.into_iter().filter(is_script).collect();
    ensure!(!scripts.is_empty(), "no scripts in {}; run cargo xtask demo", folder.display());
    scripts
        .iter()
        .map(|file| Ok((file.strip_prefix(folder)?.display().to_string(), Size::of(&fs::read(file)?)?)))
        .collect()
}

/// The native command; cargo itself knows whether it is up to date.
pub fn command() -> Result<()> {
    step("foldin, the command", |step| {
        let cargo = run::cargo(["build", "--release", "--bin", "foldin"]);
        run::quietly(step, cargo, "mend what it names, or check the network")
    })
}

/// What `foldin train` chooses for these ratings unless told, with the epochs that its search finds best: so they need not
/// be found four times.
const ALGORITHM: [&str; 6] = ["--algorithm", "next", "--epochs", "10", "--search-patience", "0"];

/// Trains the page's model in each precision and evaluates it on hidden interactions.
fn train(table: Option<&str>) -> Result<()> {
    let inputs: Vec<&str> = [FOLDIN, movielens::RATINGS, movielens::FILMS].into_iter().chain(table).collect();
    let stamp = Stamp::of("train", &ALGORITHM.join(" "), &inputs)?;
    unless_unchanged("training", stamp, &[MODEL, PRECISION_LIST], |step| {
        PRECISIONS.iter().try_for_each(|(precision, file)| train_in(step, precision, file, table))?;
        Ok(fs::write(PRECISION_LIST, serde_json::to_vec(&evaluate()?)?)?)
    })
}

fn train_in(step: &Step, precision: &str, file: &str, table: Option<&str>) -> Result<()> {
    let path = format!("{PUBLIC}/{file}");
    let mut train = Command::new(FOLDIN);
    train.args(["train", movielens::RATINGS, "--items", movielens::FILMS, "--map"]).args(ALGORITHM);
    train.args(["--precision", precision, "--output", &path]);
    train.args(table.into_iter().flat_map(|table| ["--words", table]));
    run::quietly(step, train, "delete target/data and start again")
}

/// A line a precision: how well what came last is found.
fn evaluate() -> Result<Vec<Value>> {
    let (first, _) = PRECISIONS[0];
    let others: Vec<&str> = PRECISIONS[1..].iter().map(|(precision, _)| *precision).collect();
    let mut evaluate = Command::new(FOLDIN);
    evaluate.args(["evaluate", movielens::RATINGS, "--k", "10", "--baselines", "none", "--json"]);
    evaluate.args(ALGORITHM).args(["--precision", first, "--also", &others.join(",")]);
    let printed = run::output(&mut evaluate).unwrap_or_default();
    let report: Value = serde_json::from_str(&printed).context("foldin evaluate printed no JSON")?;
    let line = |(precision, file): (&str, &str)| {
        let beside = &report["baselines"][precision];
        let metrics = if precision == first { &report["metrics"] } else { beside };
        let bytes = fs::metadata(format!("{PUBLIC}/{file}"))?.len();
        Ok(json!({ "precision": precision, "file": file, "bytes": bytes, "ndcg": metrics["ndcg@10"] }))
    };
    PRECISIONS.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_alone_are_weighed_and_there_must_be_some() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
        assert!(scripts(folder.path()).unwrap_err().to_string().contains("no scripts"));
        fs::write(folder.path().join("sw.js"), "1").unwrap();
        fs::write(folder.path().join("assets/a.js"), "22").unwrap();
        let raw: Vec<usize> = scripts(folder.path()).unwrap().iter().map(|(_, size)| size.raw).collect();
        assert_eq!(raw, [2, 1]);
    }
}
