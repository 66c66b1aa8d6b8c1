//! `foldin train` as its users call it: the inputs that nothing can be learned from first.

use crate::executable;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace());
    command
}

fn train(folder: &Path, arguments: &str) -> Output {
    command(folder, &format!("train ratings.csv -o model.safetensors {arguments}")).output().unwrap()
}

#[track_caller]
fn error(folder: &Path, arguments: &str) -> String {
    let output = train(folder, arguments);
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("error: ") && text.trim_end().lines().count() == 1, "{text}");
    text
}

#[track_caller]
fn report(folder: &Path, arguments: &str) -> Value {
    let output = train(folder, &format!("{arguments} --json"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `users` in two tastes with `each` ratings.
fn folder(users: usize, each: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ratings = (0..users).flat_map(|user| {
        let item = move |step| 2 * ((user * 3 + step * 7) % 50) + user % 2;
        (0..each).map(move |step| format!("{user},{},{}", item(step), 1 + (user + item(step)) % 5))
    });
    let lines: Vec<String> = std::iter::once("user,item,rating".to_owned()).chain(ratings).collect();
    std::fs::write(folder.path().join("ratings.csv"), lines.join("\n")).unwrap();
    folder
}

const ALGORITHMS: [&str; 3] = ["ials", "sgd", "bpr"];

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_failed_training_names_the_option_and_leaves_the_old_file() {
    let folder = folder(20, 10);
    std::fs::write(folder.path().join("model.safetensors"), "old").unwrap();
    for (arguments, names) in [
        ("--algorithm sgd --learning-rate 1000", "--learning-rate"),
        ("--algorithm bpr --learning-rate 1e30", "--learning-rate"),
        ("--algorithm sgd --learning-rate nan", "learning-rate"),
        ("--dim 0", "dim"),
        ("--epochs 0", "epochs"),
        ("--regularization 0", "`exact` takes 0"),
        ("--content-weight 3", "--items FILE"),
        ("--validation 1", "validation"),
        ("--validation 0.00001", "nothing to find"),
        ("--min-value 6", "no interactions"),
    ] {
        let text = error(folder.path(), arguments);
        assert!(text.contains(names), "{arguments}: {text}");
        assert_eq!(std::fs::read(folder.path().join("model.safetensors")).unwrap(), b"old");
    }
    assert_eq!(files(folder.path()), ["model.safetensors", "ratings.csv"]);
}

#[test]
fn an_interrupted_training_leaves_no_file_or_the_old_one() {
    let folder = folder(400, 50);
    let model = folder.path().join("model.safetensors");
    for old in [None, Some(b"old")] {
        old.inspect(|old| std::fs::write(&model, old).unwrap());
        let mut training =
            command(folder.path(), "train ratings.csv -o model.safetensors --dim 256 --epochs 100000")
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(training.try_wait().unwrap().is_none(), "it is still training");
        training.kill().unwrap();
        training.wait().unwrap();
        assert_eq!(std::fs::read(&model).ok().as_deref(), old.map(|old| &old[..]));
        assert_eq!(files(folder.path()).len(), 1 + usize::from(old.is_some()));
    }
}

/// What has finite factors all the same.
#[test]
fn poor_interactions_train_to_a_model_that_recommends() {
    for lines in ["1,1,3\n1,2,3\n1,3,3", "1,1,3\n2,1,3\n3,1,3\n3,2,3"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ratings.csv"), lines).unwrap();
        for algorithm in ALGORITHMS {
            report(folder.path(), &format!("--algorithm {algorithm} --dim 32"));
            let asked =
                command(folder.path(), "recommend model.safetensors --liked 1 --json").output().unwrap();
            let found: Value = serde_json::from_slice(&asked.stdout).unwrap();
            let scores = found.as_array().unwrap().iter().map(|result| result["score"].as_f64());
            assert!(
                scores.into_iter().all(|score| score.is_some_and(f64::is_finite)),
                "{algorithm}: {found}"
            );
        }
    }
}

#[test]
fn early_stopping_trains_for_the_epochs_that_were_best() {
    let folder = folder(60, 20);
    for (algorithm, metric) in ALGORITHMS.into_iter().zip(["ndcg@10", "rmse", "ndcg@10"]) {
        let report =
            report(folder.path(), &format!("--algorithm {algorithm} --dim 16 --epochs 200 --patience 2"));
        let validation = &report["validation"];
        assert_eq!(validation["metric"], metric);
        let values: Vec<f64> = (validation["history"].as_array().unwrap().iter())
            .map(|epoch| epoch["value"].as_f64().unwrap())
            .collect();
        let best = validation["best"]["epoch"].as_u64().unwrap() as usize;
        assert_eq!(values.len(), best + 2, "{algorithm}: it waits for 2 epochs");
        let better = |a: f64, b: f64| if metric == "rmse" { a < b } else { a > b };
        assert!(values.iter().all(|&value| !better(value, values[best - 1])), "{values:?}");
        assert_eq!(report["history"].as_array().unwrap().len(), best);
        assert_eq!(report["interactions"], 1200, "nothing is hidden from the model in the end");
    }
}

#[test]
fn what_the_catalogue_says_is_learned_from_when_asked() {
    let folder = folder(40, 10);
    let kinds: Vec<String> = (0..100).map(|item| format!("{item},{}", ["low", "high"][item / 50])).collect();
    std::fs::write(folder.path().join("items.csv"), format!("item,tags\n{}", kinds.join("\n"))).unwrap();
    let weight = |arguments: &str| {
        report(folder.path(), arguments);
        let inspected = command(folder.path(), "inspect model.safetensors --json").output().unwrap();
        let inspected: Value = serde_json::from_slice(&inspected.stdout).unwrap();
        inspected["metadata"]["content_weight"].clone()
    };
    assert_eq!(weight("--items items.csv"), "0");
    assert_eq!(weight("--items items.csv --content-weight 2.5 --patience 2"), "2.5");
    let evaluate = "evaluate ratings.csv --baselines none --split random --json";
    let figures = ["", "--items items.csv", "--items items.csv --content-weight 100"].map(|arguments| {
        let output = command(folder.path(), &format!("{evaluate} {arguments}")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["metrics"]["ndcg@100"]["mean"].clone()
    });
    assert_eq!(figures[0], figures[1]);
    assert_ne!(figures[0], figures[2]);
}
