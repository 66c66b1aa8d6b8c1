//! The npm packages beside `foldin`: the command as WebAssembly, and what makes a shop page.

use crate::dist::copy;
use crate::sizes::Size;
use crate::stamp::{Stamp, files};
use crate::step::unless_unchanged;
use crate::{node, notices, run, shipped, wasm, zig};
use anyhow::{Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the packages lie as they would be published, and packed.
pub const FOLDER: &str = "target/npm";

/// Their tests.
pub const TESTS: &str = "tests/npm";

const TARGET: &str = "wasm32-wasip1";
const MODULE: &str = "target/npm/foldin-cli/foldin.wasm";

/// What the command's module may weigh, gzipped.
const BUDGET: usize = 3 * 1024 * 1024;

/// What goes into the command.
const SOURCES: [&str; 8] =
    ["src", "kernel", "lab/src", "readers", "words", "cli", "Cargo.toml", "Cargo.lock"];

/// Builds the command's module where its sources changed, and lays both packages out.
///
/// # Errors
/// What does not compile, and a module over its budget.
pub fn build() -> Result<()> {
    let compiler = run::output(Command::new("rustc").arg("--version")).unwrap_or_default();
    let built_by = ["xtask/src/npm.rs", "xtask/src/zig.rs"];
    let stamp = Stamp::of("command-wasm", &compiler, &[&SOURCES[..], &built_by[..]].concat())?;
    unless_unchanged("foldin, the command, as wasm", stamp, &[MODULE], |step| {
        wasm::add_target_of(TARGET)?;
        let mut cargo =
            run::cargo(["build", "--package", "foldin-cli", "--bin", "foldin", "--features", "deep"]);
        cargo.args(["--target", TARGET, "--profile", "wasi"]);
        zig::provide(&mut cargo)?;
        cargo.env("CARGO_ENCODED_RUSTFLAGS", wasm::flags("+simd128,+relaxed-simd").join("\x1f"));
        run::quietly(step, cargo, "mend what it names, or check the network")?;
        copy(&Path::new("target").join(TARGET).join("wasi/foldin.wasm"), Path::new(MODULE))
    })?;
    ["foldin-cli", "create-foldin"].into_iter().try_for_each(lay_out)?;
    notices::write(&shipped::COMMAND_WASM, &Path::new(FOLDER).join("foldin-cli"))
}

/// Copies a package's files, and the licences, beside its module.
fn lay_out(name: &str) -> Result<()> {
    let (from, to) = (Path::new("npm").join(name), Path::new(FOLDER).join(name));
    for file in files(&from)? {
        copy(&file, &to.join(file.strip_prefix(&from)?))?;
    }
    ["LICENSE-MIT", "LICENSE-APACHE"].iter().try_for_each(|file| copy(Path::new(file), &to.join(file)))
}

/// Prints what the command weighs, and fails over the budget.
///
/// # Errors
/// As said.
pub fn check_size() -> Result<()> {
    let size = Size::of(&fs::read(MODULE)?)?;
    let share = 100.0 * size.gzip as f64 / BUDGET as f64;
    println!(
        "foldin-cli: its module weighs {} bytes, {} gzipped, {share:.0} % of the {BUDGET} allowed",
        size.raw, size.gzip
    );
    ensure!(
        size.gzip <= BUDGET,
        "the command's module outgrew {BUDGET} bytes; take a feature of a dependency out"
    );
    Ok(())
}

/// Runs the command's tests with its module in place of the native command.
///
/// # Errors
/// What fails.
pub fn test_command() -> Result<()> {
    let mut cargo = run::cargo(["test", "--package", "foldin-cli", "--test", "command", "--quiet"]);
    cargo.env("FOLDIN_COMMAND", std::env::current_dir()?.join(FOLDER).join("foldin-cli/foldin.mjs"));
    run::aloud(cargo, "mend what it names")
}

/// Packs all packages as npm publishes them: `target/npm/*.tgz`, for whoever installs from a clone.
///
/// # Errors
/// What npm refuses.
pub fn pack() -> Result<()> {
    let old = fs::read_dir(FOLDER)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    let tarballs = old.iter().filter(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    tarballs.for_each(|path| drop(fs::remove_file(path)));
    let packages = ["foldin", "foldin-cli", "create-foldin"].map(|name| format!("./{name}"));
    crate::step::step("npm pack", |step| {
        let mut npm = Command::new(node::NPM);
        npm.current_dir(FOLDER).arg("pack").args(&packages);
        run::quietly(step, npm, "mend what it names")
    })
}
