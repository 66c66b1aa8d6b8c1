//! The boundary to Python, below `foldin`: verbs of the command for tables in memory, and models.
//!
//! What a verb is told comes as the words of a command line, so that options, defaults, ranges and the texts of
//! errors are those of the command. What takes time runs on a thread of its own without Python's lock ([`work`]).

mod errors;
mod frame;
mod model;
mod vectors;
mod verbs;
mod words;
mod work;

use pyo3::prelude::*;
use std::ffi::OsString;
use std::process::{ExitCode, Termination};

/// Runs the command; its exit code.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    let code: ExitCode = py.detach(|| foldin_cli::run(arguments));
    if code.report() == ExitCode::SUCCESS.report() { 0 } else { 1 }
}

#[pymodule]
fn _foldin(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<frame::Frame>()?;
    module.add_class::<model::Model>()?;
    module.add_class::<words::Words>()?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(verbs::train, module)?)?;
    module.add_function(wrap_pyfunction!(verbs::evaluate, module)?)?;
    module.add_function(wrap_pyfunction!(verbs::pack, module)?)?;
    module.add_function(wrap_pyfunction!(verbs::options, module)?)?;
    module.add_function(wrap_pyfunction!(verbs::export, module)?)?;
    Ok(())
}
