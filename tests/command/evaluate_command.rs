//! `foldin evaluate` as its users call it.

use crate::executable;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

/// 30 users in two tastes; each had 6 to 12 of the 20 items of theirs. Times rise with the line.
fn write_ratings(path: &Path) {
    let mut lines = vec!["userId,movieId,rating,timestamp".to_owned()];
    for user in 0..30 {
        for step in 0..6 + user % 7 {
            let item = 2 * ((user * 3 + step * 7) % 20) + user % 2;
            lines.push(format!("{user},{item},{},{}", 1 + (user + item) % 5, lines.len()));
        }
    }
    std::fs::write(path, lines.join("\n")).unwrap();
}

fn foldin(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

#[track_caller]
fn report(folder: &Path, arguments: &str) -> Value {
    let output = foldin(folder, &format!("evaluate ratings.csv --dim 4 --epochs 4 --json {arguments}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn error(folder: &Path, arguments: &str) -> String {
    let output = foldin(folder, &format!("evaluate {arguments}"));
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_ratings(&folder.path().join("ratings.csv"));
    folder
}

#[test]
fn the_document_has_means_with_intervals_and_baselines_beside() {
    let folder = folder();
    let report = report(folder.path(), "--k 5,10");
    assert_eq!((&report["protocol"], &report["users"]), (&"full".into(), &30.into()));
    assert_eq!(report["note"], "last interaction by time hidden");
    assert!(report["seconds"].as_f64().unwrap() > 0.0);
    let baselines = report["baselines"].as_object().unwrap();
    assert_eq!(baselines.keys().collect::<Vec<_>>(), ["ease", "item-knn", "popularity"]);
    for metrics in baselines.values().chain([&report["metrics"]]) {
        for name in ["ndcg@5", "ndcg@10", "hr@10", "auc"] {
            let of = |figure: &str| metrics[name][figure].as_f64().unwrap();
            assert!(of("low") <= of("mean") && of("mean") <= of("high"), "{name}: {}", metrics[name]);
        }
        // A figure of the whole catalogue has no interval over users.
        assert!(metrics["coverage@10"]["mean"].is_f64() && metrics["coverage@10"]["low"].is_null());
        assert!(metrics.get("rmse").is_none());
    }
    // Two tastes: who learned them beats what is popular with everybody.
    let ndcg = |metrics: &Value| metrics["ndcg@10"]["mean"].as_f64().unwrap();
    assert!(ndcg(&report["metrics"]) > ndcg(&baselines["popularity"]));
}

#[test]
fn other_precisions_of_one_training_stand_beside_it() {
    let folder = folder();
    let both = "--algorithm ials --baselines popularity --precision f32 --also int4";
    let beside = report(folder.path(), both);
    let baselines = beside["baselines"].as_object().unwrap();
    assert_eq!(baselines.keys().collect::<Vec<_>>(), ["int4", "popularity"]);
    for (precision, found) in [("f32", &beside["metrics"]), ("int4", &baselines["int4"])] {
        let alone =
            report(folder.path(), &format!("--algorithm ials --baselines none --precision {precision}"));
        assert_eq!(alone["metrics"], *found, "{precision}");
    }
    let refused = error(folder.path(), "ratings.csv --also int3");
    assert!(refused.contains("f32, f16, int8 or int4"), "{refused}");
}

#[test]
fn every_split_is_repeatable() {
    let folder = folder();
    for (split, users) in [("random", 30), ("stratified", 30), ("k-fold", 30), ("strong", 8)] {
        let run = || report(folder.path(), &format!("--split {split} --baselines none"));
        let (first, second) = (run(), run());
        assert_eq!(first["metrics"], second["metrics"], "{split}");
        assert!(first["users"].as_u64().unwrap() <= users, "{split}: {}", first["users"]);
    }
}

#[test]
fn ratings_are_predicted_by_sgd() {
    let folder = folder();
    let report = report(folder.path(), "--algorithm sgd --split k-fold --baselines none");
    let rmse = report["metrics"]["rmse"]["mean"].as_f64().unwrap();
    let mae = report["metrics"]["mae"]["mean"].as_f64().unwrap();
    assert!(0.0 < mae && mae <= rmse && rmse < 4.0, "{mae} {rmse}");
}

#[test]
fn a_model_is_measured_as_it_is() {
    let folder = folder();
    let train = foldin(folder.path(), "train ratings.csv -o model.safetensors --dim 4 --precision int4");
    assert!(train.status.success(), "{}", String::from_utf8_lossy(&train.stderr));
    let output = foldin(folder.path(), "evaluate ratings.csv --model model.safetensors --json");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["precision"], &report["users"]), (&"int4".into(), &30.into()));
}

#[test]
fn given_files_are_judged_and_strangers_count() {
    let folder = folder();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("test.csv", "user,item\n0,39\n1,new\nstranger,0\n");
    let full = report(folder.path(), "--test test.csv --baselines popularity");
    assert_eq!(full["users"], 3);

    write("negatives.csv", "user,negatives\n0,1 3 5\n1,0 2\nstranger,1 3 5 7\n");
    let ncf = report(folder.path(), "--test test.csv --protocol ncf --negatives negatives.csv --k 10");
    assert_eq!((&ncf["protocol"], &ncf["users"]), (&"ncf".into(), &3.into()));
    // Fewer than 10 negatives: everything is in the first ten.
    assert_eq!(ncf["metrics"]["hr@10"]["mean"], 1.0);
    let table = foldin(
        folder.path(),
        "evaluate ratings.csv --dim 4 --test test.csv --protocol ncf --negatives negatives.csv",
    );
    assert!(String::from_utf8_lossy(&table.stdout).contains("compare with papers"));
}

#[test]
fn errors_name_the_remedy() {
    let folder = folder();
    let cases = [
        ("nowhere.csv", "nowhere.csv: "),
        ("ratings.csv --k 0", "--k"),
        ("ratings.csv --protocol ncf", "--negatives"),
        (
            "ratings.csv --split random --test-share 1",
            "test-share: expected a share between 0 and 1, found 1",
        ),
        ("ratings.csv --split k-fold --folds 1", "folds: expected 2 or more"),
        ("ratings.csv --min-value 9", "no interactions; "),
        ("ratings.csv --split random --test ratings.csv", "--split"),
        ("ratings.csv --model ratings.csv", "error: "),
    ];
    for (arguments, expected) in cases {
        let error = error(folder.path(), arguments);
        assert!(error.contains(expected), "{arguments:?} gave {error:?}");
    }
}
