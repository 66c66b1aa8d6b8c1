//! How well what comes next is found: `next` beside what is published, the command's own choice beside its baselines, and
//! what rounding costs.

use super::Bench;
use crate::{movielens, page, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// On MovieLens 100K, and on the folders of `--data FOLDER`, which are not fetched.
pub fn run(bench: &Bench) -> Result<()> {
    movielens::fetch()?;
    let mut folders = vec![PathBuf::from(movielens::FOLDER)];
    let others = bench.data.iter().flat_map(|data| ["beauty", "yoochoose-100k"].map(|name| data.join(name)));
    folders.extend(others.filter(|folder| folder.is_dir()));
    let mut trainer =
        run::cargo(["run", "--quiet", "--release", "-p", "foldin-cli", "--example", "bench-next", "--"]);
    trainer.args(&folders);
    run::aloud(trainer, "mend what it names")?;
    run::aloud(run::cargo(["build", "--quiet", "--release", "--bin", "foldin"]), "mend what it names")?;
    println!(
        "\n| no option | chosen | its NDCG@10 | popularity | item-kNN | seconds |\n|---|---|---|---|---|---|"
    );
    folders.iter().try_for_each(|folder| chosen(folder))?;
    if let Some(ncf) = &bench.ncf {
        negatives(ncf)?;
    }
    println!("\n| NDCG@10 of `next` by precision | f32 | int8 | int4 |\n|---|---|---|---|");
    folders.iter().try_for_each(|folder| by_precision(folder))
}

/// Each user's last event is to be found.
const LAST: [&str; 2] = ["--split", "leave-last-out"];

/// What `foldin evaluate` says of a folder's interactions with further options.
fn evaluate(folder: &Path, options: &[&str]) -> Result<Value> {
    let mut evaluate = Command::new(page::FOLDIN);
    evaluate.arg("evaluate");
    match folder.join("test.tsv.gz") {
        test if test.exists() => evaluate
            .arg(folder.join("train.tsv.gz"))
            .args(["--protocol", "next", "--repeats", "count", "--test"])
            .arg(test),
        _ if folder == Path::new(movielens::FOLDER) => evaluate.arg(movielens::RATINGS).args(LAST),
        _ => evaluate.arg(folder.join("interactions.csv.gz")).args(LAST),
    };
    report(evaluate.args(["--k", "10"]).args(options))
}

fn report(evaluate: &mut Command) -> Result<Value> {
    let output = evaluate.arg("--json").output()?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn mean(metrics: &Value, metric: &str) -> f64 {
    metrics[metric]["mean"].as_f64().unwrap_or(f64::NAN)
}

fn ndcg(metrics: &Value) -> f64 {
    mean(metrics, "ndcg@10")
}

/// What `foldin evaluate` chooses, and how it does.
fn chosen(folder: &Path) -> Result<()> {
    let report = evaluate(folder, &[])?;
    println!(
        "| {} | {} | {:.4} | {:.4} | {:.4} | {:.0} |",
        name(folder),
        report["algorithm"].as_str().unwrap_or_default(),
        ndcg(&report["metrics"]),
        ndcg(&report["baselines"]["popularity"]),
        ndcg(&report["baselines"]["item-knn"]),
        report["seconds"].as_f64().unwrap_or(f64::NAN)
    );
    Ok(())
}

/// MovieLens 1M by the NCF protocol, with no option but the dimension.
fn negatives(folder: &Path) -> Result<()> {
    let file = |name: &str| folder.join(name);
    let mut evaluate = Command::new(page::FOLDIN);
    evaluate.arg("evaluate").arg(file("train.csv.gz")).args([
        "--protocol",
        "ncf",
        "--dim",
        "192",
        "--k",
        "10",
    ]);
    evaluate.arg("--test").arg(file("test.csv")).arg("--negatives").arg(file("negatives.csv.gz"));
    let report = report(evaluate.args(["--baselines", "popularity"]))?;
    println!(
        "\nMovieLens 1M, NCF protocol, `--dim 192`: {}, HR@10 {:.4}, NDCG@10 {:.4}, {:.0} s",
        report["algorithm"].as_str().unwrap_or_default(),
        mean(&report["metrics"], "hr@10"),
        ndcg(&report["metrics"]),
        report["seconds"].as_f64().unwrap_or(f64::NAN)
    );
    Ok(())
}

/// What rounding costs: one training, packed in each precision.
fn by_precision(folder: &Path) -> Result<()> {
    let options = ["--algorithm", "next", "--baselines", "none", "--precision", "f32", "--also", "int8,int4"];
    let report = evaluate(folder, &options)?;
    let exact = ndcg(&report["metrics"]);
    let rounded = ["int8", "int4"].map(|precision| {
        let ndcg = ndcg(&report["baselines"][precision]);
        format!("{ndcg:.4} ({:.1} %)", 100.0 * ndcg / exact)
    });
    println!("| {} | {exact:.4} | {} |", name(folder), rounded.join(" | "));
    Ok(())
}
