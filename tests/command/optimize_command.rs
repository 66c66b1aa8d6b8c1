//! `foldin optimize`: what is written is what was measured, and nothing is lost on the way but what is told.

use crate::executable;
use foldin::model::{CatalogColumns, Factors, TagValues};
use foldin::{Model, Precision, score};
use foldin_cli::model_file;
use foldin_lab::optimize::{axes, project, unpack};
use ndarray::Array2;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

fn foldin(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

#[track_caller]
fn succeeds(folder: &Path, arguments: &str) -> Value {
    let output = foldin(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// 200 users in four tastes, each with 12 of the 60 items of theirs, the last two of them in `valid.csv`; 60 items more
/// that one user each had. A model of dimension 16.
fn trained() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (mut train, mut valid) = (String::from("user,item\n"), String::from("user,item\n"));
    for user in 0..200 {
        for step in 0..12 {
            let item = 4 * ((user * 7 + step * step) % 60) + user % 4;
            let file = if step < 10 { &mut train } else { &mut valid };
            *file += &format!("{user},i{item}\n");
        }
        if user < 60 {
            train += &format!("{user},rare{user}\n");
        }
    }
    fs::write(folder.path().join("train.csv"), train).unwrap();
    fs::write(folder.path().join("valid.csv"), valid).unwrap();
    succeeds(
        folder.path(),
        "train train.csv -o model.safetensors --dim 16 --epochs 6 --precision f32 --json",
    );
    folder
}

const ON: &str = "model.safetensors -o small.safetensors --given train.csv --test valid.csv";

#[test]
fn the_smallest_model_within_the_loss_is_written_as_measured() {
    let folder = trained();
    let report = succeeds(folder.path(), &format!("optimize {ON} --max-loss 2% --pruned pruned.txt --json"));
    let chosen = &report["chosen"];
    let (loss, bytes) = (chosen["loss"].as_f64().unwrap(), chosen["bytes"].as_u64().unwrap());
    assert!(loss <= 0.02 && bytes < report["bytes_before"].as_u64().unwrap() / 2, "{chosen}");
    for trial in report["trials"].as_array().unwrap() {
        assert!(
            trial["loss"].as_f64().unwrap() > 0.02 || trial["bytes"].as_u64().unwrap() >= bytes,
            "{trial}"
        );
    }
    let small = model_file::read(folder.path().join("small.safetensors")).unwrap();
    assert_eq!((small.bytes().len() as u64, small.dim() as u64), (bytes, chosen["dim"].as_u64().unwrap()));
    let evaluate =
        "evaluate train.csv --test valid.csv --model small.safetensors --k 10 --baselines none --json";
    let measured = succeeds(folder.path(), evaluate)["metrics"]["ndcg@10"]["mean"].as_f64().unwrap();
    assert!((measured - chosen["ndcg"].as_f64().unwrap()).abs() < 1e-9, "{measured} {chosen}");

    let pruned: Vec<&str> =
        report["pruned"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let whole = model_file::read(folder.path().join("model.safetensors")).unwrap();
    assert_eq!(whole.items(), small.items() + pruned.len());
    assert!(pruned.iter().all(|id| small.find(id).is_err() && whole.find(id).is_ok()));
    assert_eq!(
        fs::read_to_string(folder.path().join("pruned.txt")).unwrap().lines().collect::<Vec<_>>(),
        pruned
    );
}

#[test]
fn the_best_model_that_fits_is_written_or_the_reason_told() {
    let folder = trained();
    let report = succeeds(folder.path(), &format!("optimize {ON} --target-bytes 6000 --json"));
    let (chosen, trials) = (&report["chosen"], report["trials"].as_array().unwrap());
    assert!(chosen["bytes"].as_u64().unwrap() <= 6000);
    let fits = |trial: &&Value| trial["bytes"].as_u64().unwrap() <= 6000;
    let best = trials.iter().filter(fits).map(|trial| trial["ndcg"].as_f64().unwrap()).fold(0.0, f64::max);
    assert_eq!(chosen["ndcg"].as_f64().unwrap(), best);

    let table = foldin(folder.path(), &format!("optimize {ON} --target-bytes 6000"));
    let table = String::from_utf8(table.stdout).unwrap();
    assert_eq!(table.matches("<- written").count(), 1, "{table}");

    let before = fs::read(folder.path().join("small.safetensors")).unwrap();
    let refused = foldin(folder.path(), &format!("optimize {ON} --target-bytes 10"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the smallest has"));
    assert_eq!(fs::read(folder.path().join("small.safetensors")).unwrap(), before, "the old file stays");
    assert_eq!(foldin(folder.path(), &format!("optimize {ON}")).status.code(), Some(2), "no goal");
    let unmeasured = foldin(folder.path(), "optimize model.safetensors -o x --max-loss 1%");
    assert!(String::from_utf8_lossy(&unmeasured.stderr).contains("--test FILE"));
    let known = "optimize model.safetensors -o x --max-loss 1% --given train.csv --test train.csv";
    assert!(String::from_utf8_lossy(&foldin(folder.path(), known).stderr).contains("nothing to find"));
}

/// Items of everything that a model can hold.
fn full(dim: usize) -> Factors {
    let values =
        Array2::from_shape_fn((30, dim), |(item, d)| ((item * 3 + d * d) as f32).sin() / (1.0 + item as f32));
    let tags =
        TagValues { vocabulary: vec!["a".into(), "b".into()], codes: (0..30).map(|i| vec![i % 2]).collect() };
    Factors {
        counts: Some((0..30).collect()),
        biases: Some((0..30).map(|i| i as f32).collect()),
        catalog: CatalogColumns {
            titles: Some((0..30).map(|i| format!("title {i}")).collect()),
            tags: [("genres".to_owned(), tags)].into(),
            numbers: [("year".to_owned(), (0..30).map(|i| 1990.0 + i as f32).collect())].into(),
            places: Some((0..30).map(|i| [i as f32, -1.0]).collect()),
        },
        metadata: [("data".to_owned(), "x.csv".to_owned())].into(),
        ..Factors::external(values, Some((0..30).map(|i| format!("id{i}")).collect()))
    }
}

#[test]
fn a_model_taken_apart_and_packed_again_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |model: &Model| {
        model_file::write(model, folder.path().join("model")).unwrap();
        fs::read(folder.path().join("model")).unwrap()
    };
    for precision in [Precision::F32, Precision::F16] {
        let model = Model::pack(&full(6), precision).unwrap();
        assert!(bytes(&model) == bytes(&Model::pack(&unpack(&model), precision).unwrap()), "{precision:?}");
    }
    let folder = trained();
    let model = model_file::read(folder.path().join("model.safetensors")).unwrap();
    let again = Model::pack(&unpack(&model), Precision::F32).unwrap();
    assert_eq!(model.bytes().len(), again.bytes().len(), "with what training adds for cold start");
}

/// With all axes nothing is lost: turned factors score alike. With fewer, products change as little as they can.
#[test]
fn projection_turns_and_keeps_what_matters() {
    let model = Model::pack(&full(6), Precision::F32).unwrap();
    let axes = axes(&model);
    let scores = |dim: usize| {
        let mut factors = unpack(&model);
        project(&model, &mut factors, axes.slice(ndarray::s![.., ..dim])).unwrap();
        let turned = Model::pack(&factors, Precision::F32).unwrap();
        let query = turned.factor(turned.find("id3").unwrap());
        let scores = score::scores(&turned, &query).unwrap();
        (0..30).map(|i| scores[turned.find(&format!("id{i}")).unwrap() as usize]).collect::<Vec<f32>>()
    };
    let whole = score::scores(&model, &model.factor(model.find("id3").unwrap())).unwrap();
    let whole: Vec<f32> = (0..30).map(|i| whole[model.find(&format!("id{i}")).unwrap() as usize]).collect();
    let error = |dim: usize| scores(dim).iter().zip(&whole).map(|(a, b)| (a - b).abs()).fold(0f32, f32::max);
    assert!(error(6) < 1e-5, "{}", error(6));
    assert!(error(5) <= error(2) && error(2) < 0.1, "{} {}", error(5), error(2));
}
