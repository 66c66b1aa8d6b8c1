//! `foldin monitor` on reports as pages send them, good ones and others.

use crate::executable;
use foldin::model::Factors;
use foldin::{Model, Precision};
use foldin_cli::model_file;
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

const START: u64 = 1_700_000_000_000;

/// 200 items in four directions, the first ones longest and most popular.
fn model(folder: &Path) -> PathBuf {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut value = |item: usize, d: usize| {
        let towards = if item % 4 == d { 1.0 } else { 0.0 };
        (towards + random.random_range(-0.3..0.3)) / (1.0 + item as f32 * 0.02)
    };
    let mut factors = Factors::external(Array2::from_shape_fn((200, 4), |(item, d)| value(item, d)), None);
    factors.counts = Some((0..200).map(|item| 1000 / (item + 1)).collect());
    factors.metadata.insert("users".into(), "1000".into());
    let path = folder.join("model.safetensors");
    model_file::write(&Model::pack(&factors, Precision::F32).unwrap(), &path).unwrap();
    path
}

/// A page that ran `version` and showed the ten items that `items` says; a click is as likely as `click` at the first
/// place, and halves with each.
fn report(page: u64, version: &str, click: f64, items: impl Fn(u64) -> u64) -> Value {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(page);
    let acted: Vec<u64> =
        (0..10).map(|place| u64::from(random.random_bool(click / f64::from(1 << place)))).collect();
    let shown: serde_json::Map<String, Value> =
        (0..10).map(|place| (items(page * 10 + place).to_string(), 1.into())).collect();
    let mut buckets = vec![0; 37];
    buckets[6] = 3;
    json!({
        "page": format!("page-{page}"), "sequence": 2, "time": START + page * 1000, "version": version,
        "milliseconds": { "load": { "count": 1, "p50": 90, "p95": 90, "max": 90 },
                          "recommend": { "count": 3, "p50": 4, "p95": 4, "max": 4, "buckets": buckets } },
        "failures": {}, "errors": {}, "positions": { "shown": vec![1; 10], "acted": acted }, "shown": shown
    })
}

fn write(path: &Path, lines: impl IntoIterator<Item = String>) -> String {
    fs::write(path, lines.into_iter().collect::<Vec<_>>().join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn monitor(arguments: &[&str]) -> Output {
    executable().arg("monitor").args(arguments).output().unwrap()
}

#[track_caller]
fn summary(code: i32, arguments: &[&str]) -> Value {
    let output = monitor(&[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn figures_are_those_of_the_reports() {
    let folder = folder();
    let pages = (0..400).map(|page| report(page, "v1", 0.4, |n| n % 20).to_string());
    let events = write(&folder.path().join("events.ndjson"), pages);
    let summary = summary(0, &[&events]);
    assert_eq!((&summary["pages"], &summary["broken"]), (&400.into(), &0.into()));
    assert_eq!(summary["latency"]["recommend"]["calls"], 1200);
    let p95 = summary["latency"]["recommend"]["p95"].as_f64().unwrap();
    assert!((2.8..=4.0).contains(&p95), "{p95}");
    let rates: Vec<f64> = summary["positions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["rate"].as_f64().unwrap())
        .collect();
    assert_eq!(rates.len(), 10);
    assert!(
        (rates[0] - 0.4).abs() < 0.08 && (rates[1] - 0.2).abs() < 0.06 && rates[0] > rates[3],
        "{rates:?}"
    );
    let click = &summary["click_through"];
    assert!(
        click["low"].as_f64() < click["rate"].as_f64() && click["rate"].as_f64() < click["high"].as_f64()
    );
    assert_eq!(summary["items_shown"], 20);
    assert_eq!(summary["alerts"], json!([]));
    assert!(summary["drift"].is_null() && summary["coverage"].is_null(), "no baseline");
}

#[test]
fn broken_lines_duplicates_and_wrong_clocks_are_counted_and_change_nothing() {
    let folder = folder();
    let good: Vec<String> = (0..50).map(|page| report(page, "v1", 0.4, |n| n % 20).to_string()).collect();
    let clean = summary(0, &[&write(&folder.path().join("clean.ndjson"), good.clone())]);
    let mut earlier = report(3, "v1", 0.4, |n| n % 20);
    earlier["sequence"] = 1.into();
    earlier["positions"]["shown"] = json!([1]);
    earlier["positions"]["acted"] = json!([1]);
    let mut ahead = report(50, "v1", 0.0, |n| n % 20);
    ahead["time"] = 99_999_999_999_999u64.into();
    let mut impossible = report(51, "v1", 0.4, |n| n % 20);
    impossible["positions"]["acted"] = json!([9]);
    let mut negative = report(52, "v1", 0.4, |n| n % 20);
    negative["shown"] = json!({ "1": -5 });
    let bad = [
        "{\"page\": ".into(),
        "not json".into(),
        impossible.to_string(),
        negative.to_string(),
        "x".repeat(3 << 20),
    ];
    let mixed =
        [&good[..], &good[..20], &bad[..], &[String::new(), earlier.to_string(), ahead.to_string()]].concat();
    let events = write(&folder.path().join("mixed.ndjson"), mixed);
    let found = summary(0, &[&events]);
    assert_eq!((&found["pages"], &found["broken"]), (&51.into(), &5.into()));
    assert_eq!((&found["duplicates"], &found["skewed"]), (&20.into(), &1.into()));
    assert_eq!(found["broken_lines"][0]["line"], 71);
    assert!(found["broken_lines"][2]["problem"].as_str().unwrap().contains("more acted on than shown"));
    assert_eq!(found["click_through"]["events"], clean["click_through"]["events"]);
    assert_eq!(
        found["versions"][0]["last"], clean["versions"][0]["last"],
        "the clock that is ahead is left out"
    );
    summary(3, &[&events, "--max-broken", "0.01"]);
}

#[test]
fn a_file_without_reports_is_an_error() {
    let folder = folder();
    let events = write(&folder.path().join("none.ndjson"), ["<html>".to_owned()]);
    let output = monitor(&[&events]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("no report among 1 lines (line 1:") && said.contains("JSON.stringify(report)"),
        "{said}"
    );
}

#[test]
fn what_the_baseline_would_show_is_no_drift_and_its_tail_is() {
    let folder = folder();
    let path = model(folder.path());
    let baseline = path.to_str().unwrap();
    // The expected lists, as pages would show them to the visitors that they are for.
    let model = model_file::read(&path).unwrap();
    let expected = foldin_lab::monitor::drift::expected(&model).unwrap();
    let rows: Vec<u64> = (0..model.items() as u32)
        .flat_map(|row| vec![model.id(row).parse().unwrap(); expected[row as usize] as usize])
        .collect();
    let usual = |page| report(page, "v1", 0.3, |n| rows[(n * 7919) as usize % rows.len()]).to_string();
    let usual = write(&folder.path().join("usual.ndjson"), (0..300).map(usual));
    let found = summary(0, &[&usual, "--baseline", baseline]);
    assert!(found["drift"]["popularity"]["psi"].as_f64().unwrap() < 0.1, "{}", found["drift"]);
    assert!(found["coverage"].as_f64().unwrap() > 0.1 && found["novelty"].as_f64().unwrap() > 0.0);

    let tail = |page| report(page, "v1", 0.3, |n| 150 + n % 50).to_string();
    let tail = write(&folder.path().join("tail.ndjson"), (0..300).map(tail));
    let drifted = summary(3, &[&tail, "--baseline", baseline]);
    assert!(drifted["novelty"].as_f64() > found["novelty"].as_f64());
    assert!(drifted["alerts"].to_string().contains("PSI of popularity"), "{}", drifted["alerts"]);
    summary(3, &[&tail, "--baseline", baseline, "--reference", &usual]);
    summary(0, &[&tail, "--baseline", baseline, "--reference", &tail]);

    // One direction of four only.
    let genre = |page| report(page, "v1", 0.3, |n| n % 12 * 4).to_string();
    let genre = write(&folder.path().join("genre.ndjson"), (0..300).map(genre));
    let alerts = summary(3, &[&genre, "--baseline", baseline])["alerts"].to_string();
    assert!(alerts.contains("of factors, axis"), "{alerts}");
}

#[test]
fn versions_are_compared_and_a_worse_one_raises_an_alert() {
    let folder = folder();
    let two = |new_click: f64| {
        let page = move |page: u64| match page % 2 == 1 && page > 300 {
            true => report(page, "v2", new_click, |n| n % 20).to_string(),
            false => report(page, "v1", 0.4, |n| n % 20).to_string(),
        };
        write(&folder.path().join("events.ndjson"), (0..1500).map(page))
    };
    let same = summary(0, &[&two(0.4)]);
    assert_eq!(same["stale"]["current"], "v2");
    let share = same["stale"]["share"].as_f64().unwrap();
    assert!((share - 0.5).abs() < 0.01, "{share}");
    let comparison = &same["comparisons"][0];
    assert_eq!((&comparison["version"], &comparison["against"]), (&"v2".into(), &"v1".into()));
    let worse = summary(3, &[&two(0.1)]);
    assert!(worse["comparisons"][0]["click_through"]["high"].as_f64().unwrap() < 0.0);
    assert!(worse["alerts"].to_string().contains("--rollback"));
    summary(3, &[&two(0.4), "--max-stale", "0.3"]);
}

#[test]
fn failed_loads_and_slow_calls_raise_alerts() {
    let folder = folder();
    let page = |page| {
        let mut page_report = report(page, "v1", 0.4, |n| n % 20);
        if page % 10 == 0 {
            page_report["failures"] = json!({ "load": 1 });
            page_report["errors"] = json!({ "network": 1 });
        }
        page_report.to_string()
    };
    let events = write(&folder.path().join("events.ndjson"), (0..100).map(page));
    let failed = summary(3, &[&events]);
    assert_eq!(failed["failures"]["load"], json!({ "failed": 10, "calls": 100, "share": 0.1 }));
    assert_eq!(failed["errors"], json!({ "network": 10 }));
    summary(0, &[&events, "--max-load-failures", "0.2"]);
    let slow = summary(3, &[&events, "--max-load-failures", "0.2", "--max-recommend-ms", "2"]);
    assert!(slow["alerts"][0]["figure"].as_str().unwrap().contains("recommend"));
    summary(3, &[&events, "--max-load-failures", "0.2", "--min-click-through", "0.9"]);
}

#[test]
fn the_page_and_the_metrics_say_the_same_and_escape_what_is_foreign() {
    let folder = folder();
    let evil = "<script>alert(1)</script>\"";
    let pages = (0..20).map(|page| report(page, evil, 0.4, |n| n % 20).to_string());
    let events = write(&folder.path().join("events.ndjson"), pages);
    let html = folder.path().join("report.html");
    let output = monitor(&[&events, "--html", html.to_str().unwrap(), "--format", "prometheus"]);
    assert!(output.status.success(), "{output:?}");
    let page = fs::read_to_string(html).unwrap();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(page.contains("Click-through by place") && page.matches("<svg").count() == 3);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("foldin_pages 20\n") && text.contains("\\\"\"} 20"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let value = line.rsplit(' ').next().unwrap();
        assert!(line.starts_with("foldin_") && value.parse::<f64>().is_ok(), "{line}");
    }
}

#[test]
fn reports_without_end_are_refused() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.gz");
    let mut packed =
        flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::best());
    (0..50).for_each(|_| packed.write_all(&vec![b'\n'; 1 << 20]).unwrap());
    packed.finish().unwrap();
    assert!(path.metadata().unwrap().len() < 100_000);
    let mut files = vec![path];
    files.extend(cfg!(target_os = "linux").then(|| "/dev/zero".into()));
    for file in files {
        let mut command = executable();
        let output = command.arg("monitor").arg(file).args(["--max-bytes", "20000000"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("more than 20000000 bytes") && said.contains("--max-bytes"), "{said}");
    }
}
