//! Histories in their order: `foldin recommend --batch` is the engine's door, and `foldin evaluate --protocol next` follows
//! sessions event by event.

use crate::executable;
use foldin::model::{Algorithm, Factors, ORDER_WEIGHTS, Precision, Recipe, Tensor};
use foldin::recommender::Ask;
use foldin::score::Options;
use foldin::visitor::{Event, EventKind, EventWeights};
use foldin::{Model, Recommender};
use foldin_cli::model_file;
use ndarray::Array2;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Output;

const ITEMS: u32 = 24;

fn foldin(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

#[track_caller]
fn lines(folder: &Path, arguments: &str) -> Vec<Value> {
    let output = foldin(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A model of what comes next, or one of implicit feedback.
fn model(algorithm: Algorithm) -> Model {
    let values = Array2::from_shape_fn((ITEMS as usize, 6), |(i, d)| ((i * 7 + d * 3) as f32 * 0.61).sin());
    let recipe = Recipe { algorithm, ..Recipe::default() };
    let rooms = vec![Tensor::f32s(ORDER_WEIGHTS, &[1.0, 0.5, 0.25, 0.05])];
    Model::pack(&Factors { recipe, rooms, ..Factors::external(values, None) }, Precision::Int8).unwrap()
}

/// (user, item, seconds) in a file's order, which is not that of the times.
fn history() -> Vec<(u32, u32, u32)> {
    (0..150).map(|at| (at % 10, at * 11 % ITEMS, at * 7919 % 1000)).collect()
}

#[test]
fn a_batch_is_answered_as_a_page_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("user,item,timestamp\n");
    history().iter().for_each(|(user, item, time)| writeln!(text, "{user},{item},{time}").unwrap());
    std::fs::write(folder.path().join("history.csv"), text).unwrap();
    for algorithm in [Algorithm::Next, Algorithm::Ials] {
        let model = model(algorithm);
        model_file::write(&model, folder.path().join("m.safetensors")).unwrap();
        let answers = lines(folder.path(), "recommend m.safetensors --batch history.csv --count 8");
        assert_eq!(answers.len(), 10);
        for answer in answers {
            let user: u32 = answer["user"].as_str().unwrap().parse().unwrap();
            let mut own: Vec<_> = history().into_iter().filter(|event| event.0 == user).collect();
            own.sort_by_key(|event| event.2);
            let event = |&(_, item, seconds): &(u32, u32, u32)| Event {
                item: model.find(&item.to_string()).unwrap(),
                kind: EventKind::Like,
                value: None,
                time: 1000.0 * f64::from(seconds),
            };
            let events: Vec<Event> = own.iter().map(event).collect();
            let visitor = Recommender::for_history(&model, &EventWeights::default(), &events).unwrap();
            let shelf =
                visitor.recommend(&Options { count: 8, ..Options::default() }, Ask::default()).unwrap();
            let listed = answer["items"].as_array().unwrap();
            assert_eq!(listed.len(), shelf.results.len());
            for (listed, result) in listed.iter().zip(&shelf.results) {
                assert_eq!(listed["item"], model.id(result.item));
                assert_eq!(listed["score"].as_f64().unwrap() as f32, result.score);
            }
        }
    }
}

#[test]
fn order_counts_with_times_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    model_file::write(&model(Algorithm::Next), folder.path().join("m.safetensors")).unwrap();
    write(
        "timed.csv",
        "user,item,timestamp\na,1,1\na,2,2\na,3,3\nb,1,3\nb,2,2\nb,3,1\nc,3,1\nc,2,2\nc,1,3\n",
    );
    write("plain.csv", "user,item\na,1\na,2\na,3\nb,3\nb,2\nb,1\n");
    let items = |file: &str| {
        let answers = lines(folder.path(), &format!("recommend m.safetensors --batch {file}"));
        answers.into_iter().map(|mut answer| answer["items"].take()).collect::<Vec<_>>()
    };
    let (timed, plain) = (items("timed.csv"), items("plain.csv"));
    assert_ne!(timed[0], timed[1]);
    assert_eq!(timed[1], timed[2]);
    assert_eq!(plain, timed[..2]);
}

/// Sessions of 5 clicks, each on the item after the last one's, an hour apart.
fn sessions(first: u32, count: u32) -> String {
    let mut text = String::from("SessionId\tItemId\tTime\n");
    for session in first..first + count {
        for click in 0..5 {
            let item = (session * 5 + click) % ITEMS;
            writeln!(text, "{session}\t{item}\t{}", session * 3600 + click).unwrap();
        }
    }
    text
}

#[test]
fn sessions_are_followed_click_by_click() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("train.tsv"), sessions(0, 60)).unwrap();
    std::fs::write(folder.path().join("test.tsv"), sessions(100, 12)).unwrap();
    let columns = "--user-column SessionId --item-column ItemId --time-column Time";
    let evaluate = format!("evaluate train.tsv --test test.tsv {columns} --protocol next --dim 4 --json");
    let report = lines(folder.path(), &format!("{evaluate} --repeats")).remove(0);
    assert_eq!((&report["protocol"], &report["users"]), (&"next".into(), &12.into()));
    assert_eq!(report["note"], "48 next events to find, items may come again");
    let baselines = report["baselines"].as_object().unwrap();
    let names: Vec<&String> = baselines.keys().collect();
    assert_eq!(names, ["item-knn", "popularity", "s-knn", "sequential-rules", "v-sknn"]);
    for metrics in baselines.values().chain([&report["metrics"]]) {
        for name in ["hr@10", "mrr@10", "ndcg@10", "hr@20", "mrr@20", "ndcg@20"] {
            let of = |figure: &str| metrics[name][figure].as_f64().unwrap();
            assert!(of("low") <= of("mean") && of("mean") <= of("high"), "{name}: {}", metrics[name]);
        }
        assert!(metrics.get("rmse").is_none());
    }
    // Each item is always followed by the same one.
    assert_eq!(baselines["sequential-rules"]["mrr@10"]["mean"], 1.0);

    // A model that is given is asked as it is.
    model_file::write(&model(Algorithm::Next), folder.path().join("m.safetensors")).unwrap();
    let given = lines(
        folder.path(),
        &format!(
            "evaluate train.tsv --test test.tsv {columns} --protocol next --model m.safetensors --k 5 --baselines none --json"
        ),
    );
    assert!(
        given[0]["metrics"]["hr@5"]["mean"].is_f64() && given[0]["baselines"].as_object().unwrap().is_empty()
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("train.csv"), "user,item\na,1\na,2\nb,1\nb,3\n").unwrap();
    std::fs::write(folder.path().join("single.csv"), "user,item\nx,1\ny,2\n").unwrap();
    std::fs::write(folder.path().join("again.csv"), "user,item\nx,1\nx,1\n").unwrap();
    let cases = [
        ("train.csv --protocol next", "--test"),
        ("train.csv --protocol next --test single.csv --dim 2", "single.csv: no event to find"),
        ("train.csv --protocol next --test again.csv --dim 2", "with --repeats items may come again"),
        ("train.csv --remains 2 --dim 2", "remains: expected a number from 0 to 1"),
        ("train.csv --half-life 0 --dim 2", "halfLife: expected a time above 0"),
    ];
    for (arguments, expected) in cases {
        let output = foldin(folder.path(), &format!("evaluate {arguments}"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(expected), "{arguments:?} gave {error:?}");
    }
    assert!(
        foldin(folder.path(), "evaluate train.csv --protocol next --test again.csv --dim 2 --repeats")
            .status
            .success()
    );
}
