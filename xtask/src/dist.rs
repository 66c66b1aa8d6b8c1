//! `cargo xtask dist`: the npm package, its sizes, and the budget that they keep.

use crate::sizes::{Size, table};
use crate::stamp::{Stamp, files};
use crate::step::unless_unchanged;
use crate::{node, wasm};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The package as it would be published.
pub const PACKAGE: &str = "target/npm/foldin";

/// What a page may download to load a model and recommend, gzipped.
const BUDGET: usize = 60 * 1024;

/// Lie beside `dist/` in the package: from here, to there.
const BESIDE: [(&str, &str); 4] = [
    ("www/package.json", "package.json"),
    ("README.md", "README.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
];

/// Build the npm package into target/npm/foldin and print its sizes.
#[derive(clap::Args)]
pub struct Dist {}

impl Dist {
    pub fn run(self) -> Result<()> {
        node::check()?;
        wasm::add_target()?;
        node::install()?;
        build()?;
        check_sizes()
    }
}

/// Builds the wasm and the JavaScript around it, and lays the package out.
pub fn build() -> Result<()> {
    wasm::build()?;
    let sources = ["www/src", "www/scripts", "www/package-lock.json", "www/tsconfig.json"];
    let stamp = Stamp::of("package", "", &[&sources[..], &BESIDE.map(|(from, _)| from)].concat())?;
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
    let share = 100.0 * sum.gzip as f64 / BUDGET as f64;
    println!("load + recommend download {} bytes gzipped, {share:.0} % of the {BUDGET} allowed", sum.gzip);
    ensure!(
        sum.gzip <= BUDGET,
        "the package outgrew {BUDGET} bytes; take out what load + recommend do not need"
    );
    Ok(())
}

/// How the names of files start that `load` and `recommend` do without: other entries, the modules that have it
/// all, the one for browsers without vectors, which they fetch in place of the other, and what stores a profile.
const NOT_NEEDED: [&str; 8] =
    ["element", "offline", "profile-", "full-", "workshop-", "extras-", "foldin_full", "foldin_plain"];

/// What a page fetches for `load` with a worker, and `recommend`: the wasm and the scripts.
fn downloads(package: &Path) -> Result<Vec<PathBuf>> {
    let is_downloaded = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_code = name.ends_with(".wasm") || name.ends_with(".js");
        is_code && !NOT_NEEDED.iter().any(|start| name.starts_with(start))
    };
    Ok(files(&package.join("dist"))?.into_iter().filter(is_downloaded).collect())
}

fn lay_out() -> Result<()> {
    if Path::new(PACKAGE).exists() {
        fs::remove_dir_all(PACKAGE)?;
    }
    for file in files(Path::new("www/dist"))? {
        copy(&file, &Path::new(PACKAGE).join(file.strip_prefix("www")?))?;
    }
    BESIDE.iter().try_for_each(|(from, to)| copy(Path::new(from), &Path::new(PACKAGE).join(to)))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().expect("a file in a folder"))?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}
