//! Builds the library for the browser: cargo, then wasm-bindgen (as a library, no tool to install), then
//! npm's wasm-opt.

use crate::run;
use crate::stamp::Stamp;
use crate::step::{Step, step, unless_unchanged};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// One build of the same library for browsers of one kind.
struct Variant {
    /// Names its steps and its folder below `target/`.
    name: &'static str,
    /// What these browsers can beyond rustc's defaults.
    target_feature: &'static str,
    /// Where JavaScript finds it.
    folder: &'static str,
}

/// For browsers with `simd128`: all since 2023.
const SIMD: Variant = Variant { name: "simd", target_feature: "+simd128", folder: "www/src/wasm" };

/// For all others.
const PLAIN: Variant =
    Variant { name: "plain", target_feature: "-simd128", folder: "target/wasm-plain/bound" };

/// The JavaScript of both, and where the plain module lies beside the other.
const GLUE: &str = "foldin.js";
const PLAIN_MODULE: &str = "www/src/wasm/foldin_plain_bg.wasm";

/// Names, and what else only tools read, go last: wasm-bindgen reads them.
const WASM_OPT: [&str; 4] = ["-O3", "--strip-debug", "--strip-producers", "--strip-target-features"];

/// Adds the compiler's wasm32 target where it is missing.
pub fn add_target() -> Result<()> {
    let libraries = run::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if libraries.is_some_and(|folder| Path::new(&folder).exists()) {
        return Ok(());
    }
    step("wasm32 target", |step| {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        run::quietly(step, rustup, "install rustup, check the network, or add Rust's wasm32 target by hand")
    })
}

/// Builds the module with vectors and the one without, which share their JavaScript and TypeScript.
pub fn build() -> Result<()> {
    build_variant(&SIMD)?;
    build_variant(&PLAIN)?;
    let glue = |variant: &Variant| fs::read(Path::new(variant.folder).join(GLUE));
    ensure!(
        glue(&SIMD)? == glue(&PLAIN)?,
        "the two modules need different JavaScript; see what differs in {GLUE}"
    );
    fs::copy(format!("{}/foldin_bg.wasm", PLAIN.folder), PLAIN_MODULE)?;
    Ok(())
}

/// Leaves the optimised wasm and its JavaScript and TypeScript in the variant's folder.
fn build_variant(variant: &Variant) -> Result<()> {
    let compiled = compile(variant)?;
    let bound = format!("{}/foldin_bg.wasm", variant.folder);
    let stamp = Stamp::of(&format!("wasm-{}", variant.name), &WASM_OPT.join(" "), &[&compiled])?;
    unless_unchanged(&format!("wasm-bindgen and wasm-opt ({})", variant.name), stamp, &[&bound], |step| {
        bind(Path::new(&compiled), variant.folder)?;
        optimise(step, &bound)
    })
}

/// The path of the module as the compiler made it; cargo itself knows whether it is up to date.
fn compile(variant: &Variant) -> Result<String> {
    let folder = format!("target/wasm-{}", variant.name);
    step(&format!("wasm ({})", variant.name), |step| {
        let mut cargo =
            run::cargo(["rustc", "--lib", "--target", TARGET, "--profile", "wasm", "--target-dir", &folder]);
        // The manifest asks for an rlib too, beside which cargo leaves link-time optimisation out.
        cargo.args(["--crate-type", "cdylib"]);
        // Stands above every other source of flags, so that the caller's cannot take the feature away.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(variant).join("\x1f"));
        run::quietly(step, cargo, "mend what it names, or check the network")
    })?;
    Ok(format!("{folder}/{TARGET}/wasm/foldin.wasm"))
}

fn flags(variant: &Variant) -> Vec<String> {
    let features = format!("target-feature={}", variant.target_feature);
    let mut flags = vec!["-C".into(), features, "--cfg".into(), "getrandom_backend=\"wasm_js\"".into()];
    // Panics name source files. Where the builder's home is, is nobody's business.
    flags.extend(std::env::home_dir().map(|home| format!("--remap-path-prefix={}=~", home.display())));
    flags
}

fn bind(compiled: &Path, folder: &str) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("foldin").typescript(true).web(true)?;
    // www/ names the module itself; a second name would send every bundler after a file that is not there.
    bindgen.omit_default_module_path(true);
    // After a trap a page gets a new instance without a reload.
    bindgen.reset_state_function(true);
    bindgen.generate(folder).context("wasm-bindgen failed")
}

/// In place, but never half: a failed run leaves the module as it was.
fn optimise(step: &Step, module: &str) -> Result<()> {
    let optimised = format!("{module}.optimised");
    let mut node = Command::new("node");
    node.arg("www/node_modules/binaryen/bin/wasm-opt").args(WASM_OPT).args([module, "-o", &optimised]);
    run::quietly(step, node, "delete www/node_modules and start again")?;
    Ok(fs::rename(optimised, module)?)
}
