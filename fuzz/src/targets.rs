//! What is given hostile inputs.

use crate::mutate::{self, Chance};
use crate::{models, seeds};
use foldin::recommender::{Ask, Recommender};
use foldin::score::Options;
use foldin::visitor::{Event, EventKind};
use foldin_cli::data::{Columns, interactions, items, users};
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
pub const TARGETS: [Target; 6] = [
    Target { name: "model", run: models::ask, mutate: models::mutate },
    Target { name: "interactions", run: read_interactions, mutate: mutate::bytes },
    Target { name: "items", run: read_items, mutate: mutate::bytes },
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

fn read_interactions(bytes: &[u8]) -> String {
    let path = file("interactions", bytes);
    let read = interactions::read(&path, &Columns::default());
    if let Ok(read) = &read {
        assert!(read.matrix.values.iter().all(|value| value.is_finite()));
    }
    said(read) + &said(interactions::read_lists(&path, &Columns::default()))
}

fn read_items(bytes: &[u8]) -> String {
    let path = file("items", bytes);
    said(items::read(&path)) + &said(users::read(&path))
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
    let options = deploy::Options { package: None, keep: 0, base: "/".into(), now: "now".into() };
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
