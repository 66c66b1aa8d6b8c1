//! What is inside what is published: every crate and every npm package, with its licence.

use crate::run;
use anyhow::{Context, Result};
use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand, Package, TargetKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that is published.
pub struct Product {
    pub name: &'static str,
    /// The crates that it is built from.
    roots: &'static [&'static str],
    /// Beyond the default ones, as `crate/feature`.
    features: &'static [&'static str],
    /// Where it runs; None: here.
    platform: Option<&'static str>,
    /// The folder whose scripts are in it, with the npm packages that they import.
    scripts: Option<&'static str>,
}

/// The npm package: wasm and scripts.
pub const PACKAGE: Product = Product {
    name: "foldin",
    roots: &["foldin", "foldin-lab", "foldin-trainer"],
    features: &[],
    platform: Some("wasm32-unknown-unknown"),
    scripts: Some("www"),
};

/// The command.
pub const COMMAND: Product =
    Product { name: "foldin-cli", roots: &["foldin-cli"], features: &[], platform: None, scripts: None };

/// The command as WebAssembly.
pub const COMMAND_WASM: Product =
    Product { features: &["foldin-cli/deep"], platform: Some("wasm32-wasip1"), ..COMMAND };

/// The Python package.
pub const WHEEL: Product = Product {
    name: "foldin, the Python package",
    roots: &["foldin-python"],
    features: &["foldin-python/deep"],
    ..COMMAND
};

/// A part of a product that somebody else wrote.
#[derive(Clone, Debug)]
pub struct Part {
    /// `cargo` or `npm`.
    pub kind: &'static str,
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub license: String,
    /// Where its source is told of.
    pub page: String,
    /// The names of the parts that it is built from.
    pub uses: Vec<String>,
    /// Its files.
    folder: PathBuf,
}

impl Product {
    /// Every part, by name and version.
    ///
    /// # Errors
    /// When cargo cannot tell, or a part says no licence.
    pub fn parts(&self) -> Result<Vec<Part>> {
        let mut parts = self.crates()?;
        if let Some(folder) = self.scripts {
            parts.extend(packages(folder)?);
        }
        Ok(parts)
    }

    fn crates(&self) -> Result<Vec<Part>> {
        let platform = match self.platform {
            Some(platform) => platform.to_owned(),
            None => host()?,
        };
        let mut command = MetadataCommand::new();
        command.other_options(["--locked".into(), "--filter-platform".into(), platform]);
        command.features(CargoOpt::SomeFeatures(self.features.iter().map(|f| f.to_string()).collect()));
        let metadata = command.exec().context("cargo metadata failed; run cargo check first")?;
        let nodes = &metadata.resolve.as_ref().context("cargo resolved nothing")?.nodes;
        let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node.id, node)).collect();
        // Without what only builds: build scripts' crates, tests' crates, procedural macros.
        let used = |package: &Package| {
            let linked = nodes[&package.id]
                .deps
                .iter()
                .filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
            let packages = linked.map(|dep| &metadata[&dep.pkg]);
            packages
                .filter(|p| !p.targets.iter().any(|t| t.kind.contains(&TargetKind::ProcMacro)))
                .collect::<Vec<_>>()
        };
        let roots =
            self.roots.iter().filter_map(|root| metadata.packages.iter().find(|p| p.name.as_str() == *root));
        let mut queue: Vec<&Package> = roots.collect();
        let mut met = BTreeSet::new();
        let mut parts = Vec::new();
        while let Some(package) = queue.pop() {
            if !met.insert(&package.id) {
                continue;
            }
            let uses = used(package);
            queue.extend(&uses);
            if package.source.is_some() {
                parts.push(Part {
                    kind: "cargo",
                    name: package.name.to_string(),
                    version: package.version.to_string(),
                    license: package
                        .license
                        .clone()
                        .with_context(|| format!("{} says no licence", package.name))?,
                    page: package.repository.clone().unwrap_or_default(),
                    uses: uses.iter().map(|p| format!("{}@{}", p.name, p.version)).collect(),
                    folder: package
                        .manifest_path
                        .parent()
                        .context("a file in a folder")?
                        .as_std_path()
                        .to_owned(),
                });
            }
        }
        parts.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        Ok(parts)
    }
}

/// The platform of this machine, as rustc names it.
fn host() -> Result<String> {
    let told = run::output(Command::new("rustc").arg("-vV")).context("rustc does not start")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// The npm packages that the scripts in `folder` import, by its lock file.
fn packages(folder: &str) -> Result<Vec<Part>> {
    let text = fs::read_to_string(format!("{folder}/package-lock.json"))?;
    let lock: serde_json::Value = serde_json::from_str(&text)?;
    let scripts: Vec<String> = crate::stamp::files(&Path::new(folder).join("src"))?
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "ts"))
        .map(|file| Ok(fs::read_to_string(file)?))
        .collect::<Result<_>>()?;
    let entries = lock["packages"].as_object().context("a lock file without packages")?;
    // Whoever uses these has them already.
    let peers = &lock["packages"][""]["peerDependencies"];
    let mut parts = Vec::new();
    for (path, entry) in entries {
        let Some(name) = path.strip_prefix("node_modules/") else { continue };
        let is_imported = scripts.iter().any(|script| script.contains(&format!("from \"{name}\"")));
        if !is_imported || peers.get(name).is_some() {
            continue;
        }
        let text = |key: &str| entry[key].as_str().map(String::from);
        parts.push(Part {
            kind: "npm",
            name: name.to_owned(),
            version: text("version").with_context(|| format!("{name} has no version"))?,
            license: text("license").with_context(|| format!("{name} says no licence"))?,
            page: String::new(),
            uses: Vec::new(),
            folder: Path::new(folder).join(path),
        });
    }
    Ok(parts)
}

impl Part {
    /// `name@version`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The texts that go along with it: notices, and its licence; of several to choose from MIT's.
    pub fn texts(&self) -> Result<Vec<String>> {
        let mut paths: Vec<PathBuf> = fs::read_dir(&self.folder)
            .with_context(|| format!("the files of {} are not there", self.id()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        paths.sort();
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_text = |path: &PathBuf| {
            ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
                .iter()
                .any(|word| name(path).starts_with(word))
        };
        paths.retain(|path| path.is_file() && is_text(path));
        let has_choice = self.license.contains(" OR ") || self.license.contains('/');
        if has_choice && paths.iter().any(|path| name(path).contains("MIT")) {
            paths.retain(|path| name(path).contains("MIT") || name(path).contains("NOTICE"));
        }
        paths.iter().map(|path| Ok(String::from_utf8_lossy(&fs::read(path)?).trim().to_owned())).collect()
    }
}
