//! Builds the library for the browser: cargo, then wasm-bindgen (as a library, no tool to install), then
//! npm's wasm-opt.

use crate::panics;
use crate::run;
use crate::split::split;
use crate::stamp::Stamp;
use crate::step::{Step, step, unless_unchanged};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// A kind of browsers.
struct Browsers {
    /// Names the steps and the folder below `target/`.
    name: &'static str,
    /// What these browsers can beyond rustc's defaults.
    target_feature: &'static str,
    /// Comes before `_bg.wasm` in the name of their module, where it is not divided.
    suffix: &'static str,
    /// Kernels that few models need, as in [`REST`].
    rest: &'static [&'static str],
}

/// All since 2023 have `simd128`.
const SIMD: Browsers = Browsers { name: "simd", target_feature: "+simd128", suffix: "", rest: VECTORS };
/// The others. Scalar kernels are small, and inlined.
const PLAIN: Browsers = Browsers { name: "plain", target_feature: "-simd128", suffix: "_plain", rest: &[] };
/// Chromium and Firefox have relaxed instructions too, which scoring alone profits from.
const RELAXED: Browsers =
    Browsers { name: "relaxed", target_feature: "+simd128,+relaxed-simd", suffix: "_relaxed", rest: VECTORS };
const VECTORS: &[&str] = &["foldin_kernel::simd128::f16", "foldin_kernel::simd128::int4"];

/// A part of the library that is loaded by itself.
struct Module {
    /// Of its files.
    name: &'static str,
    /// The crate that it is built from.
    package: &'static str,
    /// The folders that go into it.
    sources: &'static [&'static str],
    opt_level: &'static str,
    /// Arguments of wasm-opt.
    wasm_opt: &'static [&'static str],
    /// Where JavaScript finds it.
    folder: &'static str,
    /// The browsers that have a build of their own.
    builds: &'static [&'static Browsers],
    /// What is fetched when something asks for it: functions and modules of these names, and what only they call.
    rest: &'static [&'static str],
}

/// What few pages ask of the engine, and only after JavaScript's `wholeEngine`: items that come and go, fine-tuning,
/// beliefs, other weights, what shops ask for, and the models that JavaScript's `needsWhole` tells by their headers.
const REST: [&str; 52] = [
    "engine_similar",
    "foldin::score::similar",
    "question_boostItems",
    "question_boostTags",
    "question_quota",
    "question_explore",
    "foldin::score::boosts",
    "foldin::score::quotas",
    "foldin::score::explore",
    "engine_believe",
    "engine_setNumbers",
    "engine_setTags",
    "engine_wanted",
    "question_rankBy",
    "question_seeds",
    "question_seen",
    "question_pin",
    "question_bury",
    "question_atLeast",
    "question_open",
    "question_close",
    "foldin::recommender::asked",
    "foldin::score::arrange",
    "foldin::score::given",
    "foldin::model::together",
    "foldin::model::fields",
    "engine_add",
    "engine_remove",
    "engine_restore",
    "engine_place",
    "newitem_new",
    "newitem_number",
    "newitem_tags",
    "engine_startTuning",
    "engine_finishTuning",
    "engine_resetTuning",
    "tuning_epoch",
    "engine_weigh",
    "foldin::visitor::next",
    "foldin::visitor::pairwise",
    "foldin::visitor::two_towers",
    "foldin::visitor::tower",
    "foldin::model::Model::gram_of_rows",
    "engine_arriving",
    "engine_placeHead",
    "engine_arrive",
    "engine_holds",
    "foldin::model::arrival::Arrival",
    "foldin::model::source",
    "core::ptr::drop_in_place<alloc::vec::Vec<foldin::model::placing::Ragged>>",
    "core::ptr::drop_in_place<alloc::vec::Vec<foldin::model::placing::Fixed>>",
    "core::ptr::drop_in_place<alloc::boxed::Box<foldin::model::arrival::Arrival>>",
];

/// The engine, which every page loads, the lab without training, packing and words: small. Training: compiled for speed it weighs 40 KB
/// more and is nearly twice as fast.
const MODULES: [Module; 6] = [
    Module {
        name: "foldin",
        package: "foldin",
        sources: &["src", "kernel"],
        opt_level: "\"s\"",
        wasm_opt: &SMALL,
        folder: FOLDER,
        builds: &[&SIMD, &PLAIN, &RELAXED],
        rest: &REST,
    },
    Module {
        name: "foldin_lab",
        package: "foldin-lab",
        sources: &["src", "kernel", "lab/src"],
        opt_level: "\"s\"",
        wasm_opt: &SMALL,
        folder: FOLDER,
        builds: &[&SIMD, &PLAIN],
        rest: &[],
    },
    Module {
        name: "foldin_packer",
        package: "foldin-packer",
        sources: &["src", "kernel", "packer/src"],
        opt_level: "\"s\"",
        wasm_opt: &SMALL,
        folder: FOLDER,
        builds: &[&SIMD, &PLAIN],
        rest: &[],
    },
    Module {
        name: "foldin_words",
        package: "foldin-words",
        sources: &["kernel", "words/src"],
        opt_level: "\"s\"",
        wasm_opt: &SMALL,
        folder: FOLDER,
        builds: &[&SIMD, &PLAIN],
        rest: &[],
    },
    Module {
        name: "foldin_trainer",
        package: "foldin-trainer",
        sources: &["src", "kernel", "lab/src", "trainer/src"],
        opt_level: "3",
        // Functions of their own, as `lab/src/simd.rs` has them, stay so.
        wasm_opt: &["--no-inline=*foldin_lab*simd*run*", "-O3"],
        folder: FOLDER,
        builds: &[&SIMD, &PLAIN],
        rest: &[],
    },
    // Of the demo page alone; nothing in it has vectors.
    Module {
        name: "foldin_readers",
        package: "foldin-readers",
        sources: &["src", "kernel", "lab/src", "readers/src"],
        opt_level: "\"s\"",
        wasm_opt: &SMALL,
        folder: "www/demo/own/wasm",
        builds: &[&PLAIN],
        rest: &[],
    },
];

/// The crates that the modules are built from.
pub const PACKAGES: [&str; 6] =
    ["foldin", "foldin-lab", "foldin-packer", "foldin-trainer", "foldin-words", "foldin-readers"];

/// Where the package finds its modules.
pub const FOLDER: &str = "www/src/wasm";

/// Nothing lies in the lowest kilobyte, where the stack would end: additions to an address may become part of a load.
/// A second round finds more. Functions with one caller stay functions unless they are tiny: gzip does better so.
const SMALL: [&str; 4] = ["--low-memory-unused", "-Os", "-Os", "--one-caller-inline-max-function-size=20"];

/// Names, and what else only tools read, go last: wasm-bindgen reads them.
const STRIP: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// Adds the compiler's target for pages where it is missing.
pub fn add_target() -> Result<()> {
    add_target_of(TARGET)
}

/// Adds one of the compiler's wasm32 targets where it is missing.
pub fn add_target_of(target: &str) -> Result<()> {
    let libraries = run::output(Command::new("rustc").args(["--print", "target-libdir", "--target", target]));
    if libraries.is_some_and(|folder| Path::new(&folder).exists()) {
        return Ok(());
    }
    step(&format!("target {target}"), |step| {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", target]);
        run::quietly(step, rustup, "install rustup, check the network, or add Rust's wasm32 target by hand")
    })
}

/// Which browsers are built for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum For {
    /// All: what is published.
    Everybody,
    /// Those that have vectors: what a page on this machine needs.
    Today,
}

/// Builds every module, the kinds of browsers side by side. Modules of one name share their JavaScript and TypeScript.
pub fn build(audience: For) -> Result<()> {
    MODULES.iter().try_for_each(|module| fs::create_dir_all(module.folder))?;
    // Where there is a build with vectors, browsers of today need no other.
    let is_wanted = |module: &Module, browsers: &Browsers| {
        let has = |name: &str| module.builds.iter().any(|build| build.name == name);
        has(browsers.name) && (audience == For::Everybody || browsers.name != PLAIN.name || !has(SIMD.name))
    };
    std::thread::scope(|scope| {
        let build_kind = |browsers: &'static Browsers| {
            let wanted = MODULES.iter().filter(|module| is_wanted(module, browsers));
            wanted.map(|module| build_one(module, browsers)).collect::<Result<Vec<()>>>()
        };
        let kinds = [&SIMD, &PLAIN, &RELAXED].map(|browsers| scope.spawn(move || build_kind(browsers)));
        kinds.into_iter().try_for_each(|kind| kind.join().expect("a build does not panic").map(drop))
    })?;
    for module @ Module { name, builds, .. } in &MODULES {
        let glue = |browsers: &Browsers| fs::read(bound(name, browsers).join(format!("{name}.js")));
        let [first, others @ ..] = builds else { unreachable!("at least one build") };
        for others in others.iter().filter(|browsers| is_wanted(module, browsers)) {
            ensure!(
                glue(first)? == glue(others)?,
                "the builds of {name} need different JavaScript; see what differs in {name}.js"
            );
        }
        copy_glue(module, &bound(name, first))?;
    }
    Ok(())
}

fn copy_glue(Module { name, folder, .. }: &Module, from: &Path) -> Result<()> {
    for file in [format!("{name}.js"), format!("{name}.d.ts")] {
        fs::copy(from.join(&file), Path::new(folder).join(&file))?;
    }
    Ok(())
}

/// Builds the modules whose sources changed since the last such build, as fast as can be: for one kind of browsers,
/// without optimisation across crates or afterwards. Every build for browsers is this one then.
pub fn build_for_development() -> Result<()> {
    for module @ Module { name, builds, .. } in &MODULES {
        fs::create_dir_all(module.folder)?;
        let folder = PathBuf::from(format!("target/wasm-dev/{name}"));
        let bound = folder.join(format!("{name}_bg.wasm"));
        let stamp = stamp(module, "dev")?;
        unless_unchanged(&format!("wasm ({name}, dev)"), stamp, &[&bound.display().to_string()], |step| {
            bind(Path::new(&compile_for_development(step, module)?), name, &folder)
        })?;
        copy_glue(module, &folder)?;
        for browsers in *builds {
            let [whole, parts @ ..] = &outputs(module, browsers)[..] else {
                unreachable!("at least the whole")
            };
            // JavaScript looks for no second part of what is whole.
            for file in [whole].into_iter().chain(parts.first()) {
                fs::copy(&bound, file)?;
            }
            // What lies there now is not what a release build left.
            Stamp::forget(&stamp_name(module, browsers.name))?;
        }
    }
    Ok(())
}

fn compile_for_development(step: &Step, module: &Module) -> Result<String> {
    let mut cargo = run::cargo(["rustc", "--lib", "--package", module.package, "--target", TARGET]);
    cargo.args(["--crate-type", "cdylib", "--target-dir", "target/wasm-dev", "--profile", "wasm-dev"]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", page_flags(&SIMD).join("\x1f"));
    run::quietly(step, cargo, "mend what it names, or check the network")?;
    Ok(format!("target/wasm-dev/{TARGET}/wasm-dev/{}.wasm", module.name))
}

/// Where wasm-bindgen leaves its files, before they are laid out for JavaScript.
fn bound(module: &str, browsers: &Browsers) -> PathBuf {
    format!("target/wasm-{}/{module}", browsers.name).into()
}

fn stamp_name(module: &Module, kind: &str) -> String {
    format!("wasm-{}-{kind}", module.name)
}

/// Of all that goes into a module.
fn stamp(module: &Module, kind: &str) -> Result<Stamp> {
    let compiler = run::output(Command::new("rustc").arg("--version")).unwrap_or_default();
    let further =
        ["Cargo.toml", "Cargo.lock", "xtask/src/wasm.rs", "xtask/src/panics.rs", "xtask/src/split.rs"];
    Stamp::of(&stamp_name(module, kind), &compiler, &[module.sources, &further].concat())
}

/// The files of a module for some browsers: the whole; where it is divided, also its first part and the rest.
fn outputs(module: &Module, browsers: &Browsers) -> Vec<String> {
    let Module { name, rest, folder, builds, .. } = module;
    let suffix = if builds.len() > 1 { browsers.suffix } else { "" };
    let whole = format!("{folder}/{name}{suffix}_bg.wasm");
    if rest.is_empty() {
        return vec![whole];
    }
    let part = |of: &str| format!("{FOLDER}/{name}_{}{of}_bg.wasm", browsers.name);
    // A page that hands the engine over itself has the one that all browsers of today take.
    vec![format!("{FOLDER}/{name}_bg.wasm"), part(""), part("_rest")]
}

fn build_one(module: &Module, browsers: &Browsers) -> Result<()> {
    let Module { name, .. } = *module;
    let outputs = outputs(module, browsers);
    let folder = bound(name, browsers);
    let glue = folder.join(format!("{name}.js")).display().to_string();
    let stamp = stamp(module, browsers.name)?;
    let made: Vec<&str> = outputs.iter().map(String::as_str).chain([glue.as_str()]).collect();
    unless_unchanged(&format!("wasm ({name}, {})", browsers.name), stamp, &made, |step| {
        let compiled = compile(step, module, browsers)?;
        bind(Path::new(&compiled), name, &folder)?;
        let bound = folder.join(format!("{name}_bg.wasm"));
        panics::silence(&bound)?;
        let [whole, parts @ ..] = &outputs[..] else { unreachable!("at least the whole") };
        if parts.is_empty() {
            return optimise(step, &[module.wasm_opt, &STRIP].concat(), &bound, whole);
        }
        // Divided when it is small already: what has to be exported can be changed no more.
        let named = folder.join(format!("{name}.named.wasm"));
        optimise(step, &[module.wasm_opt, &["--debuginfo"]].concat(), &bound, &named.display().to_string())?;
        if browsers.name == SIMD.name {
            optimise(step, &STRIP, &named, whole)?;
        }
        let divided = split(&fs::read(&named)?, &[module.rest, browsers.rest].concat(), browsers.name)?;
        for (bytes, part) in divided.iter().zip(parts) {
            let named = folder.join(format!("{name}.part.wasm"));
            fs::write(&named, bytes)?;
            optimise(step, &[module.wasm_opt, &STRIP].concat(), &named, part)?;
        }
        Ok(())
    })
}

/// The path of the module as the compiler made it.
fn compile(step: &Step, module: &Module, browsers: &Browsers) -> Result<String> {
    let Module { name, package, .. } = *module;
    let folder = format!("target/wasm-{}", browsers.name);
    let mut cargo =
        run::cargo(["rustc", "--lib", "--package", package, "--target", TARGET, "--profile", "wasm"]);
    // The manifest asks for an rlib too, beside which cargo leaves link-time optimisation out.
    cargo.args(["--crate-type", "cdylib", "--target-dir", &folder]);
    cargo.args(["--config", &format!("profile.wasm.opt-level={}", module.opt_level)]);
    // Stands above every other source of flags, so that the caller's cannot take the feature away.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", page_flags(browsers).join("\x1f"));
    run::quietly(step, cargo, "mend what it names, or check the network")?;
    Ok(format!("{folder}/{TARGET}/wasm/{name}.wasm"))
}

fn page_flags(browsers: &Browsers) -> Vec<String> {
    let mut flags = flags(browsers.target_feature);
    flags.extend(["--cfg".into(), "getrandom_backend=\"wasm_js\"".into()]);
    flags
}

/// Flags of rustc for a processor's features; nothing in them tells where the sources lie.
pub fn flags(target_feature: &str) -> Vec<String> {
    let features = format!("target-feature={target_feature}");
    let mut flags = vec!["-C".into(), features];
    // Panics name source files. Where they lie on this machine, and where cargo brought them from, is nobody's business.
    let folders = [std::env::home_dir(), cargo_home(), std::env::current_dir().ok()].into_iter().flatten();
    flags.extend(folders.map(|folder| format!("--remap-path-prefix={}=~", folder.display())));
    let registries = cargo_home().and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    // Of several that fit the last counts.
    for registry in registries.into_iter().flatten().flatten() {
        flags.push(format!("--remap-path-prefix={}=crates", registry.path().display()));
    }
    flags
}

/// Where cargo keeps the crates' sources.
pub fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

fn bind(compiled: &Path, module: &str, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(module).typescript(true).web(true)?;
    // www/ names the module itself; a second name would send every bundler after a file that is not there.
    bindgen.omit_default_module_path(true);
    // After a trap a page gets a new instance without a reload.
    bindgen.reset_state_function(true);
    bindgen.generate(folder).context("wasm-bindgen failed")
}

/// Never leaves half a module: a failed run leaves the last one as it was.
fn optimise(step: &Step, arguments: &[&str], bound: &Path, optimised: &str) -> Result<()> {
    let beside = format!("{optimised}.new");
    let mut node = Command::new("node");
    node.arg("www/node_modules/binaryen/bin/wasm-opt").args(arguments);
    node.arg(bound).args(["-o", &beside]);
    run::quietly(step, node, "delete www/node_modules and start again")?;
    Ok(fs::rename(beside, optimised)?)
}
