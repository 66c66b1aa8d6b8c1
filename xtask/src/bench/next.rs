//! How well what comes next is found: `next` beside what is published, then the command's own choice beside its
//! baselines.

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
    folders.iter().try_for_each(|folder| chosen(folder))
}

/// Each user's last event is to be found.
const LAST: [&str; 2] = ["--split", "leave-last-out"];

/// What `foldin evaluate` chooses for a folder's interactions, and how it does.
fn chosen(folder: &Path) -> Result<()> {
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
    let output = evaluate.args(["--k", "10", "--json"]).output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let ndcg = |metrics: &Value| metrics["ndcg@10"]["mean"].as_f64().unwrap_or(f64::NAN);
    println!(
        "| {} | {} | {:.4} | {:.4} | {:.4} | {:.0} |",
        folder.file_name().unwrap_or_default().to_string_lossy(),
        report["algorithm"].as_str().unwrap_or_default(),
        ndcg(&report["metrics"]),
        ndcg(&report["baselines"]["popularity"]),
        ndcg(&report["baselines"]["item-knn"]),
        report["seconds"].as_f64().unwrap_or(f64::NAN)
    );
    Ok(())
}
