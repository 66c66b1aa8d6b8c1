//! `foldin check` lets a good model through and stops a bad one.

use crate::executable;
use foldin::model::Factors;
use foldin::{Model, Precision};
use foldin_cli::model_file;
use ndarray::Array2;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// 40 items in two groups of like factors. `turn` turns all of them, which changes no inner product; `place` says whose
/// factor an item gets.
fn model(path: &Path, turn: f32, place: fn(usize) -> usize) {
    let angle = |item: usize| (item % 2) as f32 * 1.5 + item as f32 * 0.01 + turn;
    let value = |(item, d): (usize, usize)| {
        let length = 1.0 + item as f32 * 0.02;
        if d == 0 { length * angle(place(item)).cos() } else { length * angle(place(item)).sin() }
    };
    let ids = (0..40).map(|item| format!("item{item:02}")).collect();
    let factors = Factors::external(Array2::from_shape_fn((40, 2), value), Some(ids));
    model_file::write(&Model::pack(&factors, Precision::F32).unwrap(), path).unwrap();
}

fn paths() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.safetensors"), folder.path().join("new.safetensors"));
    model(&old, 0.0, |item| item);
    (folder, old, new)
}

fn check(model: &Path, arguments: &[&str]) -> Output {
    executable().arg("check").arg(model).args(arguments).output().unwrap()
}

fn assert_fails(output: &Output, words: &[&str]) {
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    words.iter().for_each(|word| assert!(said.contains(word), "{word:?} in {said}"));
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// Replaces the last place where `from` stands.
fn patch(path: &Path, from: &[u8], to: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    fs::write(path, bytes).unwrap();
}

#[test]
fn the_same_model_turned_around_holds() {
    let (_folder, old, new) = paths();
    model(&new, 0.7, |item| item);
    let output = check(&new, &["--against", old.to_str().unwrap(), "--json"]);
    assert!(output.status.success(), "{output:?}");
    let outcomes: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcomes.as_array().unwrap().len(), 6);
    assert!(outcomes.as_array().unwrap().iter().all(|outcome| outcome["holds"] == true));
    assert!(outcomes[4]["found"].as_str().unwrap().starts_with("1.000 of the first 10"), "{outcomes}");
}

#[test]
fn a_model_with_shuffled_factors_fails_against_the_old_one() {
    let (_folder, old, new) = paths();
    model(&new, 0.0, |item| item / 2 + item % 2 * 20);
    let output = check(&new, &["--against", old.to_str().unwrap(), "--min-overlap", "0.9"]);
    assert_fails(&output, &["1 of 6 checks failed", "rank stability", "keep the deployed model"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("FAILS  rank stability"));
}

#[test]
fn doubled_ids_and_a_foreign_gram_matrix_fail() {
    let (_folder, old, _) = paths();
    patch(&old, b"item39", b"item38");
    assert_fails(&check(&old, &[]), &["unique ids"]);
    let (_folder, old, _) = paths();
    let gram = model_file::read(&old).unwrap().gram()[0];
    patch(&old, &gram.to_le_bytes(), &(2.0 * gram).to_le_bytes());
    assert_fails(&check(&old, &[]), &["Gram matrix"]);
}

#[test]
fn one_wrong_entry_of_the_gram_matrix_fails() {
    let (_folder, path, _) = paths();
    let gram = model_file::read(&path).unwrap().gram().to_vec();
    // The trace stays as it is.
    let bytes: Vec<u8> = gram.iter().flat_map(|entry| entry.to_le_bytes()).collect();
    let wrong: Vec<u8> =
        [gram[0], 0.9 * gram[1], gram[2], gram[3]].iter().flat_map(|e| e.to_le_bytes()).collect();
    patch(&path, &bytes, &wrong);
    assert_fails(&check(&path, &[]), &["Gram matrix"]);
    let output = String::from_utf8(check(&path, &[]).stdout).unwrap();
    assert!(output.contains("at [0, 1]"), "{output}");
}

#[test]
fn a_model_that_answers_no_visitor_fails() {
    let (_folder, path, _) = paths();
    let mut recommender = foldin::Recommender::new(model_file::read(&path).unwrap());
    let outcomes = foldin_cli::model_check::outcomes(&mut recommender);
    let answers = outcomes.iter().find(|outcome| outcome.name == "answers").unwrap();
    assert!(answers.holds && answers.found.contains("all answered"), "{answers:?}");
    // Fold-in divides by next to nothing where no weight and no regularisation is left and rows are tiny and huge.
    let values = ndarray::arr2(&[[1e9, 0.0], [1e-22, 1e-22], [1e-22, -1e-22]]);
    let recipe = foldin::model::Recipe { unobserved_weight: 0.0, regularization: 0.0, ..Default::default() };
    let factors = Factors { recipe, ..Factors::external(values, None) };
    model_file::write(&Model::pack(&factors, Precision::F32).unwrap(), &path).unwrap();
    let output = check(&path, &[]);
    assert_fails(&output, &["answers"]);
}

#[test]
fn numbers_that_are_not_finite_never_pass() {
    let (_folder, old, _) = paths();
    let gram = model_file::read(&old).unwrap().gram()[0];
    patch(&old, &gram.to_le_bytes(), &f32::NAN.to_le_bytes());
    assert_fails(&check(&old, &[]), &["finite numbers", "NaN"]);
}

#[test]
fn the_gate_on_ndcg_opens_and_closes() {
    let (folder, old, _) = paths();
    let write = |hidden: &str| {
        let path = folder.path().join(format!("{hidden}.csv"));
        let rows: String =
            (0..30).map(|user| format!("{user},item00,1\n{user},item02,2\n{user},{hidden},3\n")).collect();
        fs::write(&path, format!("user,item,time\n{rows}")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    // Of the likes' own group, and of the other one.
    let (easy, hard) = (write("item38"), write("item01"));
    let open = check(&old, &["--test", &easy, "--min-ndcg", "0.9"]);
    assert!(open.status.success(), "{open:?}");
    assert_fails(&check(&old, &["--test", &hard, "--min-ndcg", "0.9"]), &["ndcg@10"]);
    assert_eq!(check(&old, &["--min-ndcg", "0.5"]).status.code(), Some(2), "nothing to measure it on");
}
