//! The verbs that make, measure and lay out models. `arguments` are the words of a command line; an input that stands among
//! `frames` by its name (`interactions`, `items`, `users`, `test`) is taken from there.

use crate::errors::of_arguments;
use crate::frame::Frame;
use crate::model::Model;
use crate::vectors::Vectors;
use crate::work::work;
use clap::{Args, Command};
use foldin_cli::cmd::{self, Evaluation, Packing, Reads, Training};
use foldin_cli::data::import;
use foldin_cli::deploy;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;

type Frames<'py> = HashMap<String, PyRef<'py, Frame>>;

/// A model and how it was made, as JSON.
#[pyfunction]
pub fn train(
    arguments: Vec<String>,
    frames: Frames<'_>,
    listener: &Bound<'_, PyAny>,
) -> PyResult<(Model, String)> {
    let training: Training = parsed(listener.py(), &arguments, frames)?;
    let (model, made) = work(listener, || training.make())?;
    Ok((Model::new(model), json(&made)?))
}

/// What was measured, as JSON and as the command's table.
#[pyfunction]
pub fn evaluate(
    arguments: Vec<String>,
    frames: Frames<'_>,
    listener: &Bound<'_, PyAny>,
) -> PyResult<(String, String)> {
    let evaluation: Evaluation = parsed(listener.py(), &arguments, frames)?;
    let report = work(listener, || evaluation.measure())?;
    let mut table = Vec::new();
    report.print(&mut table)?;
    Ok((json(&report)?, String::from_utf8_lossy(&table).into_owned()))
}

/// A model of the vectors of a file, or of those in memory, and how it was packed, as JSON.
#[pyfunction]
#[pyo3(signature = (arguments, frames, listener, name, vectors=None))]
pub fn pack(
    arguments: Vec<String>,
    frames: Frames<'_>,
    listener: &Bound<'_, PyAny>,
    name: String,
    vectors: Option<Vectors<'_>>,
) -> PyResult<(Model, String)> {
    let packing: Packing = parsed(listener.py(), &arguments, frames)?;
    let given = vectors.map(Vectors::given);
    let (model, packed) = work(listener, || {
        let imported = match given {
            Some(given) => import::take(given, &name, &packing.options())?,
            None => packing.import(&PathBuf::from(&name))?,
        };
        packing.pack(imported, &name)
    })?;
    Ok((Model::new(model), json(&packed)?))
}

/// Lays out what a static host serves, as `foldin bundle` does; the manifest, as JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "one for each that Python passes")]
pub fn export(
    model: PathBuf,
    folder: PathBuf,
    package: Option<PathBuf>,
    head: Option<usize>,
    keep: usize,
    base: String,
    now: String,
    listener: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let package = package.or_else(cmd::find_package);
    if package.is_none() {
        listener.call_method1("remark", (format!("note: {}", cmd::NO_PACKAGE),))?;
    }
    let options = deploy::Options { package, head, keep, base, now };
    let deployed = work(listener, || deploy::deploy(&model, &folder, &options, || {}))?;
    json(&deployed.manifest)
}

/// The names of a verb's options, as Python spells them.
#[pyfunction]
pub fn options(verb: &str) -> PyResult<Vec<String>> {
    let command = match verb {
        "train" => Training::augment_args(Command::new("")),
        "evaluate" => Evaluation::augment_args(Command::new("")),
        "pack" => Packing::augment_args(Command::new("")),
        _ => return Err(PyValueError::new_err(format!("no verb {verb:?}"))),
    };
    Ok(command
        .get_arguments()
        .filter_map(|option| option.get_long())
        .map(|name| name.replace('-', "_"))
        .collect())
}

fn parsed<T: Reads>(py: Python<'_>, arguments: &[String], frames: Frames<'_>) -> PyResult<T> {
    let tables = frames.iter().map(|(argument, frame)| (argument.clone(), frame.input()));
    cmd::parse(arguments, tables).map_err(|error| of_arguments(py, &error))
}

fn json(document: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(document).map_err(|error| PyValueError::new_err(error.to_string()))
}
