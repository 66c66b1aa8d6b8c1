//! A model, and its answers as columns that become a data frame.

use crate::errors::raised;
use crate::frame::Frame;
use crate::words::Words;
use crate::work::work;
use foldin::recommender::{Answer, Ask, Recommendation, Recommender};
use foldin::score::{Metric, Options, Rung};
use foldin::visitor::{Event, EventKind, EventWeights};
use foldin::{Error, Result};
use foldin_cli::answers::{answers, known_rows};
use foldin_cli::data::{Columns, Input, interactions};
use foldin_cli::model_file;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use std::sync::Arc;

/// A model that was opened and checked.
#[pyclass(frozen)]
pub struct Model(Arc<foldin::Model>);

/// Recommendations by column, [results] each: the row among the users who asked, item, score, title, what it was made from,
/// and the reasons as (item, kind of event, share).
type Shelves =
    (Vec<u32>, Vec<String>, Vec<f32>, Vec<Option<String>>, Vec<Option<&'static str>>, Vec<Reasons>);
type Reasons = Vec<(String, &'static str, f32)>;

impl Model {
    pub fn new(model: foldin::Model) -> Model {
        Model(Arc::new(model))
    }
}

#[pymethods]
impl Model {
    /// Reads a model file.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Model> {
        let read = py.detach(|| model_file::read(path));
        read.map(Model::new).map_err(|error| raised(py, &error))
    }

    /// A model of its file's bytes.
    #[staticmethod]
    fn of_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Model> {
        model_file::from_bytes(bytes).map(Model::new).map_err(|error| raised(py, &error))
    }

    /// The bytes of its file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &model_file::to_bytes(&self.0))
    }

    /// Writes its file beside `path`, then renames it.
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| model_file::write(&self.0, path)).map_err(|error| raised(py, &error))
    }

    /// Items, dim, precision and bytes.
    #[getter]
    fn shape(&self) -> (usize, usize, &'static str, usize) {
        (self.0.items(), self.0.dim(), self.0.precision().name(), self.0.bytes().len())
    }

    /// The strings of the file's metadata.
    #[getter]
    fn metadata(&self) -> Vec<(String, String)> {
        self.0.metadata().iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }

    /// The names of the file's tensors.
    #[getter]
    fn tensors(&self) -> Vec<String> {
        self.0.header().tensors.iter().map(|(name, _)| name.to_owned()).collect()
    }

    /// Every item's id.
    #[getter]
    fn ids(&self) -> Vec<String> {
        rows(&self.0).map(|row| self.0.id(row)).collect()
    }

    /// Every item's title; None where the catalogue has none.
    #[getter]
    fn titles(&self) -> Option<Vec<String>> {
        let catalog = self.0.catalog();
        rows(&self.0).map(|row| catalog.title(row).map(str::to_owned)).collect()
    }

    /// How often each item was met in training.
    #[getter]
    fn counts(&self) -> Option<Vec<u32>> {
        self.0.counts().map(<[u32]>::to_vec)
    }

    /// The factors as they are scored with, [items, dim].
    fn factors<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f32>> {
        let dim = self.0.dim();
        let mut factors = ndarray::Array2::zeros((self.0.items(), dim));
        for (row, mut into) in rows(&self.0).zip(factors.rows_mut()) {
            self.0.factor_into(row, into.as_slice_mut().expect("rows one after the other"));
        }
        factors.into_pyarray(py)
    }

    /// Whether it has an item with this id.
    fn has(&self, id: &str) -> bool {
        self.0.find(id).is_ok()
    }

    /// For each user of a table what `foldin recommend --batch` has; the ids of the users come first.
    #[pyo3(signature = (history, options, reading, explain, listener))]
    fn recommend(
        &self,
        history: History<'_>,
        options: &str,
        reading: Reading,
        explain: bool,
        listener: &Bound<'_, PyAny>,
    ) -> PyResult<(Vec<String>, Shelves)> {
        let options = self::options(options)?;
        let (input, model) = (history.input(), self.0.clone());
        work(listener, move || {
            let reading = foldin_cli::data::Reading { columns: reading.columns(), ..Default::default() };
            let (history, _) = interactions::read_as(&input, &reading)?;
            let rows = known_rows(&model, &input.to_string(), &history.item_ids)?;
            let weights = EventWeights::of_interactions(&model, history.matrix.values.iter().copied());
            let mut shelves = Shelves::default();
            answers(&model, &weights, (&history, &rows), &options, explain, &mut |user, answer| {
                push(&model, user as u32, answer, &mut shelves);
                Ok(())
            })?;
            Ok((history.user_ids, shelves))
        })
    }

    /// What `foldin recommend --liked --disliked --text` has.
    fn recommend_one(
        &self,
        py: Python<'_>,
        liked: Vec<String>,
        disliked: Vec<String>,
        wish: Option<(String, Bound<'_, Words>)>,
        options: &str,
        explain: bool,
    ) -> PyResult<Shelves> {
        let options = self::options(options)?;
        let wish = wish.as_ref().map(|(text, words)| (text.as_str(), words.get()));
        let answer = || {
            let mut visitor = self.visitor(&liked, &disliked)?;
            if let Some((text, words)) = wish {
                visitor.believe(&words.belief(&self.0, text)?)?;
            }
            visitor.recommend(&options, Ask { explain, ..Ask::default() })
        };
        let answer = py.detach(answer).map_err(|error| raised(py, &error))?;
        Ok(shelf(&self.0, &answer))
    }

    /// The vector [dim] that a visitor is folded in with who liked and disliked these.
    fn vector<'py>(
        &self,
        py: Python<'py>,
        liked: Vec<String>,
        disliked: Vec<String>,
    ) -> PyResult<Bound<'py, PyArray1<f32>>> {
        let vector = self.visitor(&liked, &disliked).and_then(|visitor| visitor.vector());
        Ok(vector.map_err(|error| raised(py, &error))?.into_pyarray(py))
    }

    /// The items most like one, or like what a text describes; `cosine` compares directions alone, `dot` lets popular items come
    /// first.
    fn similar(&self, py: Python<'_>, seed: Seed<'_>, count: usize, metric: &str) -> PyResult<Shelves> {
        let metric = match metric {
            "cosine" => Metric::Cosine,
            "dot" => Metric::Dot,
            other => return Err(raised(py, &Error::argument("metric", "cosine or dot", other))),
        };
        let (id, described) = match &seed {
            Seed::Item(id) => (Some(id), None),
            Seed::Text(text, words) => (None, Some((text, words.get()))),
        };
        let similar = || {
            let items = id.map(|id| self.0.find(id)).transpose()?;
            let vector = described.map(|(text, words)| words.factor(&self.0, text)).transpose()?;
            let ask = Ask { vector: vector.as_deref(), ..Ask::default() };
            Recommender::new(&*self.0).similar(items.as_slice(), metric, &Options::best(count), ask)
        };
        let answer = py.detach(similar).map_err(|error| raised(py, &error))?;
        Ok(shelf(&self.0, &answer))
    }

    /// The items whose titles and tags are about a text, with the cosine to each.
    fn search(
        &self,
        py: Python<'_>,
        text: &str,
        words: &Bound<'_, Words>,
        count: usize,
    ) -> PyResult<Shelves> {
        let words = words.get();
        let found = py.detach(|| words.search(&self.0, text, count)).map_err(|error| raised(py, &error))?;
        let results =
            found.into_iter().map(|(item, score)| Recommendation { item, score, because: Vec::new() });
        Ok(shelf(&self.0, &Answer { results: results.collect(), rung: None, rows_read: 0 }))
    }
}

/// What an item is to be like.
#[derive(FromPyObject)]
pub enum Seed<'py> {
    Item(String),
    Text(String, Bound<'py, Words>),
}

/// What visitors did: a table in memory, or a file.
#[derive(FromPyObject)]
pub enum History<'py> {
    Frame(PyRef<'py, Frame>),
    Path(PathBuf),
}

impl History<'_> {
    fn input(&self) -> Input {
        match self {
            History::Frame(frame) => frame.input(),
            History::Path(path) => path.into(),
        }
    }
}

/// The columns that were named: users, items, values, times.
#[derive(FromPyObject)]
pub struct Reading(Option<String>, Option<String>, Option<String>, Option<String>);

impl Reading {
    fn columns(self) -> Columns {
        let Reading(user, item, value, time) = self;
        Columns { user, item, value, time, ..Columns::default() }
    }
}

impl Model {
    fn visitor(&self, liked: &[String], disliked: &[String]) -> Result<Recommender<&foldin::Model>> {
        let mut events = Vec::new();
        for (ids, kind) in [(liked, EventKind::Like), (disliked, EventKind::Dislike)] {
            for id in ids {
                events.push(Event { item: self.0.find(id)?, kind, value: None, time: 0.0 });
            }
        }
        let mut visitor = Recommender::new(&*self.0);
        visitor.record(&events)?;
        Ok(visitor)
    }
}

/// The options of a page's `recommend`, in JSON.
fn options(json: &str) -> PyResult<Options> {
    serde_json::from_str(json).map_err(|error| PyValueError::new_err(format!("options: {error}")))
}

fn rows(model: &foldin::Model) -> std::ops::Range<u32> {
    0..model.items() as u32
}

fn shelf(model: &foldin::Model, answer: &Answer) -> Shelves {
    let mut shelves = Shelves::default();
    push(model, 0, answer, &mut shelves);
    shelves
}

fn push(
    model: &foldin::Model,
    user: u32,
    answer: &Answer,
    (users, items, scores, titles, rungs, reasons): &mut Shelves,
) {
    for Recommendation { item, score, because } in &answer.results {
        users.push(user);
        items.push(model.id(*item));
        scores.push(*score);
        titles.push(model.catalog().title(*item).map(str::to_owned));
        rungs.push(answer.rung.map(Rung::name));
        reasons.push(because.iter().map(|r| (model.id(r.item), r.kind.name(), r.share)).collect());
    }
}
