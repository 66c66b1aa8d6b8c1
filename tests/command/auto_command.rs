//! `--algorithm auto`, which nobody needs to write.

use crate::executable;
use foldin_cli::model_file;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[track_caller]
fn stdout(folder: &Path, line: &str) -> String {
    let output = executable().current_dir(folder).args(words(line)).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The words of a line; a file's name may be in quotes.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

#[track_caller]
fn json(folder: &Path, line: &str) -> Value {
    serde_json::from_str(&stdout(folder, &format!("{line} --json"))).unwrap()
}

/// 200 users who go seven further in a circle of 60 items, one time in ten anywhere.
fn folder(header: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!("{header}\n");
    let mut state = 7u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    for user in 0..200 {
        let mut item = random(60);
        for step in 0..10 {
            item = if random(10) > 0 { (item + 7) % 60 } else { random(60) };
            let time = 1_600_000_000 + step;
            let line = if header.contains("time") {
                format!("{user},{item},{time}")
            } else {
                format!("{user},{item}")
            };
            writeln!(text, "{line}").unwrap();
        }
    }
    fs::write(folder.path().join("the events.csv"), text).unwrap();
    folder
}

const SMALL: &str = "--dim 16 --epochs 8 --batch 64 --learning-rate 0.01";

#[test]
fn the_winner_is_trained_on_everything_and_its_command_repeats_it() {
    for (header, winner) in [("user,item,time", "next"), ("user,item", "ials")] {
        let folder = folder(header);
        let model = folder.path().join("m.safetensors");
        let tensors = || model_file::read(&model).unwrap().bytes().to_vec();
        let train = format!("train 'the events.csv' -o m.safetensors --precision f16 {SMALL}");
        let report = json(folder.path(), &train);
        assert_eq!((&report["algorithm"], &report["dim"]), (&winner.into(), &16.into()));
        let comparison = &report["comparison"];
        assert!(
            comparison["chosen"].as_str().unwrap().starts_with(&format!("--algorithm {winner} --dim 16"))
        );
        let names: Vec<&str> = (comparison["candidates"].as_array().unwrap().iter())
            .map(|candidate| candidate["name"].as_str().unwrap())
            .collect();
        assert!(["ials", "next", "popularity", "item-knn"].iter().all(|name| names.contains(name)));
        let first = tensors();
        fs::remove_file(&model).unwrap();
        let command = report["command"].as_str().unwrap().strip_prefix("foldin ").unwrap();
        assert!(!command.contains("auto") && command.contains("--precision f16"), "{command}");
        let again: Value = serde_json::from_str(&stdout(folder.path(), command)).unwrap();
        assert!(again.get("comparison").is_none(), "{again}");
        assert_eq!(tensors(), first, "{command}");
        let said = stdout(folder.path(), &train);
        assert!(said.contains("ndcg@10") && said.contains(&format!("{winner} wins")), "{said}");
        assert!(said.contains("to repeat        foldin train 'the events.csv'"), "{said}");
        assert_eq!(said.contains("not tried: no times"), winner == "ials", "{said}");
    }
}

#[test]
fn without_an_order_next_gives_way_to_ials_and_says_so() {
    let folder = folder("user,item");
    let train = format!("train 'the events.csv' -o m.safetensors --algorithm next {SMALL}");
    let run = |line: &str| executable().current_dir(&folder).args(words(line)).output().unwrap();
    let output = run(&train);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && said.contains("ials is trained instead") && said.contains("--in-order"),
        "{said}"
    );
    assert_eq!(
        model_file::read(folder.path().join("m.safetensors")).unwrap().recipe().algorithm.name(),
        "ials"
    );
    let output = run(&format!("{train} --in-order"));
    assert!(!String::from_utf8(output.stderr).unwrap().contains("instead"));
    assert_eq!(
        model_file::read(folder.path().join("m.safetensors")).unwrap().recipe().algorithm.name(),
        "next"
    );
}

#[test]
fn what_is_given_holds_for_all_candidates() {
    let folder = folder("user,item,time");
    let options = |arguments: &str| {
        let report =
            json(folder.path(), &format!("train 'the events.csv' -o m --dim 4 --epochs 2 {arguments}"));
        let candidates = report["comparison"]["candidates"].as_array().unwrap().clone();
        (report, candidates)
    };
    let (_, candidates) = options("--seed 9 --regularization 0.125");
    let given: Vec<&str> = candidates.iter().filter_map(|candidate| candidate["options"].as_str()).collect();
    assert!(given.len() > 2, "{given:?}");
    for line in given {
        assert!(
            line.contains("--dim 4 ") && line.contains("--seed 9") && line.contains("--regularization 0.125")
        );
    }
    let (report, candidates) = options("--unobserved-weight 0.1");
    assert_eq!(report["algorithm"], "ials");
    let next = candidates.iter().find(|candidate| candidate["name"] == "next").unwrap();
    assert_eq!(next["problem"], "not tried: --unobserved-weight is for ials");
}

#[test]
fn a_named_algorithm_is_not_compared() {
    let folder = folder("user,item,time");
    for algorithm in ["ials", "sgd", "next"] {
        let line = format!("train 'the events.csv' -o m --dim 4 --epochs 2 --algorithm {algorithm}");
        let report = json(folder.path(), &line);
        assert_eq!(report["algorithm"], algorithm);
        assert!(report.get("comparison").is_none() && report.get("command").is_none(), "{report}");
    }
}

#[test]
fn poor_data_train_with_a_reason() {
    for lines in ["1,1,5", "1,1,5\n1,2,6\n1,3,7", "1,1,5\n2,1,5\n3,1,5", "a,x,5\na,x,6\na,x,7"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("r.csv"), format!("user,item,time\n{lines}")).unwrap();
        let said = stdout(folder.path(), "train r.csv -o m --dim 4");
        assert!(said.contains("fewer than 20 users"), "{said}");
        let report = json(folder.path(), "train r.csv -o m --dim 4");
        assert_eq!((&report["algorithm"], &report["comparison"]["users"]), (&"ials".into(), &0.into()));
    }
}

#[test]
fn evaluation_compares_without_what_it_hides() {
    let folder = folder("user,item,time");
    let line = format!("evaluate 'the events.csv' --baselines popularity {SMALL}");
    let report = json(folder.path(), &line);
    assert_eq!(report["algorithm"], "next of dimension 16");
    let comparisons = report["comparisons"].as_array().unwrap();
    // Users hide one interaction from the evaluation and one from the comparison.
    let learned = comparisons[0]["interactions"].as_u64().unwrap();
    assert!(comparisons.len() == 1 && learned < 200 * 10 - 2 * 190, "{learned}");
    let command = report["command"].as_str().unwrap().strip_prefix("foldin ").unwrap();
    let again: Value = serde_json::from_str(&stdout(folder.path(), command)).unwrap();
    assert_eq!(again["metrics"], report["metrics"]);
}

#[test]
fn what_an_evaluation_hides_decides_what_is_compared() {
    let folder = folder("user,item,time");
    let report = json(
        folder.path(),
        &format!("evaluate 'the events.csv' --split strong --baselines popularity {SMALL}"),
    );
    assert_eq!(report["algorithm"], "ials of dimension 16");
    assert_eq!(report["comparisons"][0]["held_out"], "a random interaction of each user");
}
