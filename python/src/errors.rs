//! Errors as Python raises them: the command's texts in the classes of `foldin._errors`.

use pyo3::prelude::*;
use pyo3::types::PyType;

/// An error of foldin.
pub fn raised(py: Python<'_>, error: &foldin::Error) -> PyErr {
    make(py, error.code(), &error.to_string(), error.field())
}

/// What clap says of an option: its first line, and the tips below.
pub fn of_arguments(py: Python<'_>, error: &clap::Error) -> PyErr {
    let text = error.render().to_string();
    let said = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let said: Vec<&str> = said.filter(|line| !line.is_empty()).collect();
    let text = said.join("; ");
    make(py, "argument", text.strip_prefix("error: ").unwrap_or(&text), None)
}

fn make(py: Python<'_>, code: &str, text: &str, field: Option<&str>) -> PyErr {
    let class = || -> PyResult<Bound<'_, PyAny>> {
        let classes = py.import("foldin._errors")?.getattr("CLASSES")?;
        let class = classes.get_item(code)?.cast_into::<PyType>()?;
        let error = class.call1((text,))?;
        error.setattr("code", code)?;
        error.setattr("field", field)?;
        Ok(error)
    };
    class().map_or_else(|error| error, PyErr::from_value)
}
