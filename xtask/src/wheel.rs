//! The Python package: a wheel with the command and the lab, tested as it would be installed.

use crate::stamp::Stamp;
use crate::step::{step, unless_unchanged};
use crate::{notices, page, python, run, shipped};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the wheel is laid.
const FOLDER: &str = "target/wheel";

/// What goes into it.
const SOURCES: [&str; 8] = ["src", "kernel", "lab/src", "readers", "words", "cli", "python", "Cargo.lock"];

/// Its licences and the list of its parts, which maturin takes in.
const NOTICES: &str = "python/notices";

/// What it may weigh.
const BUDGET: u64 = 12_000_000;

/// The Python that it is tested in.
const VENV: &str = "target/venv-wheel";

/// Builds the wheel, with the command's own profile, and prints what it weighs.
pub fn build() -> Result<()> {
    let stamp = Stamp::of("wheel", "", &SOURCES)?;
    unless_unchanged("Python wheel", stamp, &[FOLDER], |step| {
        if Path::new(FOLDER).exists() {
            fs::remove_dir_all(FOLDER)?;
        }
        notices::write(&shipped::WHEEL, Path::new(NOTICES))?;
        let mut maturin = python::environment("target/venv-maturin", "python/requirements.txt")?;
        maturin.args(["-m", "maturin", "build", "--release", "--locked", "--quiet"]);
        maturin.args(["--manifest-path", "python/Cargo.toml", "--features", "deep", "--out", FOLDER]);
        maturin.env("CARGO_TARGET_DIR", "target");
        run::quietly(step, maturin, "mend what it names")
    })?;
    let wheel = wheel()?;
    let bytes = fs::metadata(&wheel)?.len();
    println!(
        "{}: {bytes} bytes, {:.0} % of the {BUDGET} allowed",
        wheel.display(),
        100.0 * bytes as f64 / BUDGET as f64
    );
    ensure!(bytes <= BUDGET, "the wheel outgrew {BUDGET} bytes; take out what few need");
    Ok(())
}

/// Runs its tests where it is installed from the wheel, with nothing on the PATH but that Python.
pub fn test(arguments: &[&str]) -> Result<()> {
    let mut pytest = python::environment(VENV, "python/tests/requirements.txt")?;
    step("wheel into its Python", |step| {
        let mut pip = Command::new(pytest.get_program());
        pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--force-reinstall", "--no-deps"]);
        pip.arg(wheel()?);
        run::quietly(step, pip, "check pip's settings")
    })?;
    let here = std::env::current_dir()?;
    let scripts = Path::new(pytest.get_program()).parent().context("a program in a folder")?;
    pytest.env("PATH", here.join(scripts)).env("FOLDIN_BIN", here.join(page::FOLDIN));
    pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider", "python/tests"]).args(arguments);
    run::aloud(pytest, "mend what it names")
}

/// The one wheel there is.
fn wheel() -> Result<PathBuf> {
    let files = fs::read_dir(FOLDER).context("no wheel was built; cargo xtask dist does")?;
    let mut wheels = files.filter_map(|file| Some(file.ok()?.path()));
    wheels.find(|file| file.extension().is_some_and(|end| end == "whl")).context("no wheel was built")
}
