//! What features download besides what every page does, when they are first used.

use crate::dist::{PACKAGE, closure};
use crate::sizes::Size;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const REST: &str = "wasm/foldin_relaxed_rest_bg.wasm";
const LAB: &str = "wasm/foldin_lab_bg.wasm";

/// Each with the files of `dist/` that it fetches, in a page with a worker; of those with a hash in their names what is before it.
const FEATURES: [(&str, &[&str]); 14] = [
    ("<foldin-shelf>", &["element.js"]),
    ("foldin/react", &["react.js"]),
    ("foldin/vue", &["vue.js"]),
    ("foldin/svelte", &["svelte.js"]),
    ("profile, persist", &["worker-profile.js"]),
    ("similar, other weights of events", &[REST]),
    ("seeds, by, seen, pin, boost, quota", &["worker-question.js", REST]),
    ("setFields", &["worker-fields.js", REST]),
    ("recent", &["worker-recent.js"]),
    ("placements, experiment, fallback", &["shop-"]),
    ("search", &["worker-titled.js", REST]),
    ("addItem", &["ask-", "worker-arrivals.js", REST, LAB]),
    ("onboarding, traits", &["ask-", "worker-onboarding.js", REST, LAB]),
    ("importHistory", &["worker-history.js"]),
];

/// A line a feature.
pub fn table(downloaded: &[PathBuf]) -> Result<String> {
    let mut text =
        format!("\n{:<36} {:>9} {:>9} {:>9}\n", "besides, when first used", "raw", "gzip", "brotli");
    for (name, entries) in FEATURES {
        let entries = entries.iter().map(|entry| find(entry)).collect::<Result<_>>()?;
        let files = closure(entries)?;
        let new = files.iter().filter(|file| !downloaded.contains(file));
        let size: Size =
            new.map(|file| Size::of(&fs::read(file)?)).collect::<Result<Vec<_>>>()?.into_iter().sum();
        writeln!(text, "{name:<36} {:>9} {:>9} {:>9}", size.raw, size.gzip, size.brotli)?;
    }
    Ok(text + "\n")
}

fn find(name: &str) -> Result<PathBuf> {
    let folder = Path::new(PACKAGE).join("dist");
    if !name.ends_with('-') {
        return Ok(folder.join(name));
    }
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "js"));
    let starts = |file: &PathBuf| file.file_name().is_some_and(|own| own.to_string_lossy().starts_with(name));
    files.into_iter().find(starts).with_context(|| format!("no {name}*.js in the package; mend FEATURES"))
}
