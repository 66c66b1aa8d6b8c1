//! `foldin tune` as its users call it.

use crate::executable;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn foldin(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

/// 30 users in two tastes.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ratings = (0..30).flat_map(|user| {
        let item = move |step| 2 * ((user * 3 + step * 7) % 20) + user % 2;
        (0..6 + user % 7).map(move |step| format!("{user},{},{}", item(step), 1 + (user + step) % 5))
    });
    let lines: Vec<String> = std::iter::once("user,item,rating".to_owned()).chain(ratings).collect();
    std::fs::write(folder.path().join("ratings.csv"), lines.join("\n")).unwrap();
    folder
}

#[test]
fn the_command_that_it_prints_trains_a_model() {
    let folder = folder();
    let kinds: Vec<String> = (0..40).map(|item| format!("{item},{}", ["even", "odd"][item % 2])).collect();
    std::fs::write(folder.path().join("items.csv"), format!("item,tags\n{}", kinds.join("\n"))).unwrap();
    let cases =
        [("ials", "ndcg@10"), ("ials --items items.csv", "ndcg@10"), ("sgd", "rmse"), ("bpr", "ndcg@10")];
    for (algorithm, metric) in cases {
        let tune =
            format!("tune ratings.csv --minutes 0.005 --algorithm {algorithm} --dim 4 --epochs 8 --json");
        let output = foldin(folder.path(), &tune);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["best"]["metric"], &report["best"]["epochs"]), (&metric.into(), &8.into()));
        let searched = report["trials"].as_array().unwrap().iter().any(|trial| {
            let options = trial["options"].as_str().unwrap();
            options.contains("--content-weight") && !options.contains("--content-weight 0 ")
        });
        assert_eq!(searched, algorithm.contains("--items"), "{report}");
        let command = report["command"].as_str().unwrap().strip_prefix("foldin ").unwrap();
        assert_eq!(command.contains("--items items.csv"), algorithm.contains("--items"), "{command}");
        assert!(foldin(folder.path(), command).status.success(), "{command}");
        assert!(folder.path().join("model.safetensors").exists());
    }
}

#[test]
fn without_time_a_winner_is_found_all_the_same() {
    let folder = folder();
    let output = foldin(folder.path(), "tune ratings.csv --minutes 0 --dim 4 --epochs 4");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("foldin train ratings.csv -o model.safetensors --algorithm ials"), "{text}");
}

#[test]
fn no_span_of_time_is_refused() {
    let folder = folder();
    for minutes in ["-1", "NaN", "inf", "soon"] {
        let output = foldin(folder.path(), &format!("tune ratings.csv --minutes={minutes}"));
        assert!(!output.status.success(), "{minutes}");
    }
}
