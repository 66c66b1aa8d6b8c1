//! What is given hostile inputs.

use crate::mutate::{self, Chance};
use crate::{models, seeds};
use foldin::recommender::{Ask, Recommender};
use foldin::score::Options;
use foldin::visitor::{Event, EventKind};
use foldin_cli::data::import::{self, Options as ImportOptions};
use foldin_cli::data::look;
use foldin_cli::data::{BadLines, Input, Reading, interactions, items, users};
use foldin_cli::deploy::{self, Manifest};
use foldin_cli::model_file;
use foldin_lab::monitor::{Events, html, prometheus, summarize};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Something that reads what others wrote.
pub struct Target {
    /// Its name, and that of the folder of its corpus.
    pub name: &'static str,
    /// What comes of an input, in words; panics where that must not come.
    pub run: fn(&[u8]) -> String,
    /// Changes an input; the second is another one to take parts from.
    pub mutate: fn(&mut Vec<u8>, &[u8], &mut Chance),
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target { name: "model", run: models::ask, mutate: models::mutate },
    Target { name: "interactions", run: read_interactions, mutate: mutate::bytes },
    Target { name: "items", run: read_items, mutate: mutate::bytes },
    Target { name: "users", run: read_users, mutate: mutate::bytes },
    Target { name: "vectors", run: read_vectors, mutate: mutate::bytes },
    Target { name: "ids", run: read_ids, mutate: mutate::bytes },
    Target { name: "manifest", run: deploy_over, mutate: mutate::bytes },
    Target { name: "reports", run: summarise, mutate: mutate::bytes },
    Target { name: "options", run: recommend, mutate: mutate::bytes },
];

fn said<T>(result: Result<T, impl Display>) -> String {
    result.map_or_else(|error| error.to_string(), |_| "read".into())
}

/// A folder for this process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder for temporary files")).path()
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    std::fs::write(&path, bytes).expect("room for a file");
    path
}

/// As a page has it, in memory, and as the command has it, on disk: Parquet is read from there alone. Bad lines are
/// refused, then left out.
fn read_interactions(bytes: &[u8]) -> String {
    let strict = Reading::default();
    let lists = Reading { explode: Some("2".into()), bad_lines: BadLines::Skip(None), ..strict.clone() };
    let inputs = [
        Input::Bytes { name: "interactions".into(), bytes: bytes.into() },
        file("interactions", bytes).into(),
    ];
    let mut outcome = String::new();
    for (input, reading) in inputs.into_iter().zip([lists, strict]) {
        outcome += &said(look::sample(input.clone(), &reading).map(|sample| {
            assert!(sample.rows.iter().all(|row| row.len() == sample.columns.len()));
        }));
        let read = interactions::read_as(input, &reading);
        if let Ok((read, read_as)) = &read {
            assert!(read.matrix.values.iter().all(|value| value.is_finite()));
            assert!(read.times.iter().flatten().all(|time| time.is_finite()));
            assert_eq!((read.users(), read.items()), (read_as.users, read_as.items));
        }
        outcome += &said(read);
    }
    outcome
}

/// Vectors that others trained, whatever the format.
fn read_vectors(bytes: &[u8]) -> String {
    let read = import::read(file("vectors", bytes), &ImportOptions::default());
    if let Ok(read) = &read {
        assert!(read.factors.values.iter().all(|number| number.is_finite()));
    }
    said(read)
}

/// The ids of three vectors.
fn read_ids(bytes: &[u8]) -> String {
    let vectors = file("three.csv", b"id,a,b\n1,0.1,0.2\n2,0.3,0.4\n3,0.5,0.6\n");
    said(import::read(vectors, &ImportOptions { ids: Some(file("ids", bytes)), ..ImportOptions::default() }))
}

fn read_items(bytes: &[u8]) -> String {
    let path = file("items", bytes);
    let read = items::read(&path);
    if let Ok(table) = &read {
        let columns = table.columns_for(&["1".into(), "nobody".into()]);
        assert!(columns.numbers.values().all(|numbers| numbers.len() == 2));
    }
    said(read)
}

fn read_users(bytes: &[u8]) -> String {
    let read = users::read(file("users", bytes));
    said(read.and_then(|table| table.columns_for(&["1".into(), "nobody".into()]).map(drop)))
}

/// Deploys into a site with this manifest, and keeps nothing of what it names: the site's own files stay.
fn deploy_over(bytes: &[u8]) -> String {
    let site = tempfile::tempdir_in(folder()).expect("a folder");
    let at = |name: &str| site.path().join(name);
    let own = ["index.html", "img/logo.svg", "models/own.safetensors", "foldin/own.js"];
    for name in own {
        std::fs::create_dir_all(at(name).parent().expect("in the site")).expect("a folder");
        std::fs::write(at(name), "the site's own").expect("room for a file");
    }
    std::fs::write(at(deploy::MANIFEST), bytes).expect("room for a file");
    let read = Manifest::read(site.path());
    if read.is_err() {
        return said(read);
    }
    let model = folder().join("model.safetensors");
    if !model.exists() {
        model_file::write(&seeds::town(), &model).expect("room for a model");
    }
    let options = deploy::Options { package: None, head: None, keep: 0, base: "/".into(), now: "now".into() };
    let deployed = deploy::deploy(&model, site.path(), &options, || ());
    for name in own {
        assert!(at(name).exists(), "{name} is gone");
    }
    said(deployed) + &said(deploy::verify(site.path()))
}

fn summarise(bytes: &[u8]) -> String {
    let events = Events::parse(bytes, 1.7e12).expect("memory is always read");
    if let Some(broken) = events.quoted.first() {
        return broken.problem.clone();
    }
    let summary = summarize(&events, None, None, None);
    if let Ok(summary) = &summary {
        prometheus::text(summary, &[]);
        html::page("events", summary, &[]);
    }
    said(summary)
}

/// The options of a question, for a visitor who likes something.
fn recommend(bytes: &[u8]) -> String {
    let options = match serde_json::from_slice::<Options>(bytes) {
        Ok(options) => options,
        Err(error) => return error.to_string(),
    };
    thread_local! {
        static VISITOR: Recommender = {
            let mut visitor = Recommender::new(seeds::town());
            let like = Event { item: 3, kind: EventKind::Like, value: None, time: 0.0 };
            visitor.record(&[like]).expect("an item that is there");
            visitor
        };
    }
    VISITOR.with(|visitor| {
        let answer = visitor.recommend(&options, Ask { explain: true, ..Ask::default() });
        if let Ok(answer) = &answer {
            assert!(answer.results.len() <= options.count);
            assert!(answer.results.iter().all(|result| result.score.is_finite()));
        }
        said(answer)
    })
}
