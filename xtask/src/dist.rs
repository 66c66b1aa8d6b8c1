//! `cargo xtask dist`: the npm packages and the wheel, their sizes, and the budgets that they keep.

use crate::node;
use crate::npm;
use crate::sizes::{Size, table};
use crate::stamp::{Stamp, files};
use crate::step::unless_unchanged;
use crate::wasm::{self, For};
use crate::{features, notices, reproducible, shipped, wheel};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The package as it would be published.
pub const PACKAGE: &str = "target/npm/foldin";

/// What goes along with the command.
const COMMAND: &str = "target/command";

/// What a page may download to load a model and recommend, gzipped.
const BUDGET: usize = 84 * 1024;

/// What lies beside `dist/` in the package, under its own name: the documents, so that their links lead somewhere.
const BESIDE: [&str; 9] = [
    "README.md",
    "ARCHITECTURE.md",
    "FORMAT.md",
    "CONTRIBUTING.md",
    "benches/RESULTS.md",
    "benches/visitor/clicks.svg",
    "docs",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
const MANIFEST: &str = "www/package.json";

/// Build the npm packages into target/npm and the Python wheel into target/wheel, and print their sizes.
#[derive(clap::Args)]
pub struct Dist {}

impl Dist {
    pub fn run(self) -> Result<()> {
        node::check()?;
        wasm::add_target()?;
        node::install()?;
        build(For::Everybody)?;
        npm::build()?;
        npm::pack()?;
        notices::write(&shipped::COMMAND, Path::new(COMMAND))?;
        wheel::build()?;
        reproducible::check_paths()?;
        npm::check_size()?;
        check_sizes()
    }
}

/// Builds the wasm and the JavaScript around it, and lays the package out.
pub fn build(audience: For) -> Result<()> {
    wasm::build(audience)?;
    let sources = ["www/src", "www/scripts", "www/package-lock.json", "www/tsconfig.json", "Cargo.lock"];
    let stamp = Stamp::of("package", "", &[&sources[..], &BESIDE[..], &[MANIFEST]].concat())?;
    unless_unchanged("npm package", stamp, &[PACKAGE, "www/dist"], |step| {
        node::script(step, "build")?;
        lay_out()
    })
}

/// Prints what each file weighs, and fails when what a page downloads is over the budget.
pub fn check_sizes() -> Result<()> {
    let downloaded = downloads(Path::new(PACKAGE))?;
    let sizes: Vec<(String, Size)> = downloaded
        .iter()
        .map(|file| Ok((file.strip_prefix(PACKAGE)?.display().to_string(), Size::of(&fs::read(file)?)?)))
        .collect::<Result<_>>()?;
    let sum = sizes.iter().map(|(_, size)| *size).sum::<Size>();
    print!("{}", table(&sizes, &sum));
    print!("{}", features::table(&downloaded)?);
    let share = 100.0 * sum.gzip as f64 / BUDGET as f64;
    println!("load + recommend download {} bytes gzipped, {share:.0} % of the {BUDGET} allowed", sum.gzip);
    ensure!(
        sum.gzip <= BUDGET,
        "the package outgrew {BUDGET} bytes; take out what load + recommend do not need"
    );
    Ok(())
}

/// The scripts that a page asks for by name to load a model into a worker, and the module in it.
const ENTRIES: [&str; 3] = ["index.js", "worker.js", "wasm/foldin_relaxed_bg.wasm"];

/// What a page fetches for `load` with a worker, and `recommend`.
fn downloads(package: &Path) -> Result<Vec<PathBuf>> {
    let folder = package.join("dist");
    closure(ENTRIES.iter().map(|entry| folder.join(entry)).collect())
}

/// Files with what they import at once. What they import when it is first used is not among it.
pub fn closure(mut found: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let mut next = 0;
    while let Some(file) = found.get(next) {
        if file.extension().is_some_and(|extension| extension == "js") {
            let script = fs::read_to_string(file)?;
            let new =
                imports(&script).map(|name| file.with_file_name(name)).filter(|file| !found.contains(file));
            let new: Vec<PathBuf> = new.collect();
            found.extend(new);
        }
        next += 1;
    }
    found.sort();
    Ok(found)
}

/// The files that a minified script imports before it runs.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    let parts = script.split("\"./");
    let pairs = parts.clone().zip(parts.skip(1));
    let imported = pairs.filter(|(before, _)| before.ends_with("from") || before.ends_with("import"));
    imported.filter_map(|(_, name)| name.split('"').next())
}

fn lay_out() -> Result<()> {
    if Path::new(PACKAGE).exists() {
        fs::remove_dir_all(PACKAGE)?;
    }
    for file in files(Path::new("www/dist"))? {
        copy(&file, &Path::new(PACKAGE).join(file.strip_prefix("www")?))?;
    }
    copy(Path::new(MANIFEST), &Path::new(PACKAGE).join("package.json"))?;
    for name in BESIDE {
        files(Path::new(name))?.iter().try_for_each(|file| copy(file, &Path::new(PACKAGE).join(file)))?;
    }
    notices::write(&shipped::PACKAGE, Path::new(PACKAGE))
}

pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().expect("a file in a folder"))?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn tells_what_is_imported_at_once() {
        let script = r#"import{a as b}from"./x.js";import"./y.js";export{c}from"./z.js";let d=()=>import("./later.js")"#;
        assert_eq!(imports(script).collect::<Vec<_>>(), ["x.js", "y.js", "z.js"]);
    }
}
