//! The example that trains with Spark: a Java for it, a Python with PySpark, and its test.

use crate::{movielens, node_test, python, run};
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

const EXAMPLE: &str = "examples/spark";

/// Trains on MovieLens 100K with two local cores, and lets Chromium recommend.
pub fn test(chromium: &Path) -> Result<()> {
    // It tells its version on stderr, as only its exit code matters here.
    let java = run::output(Command::new("java").arg("-version"));
    ensure!(
        java.is_some(),
        "Java is missing; install 17 or newer (Debian: apt-get install openjdk-17-jre-headless)"
    );
    movielens::fetch()?;
    let python = python::environment("target/venv-examples-spark", &format!("{EXAMPLE}/requirements.txt"))?;
    let python = std::path::absolute(python.get_program())?;
    node_test::run(
        "tests/spark",
        &[("SPARK_PYTHON", python.as_os_str()), ("CHROME_PATH", chromium.as_os_str())],
    )
}
