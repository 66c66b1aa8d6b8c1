//! `cargo xtask test`: everything that must hold, one step after the other. A step that cannot run fails.

use crate::step::{aloud, step};
use crate::{chromium, crates, deny, dist, node, node_test, npm, page, python, reproducible, run, serve};
use crate::{spark, tokens, wasm, wheel};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Instant;

const MEND: &str = "mend what it names";

/// Run every test: formatting, lints, Rust, the package in Node, the model in Python, the page in Chromium.
///
/// With a name: one file of JavaScript tests (`cargo xtask test training`), the tests or stories whose titles have
/// these words (`cargo xtask test "first shelf"`), the Python package (`cargo xtask test python`), else the Rust tests whose path has it (`cargo xtask test pack::`).
#[derive(clap::Args)]
pub struct Test {
    /// What to run alone
    #[arg(conflicts_with = "all")]
    name: Option<String>,
    /// The slow stories too: other bundlers, frameworks and runtimes, files of other libraries, Spark
    #[arg(long)]
    all: bool,
}

impl Test {
    pub fn run(self) -> Result<()> {
        let started = Instant::now();
        node::check()?;
        if let Some(name) = self.name {
            return only(&name);
        }
        python::pip()?;
        let chromium = chromium::find()?;
        wasm::add_target()?;
        let page = || browser_tests("tests/browser", &chromium);
        let installed = || node_test::run(npm::TESTS, &[("CHROME_PATH", chromium.as_os_str())]);
        let peers = || node::install_in(node::PEERS).and_then(|()| browser_tests(node::PEERS, &chromium));
        let spark = || spark::test(&chromium);
        let tabs = || {
            let variables = [("FOLDIN_ROUNDS", "200".as_ref()), ("CHROME_PATH", chromium.as_os_str())];
            node_test::run_file(Path::new("tests/browser/store.test.mjs"), Some("tabs at random"), &variables)
        };
        let mut steps: Vec<(&str, &dyn Fn() -> Result<()>)> = vec![
            ("rustfmt", &|| cargo("fmt --all --check", "run cargo fmt --all")),
            ("clippy", &|| cargo("clippy --workspace --all-targets --quiet -- -D warnings", MEND)),
            ("clippy, wasm32", &|| {
                wasm::PACKAGES.iter().try_for_each(|package| {
                    let target = "--lib --target wasm32-unknown-unknown";
                    cargo(&format!("clippy --package {package} {target} --quiet -- -D warnings"), MEND)
                })
            }),
            ("Rust tests", &|| {
                cargo("test --workspace --exclude foldin-python --no-fail-fast --quiet", MEND)
            }),
            // A minute for all of them.
            ("fuzz targets", &|| cargo("run --quiet --package foldin-fuzz -- --seconds 7", MEND)),
            ("licences and sources", &deny::check),
            ("crates", &|| crates::package(crates::Check::Contents)),
            ("package and page", &|| {
                page::build(wasm::For::Everybody, page::Words::Without)?;
                npm::build()?;
                npm::pack()?;
                dist::check_sizes()?;
                npm::check_size()?;
                reproducible::check_paths()?;
                page::check_size()
            }),
            ("types of www", &|| step("tsc", |step| node::script(step, "check"))),
            ("package in Node", &|| node_test::run("tests/node", &[])),
            ("npx foldin-cli, npm create foldin", &installed),
            ("model in Python", &|| python::test("tests/python")),
            ("Python package", &|| wheel::build().and_then(|()| wheel::test(&[]))),
            ("page in Chromium", &page),
        ];
        if self.all {
            steps.push(("two towers", &|| {
                cargo("test --package foldin-lab --features deep --test lab --quiet two_tower", MEND)
            }));
            steps.push(("bundles at once, 200 rounds", &|| {
                cargo("test --package foldin-cli --test command --quiet -- --ignored", MEND)
            }));
            steps.push(("the command's tests with its wasm", &npm::test_command));
            steps.push(("crates, built as packed", &|| crates::package(crates::Check::Build)));
            steps.push(("tabs at once, 200 rounds", &tabs));
            steps.push(("wasm, built twice", &reproducible::check));
            steps.push(("package with its peers", &peers));
            steps.push(("imports from the libraries themselves", &|| python::test("tests/import")));
            steps.push(("tokens beside Hugging Face's", &tokens::test));
            steps.push(("trained by Spark", &spark));
        }
        // One that fails does not hide what the others find.
        let mut failed = Vec::new();
        for (name, work) in &steps {
            if let Err(error) = aloud(name, work) {
                println!("{name}: {error:#}");
                failed.push(*name);
            }
        }
        println!("steps: {} passed, {} failed", steps.len() - failed.len(), failed.len());
        ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
        println!("all that must hold holds, {:.0} s", started.elapsed().as_secs_f64());
        Ok(())
    }
}

/// Where JavaScript tests lie.
const SCRIPTS: [&str; 4] = ["tests/node", npm::TESTS, "tests/browser", node::PEERS];

/// Runs the tests that a name means: a file, else a title, else Rust tests by their path.
fn only(name: &str) -> Result<()> {
    if name == "python" {
        python::pip()?;
        page::command()?;
        return wheel::build().and_then(|()| wheel::test(&[]));
    }
    for folder in SCRIPTS {
        if let Some(file) = node_test::named(folder, name)? {
            return script(folder, &file, None);
        }
    }
    for folder in SCRIPTS {
        if let Some(file) = node_test::titled(folder, name)? {
            return script(folder, &file, Some(name));
        }
    }
    run::aloud(run::cargo(["test", "--workspace", "--exclude", "foldin-python", "--quiet", name]), MEND)
}

/// Runs a file of JavaScript tests with all that it needs.
fn script(folder: &str, file: &Path, title: Option<&str>) -> Result<()> {
    if folder == "tests/node" {
        wasm::add_target()?;
        node::install()?;
        dist::build(wasm::For::Everybody)?;
        page::model(page::Words::Without)?;
        return node_test::run_file(file, title, &[]);
    }
    if folder == node::PEERS {
        node::install_in(node::PEERS)?;
    }
    let chromium = chromium::find()?;
    if folder == npm::TESTS {
        wasm::add_target()?;
        node::install()?;
        dist::build(wasm::For::Everybody)?;
        npm::build()?;
        npm::pack()?;
        page::command()?;
        return node_test::run_file(file, title, &[("CHROME_PATH", chromium.as_os_str())]);
    }
    page::build(wasm::For::Everybody, page::Words::Without)?;
    let address = serve::start(Path::new(page::SITE), 0)?;
    let variables = [("FOLDIN_URL", address.as_ref()), ("CHROME_PATH", chromium.as_os_str())];
    node_test::run_file(file, title, &variables)
}

fn cargo(arguments: &str, remedy: &str) -> Result<()> {
    run::aloud(run::cargo(arguments.split(' ')), remedy)
}

/// Against the page as `cargo xtask demo` serves it.
fn browser_tests(folder: &str, chromium: &Path) -> Result<()> {
    let address = serve::start(Path::new(page::SITE), 0)?;
    let variables = [("FOLDIN_URL", address.as_ref()), ("CHROME_PATH", chromium.as_os_str())];
    node_test::run(folder, &variables)
}
