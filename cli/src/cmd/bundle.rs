//! `foldin bundle`: the folder that goes to a static host.

use super::size::Size;
use crate::deploy::{self, Asset, Deployed, MANIFEST, Manifest, Options, Release};
use crate::output;
use foldin::Result;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Lay out what a static host serves: the model, the npm package's files and a manifest that names them.
///
/// Files have their hash in their name and a .br and a .gz beside them; foldin.json, swapped in last, says which of
/// them are current. So deploying again disturbs nobody: pages that are open keep their files, pages that load get
/// the new ones. In a page without a bundler: `import { load } from "/load.js"; const shop = await load();`
#[derive(clap::Args)]
#[command(after_help = "Examples:
  foldin bundle movies.safetensors -o dist/        # deploy; again with the next model
  foldin bundle large.safetensors --head 500kB -o dist/
  foldin bundle --rollback -o dist/                # the release before this one is current again")]
pub struct Bundle {
    /// Model file (.safetensors).
    #[arg(required_unless_present = "rollback")]
    model: Option<PathBuf>,
    /// The folder; what else it holds stays.
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// Go back to the release before the current one.
    #[arg(long, conflicts_with = "model")]
    rollback: bool,
    /// The built npm package [default: node_modules/foldin, here or above, or npm/foldin beside the command]
    #[arg(long, value_name = "FOLDER")]
    package: Option<PathBuf>,
    /// Size of the head, such as 1MB: the items that most people had in training, which a page answers from while the
    /// other parts of the model follow; 0 for one file alone [default: 1MB above 4MB, else 0]. Where the model keeps the
    /// rows of the release before (train --stable-order), head and parts stay as they can.
    #[arg(long, value_name = "SIZE", conflicts_with = "rollback")]
    head: Option<Size>,
    /// How many earlier releases keep their files, for pages that are open and for --rollback.
    #[arg(long, default_value_t = 3)]
    keep: usize,
    /// The address of the folder on its host, for the headers.
    #[arg(long, default_value = "/", value_parser = base)]
    base: String,
    /// Print one JSON document: the manifest.
    #[arg(long)]
    json: bool,
}

/// What to say where the npm package is missing.
pub const NO_PACKAGE: &str =
    "the npm package was not found and is left out; npm install foldin, or --package FOLDER";

/// An absolute path that ends in `/`.
fn base(text: &str) -> std::result::Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~".contains(c));
    match plain && text.starts_with('/') && text.ends_with('/') {
        true => Ok(text.to_owned()),
        false => Err("expected a path such as / or /recommender/".into()),
    }
}

impl Bundle {
    pub fn run(self) -> Result<()> {
        let wait = || output::note("another bundle writes into this folder; waiting until it is done");
        let manifest = match &self.model {
            None => deploy::roll_back(&self.output, wait)?,
            Some(model) => {
                let package = self.package.clone().or_else(find_package);
                if package.is_none() {
                    output::note(NO_PACKAGE);
                }
                let now = jiff::Timestamp::now().to_string();
                let options = Options {
                    package,
                    head: self.head.map(|Size(bytes)| usize::try_from(bytes).unwrap_or(usize::MAX)),
                    keep: self.keep,
                    base: self.base.clone(),
                    now,
                };
                let Deployed { manifest, left } = deploy::deploy(model, &self.output, &options, wait)?;
                for path in left {
                    output::note(format_args!("left, because foldin did not make it: {}", path.display()));
                }
                manifest
            }
        };
        if self.json {
            output::json(&manifest)
        } else {
            output::print(|out| print(&manifest, &self.output, out))
        }
    }
}

/// The package as npm installs it, or as it lies beside the command.
pub fn find_package() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let installed = here.ancestors().map(|folder| folder.join("node_modules/foldin"));
    let command = std::env::current_exe().ok();
    let beside =
        command.iter().flat_map(|command| command.ancestors().skip(2).take(1)).map(|f| f.join("npm/foldin"));
    installed.chain(beside).find(|folder| folder.join("dist/index.js").is_file())
}

fn print(manifest: &Manifest, folder: &Path, out: &mut dyn Write) -> io::Result<()> {
    let Some(Release { version, model, package, pieces, items, .. }) = &manifest.current else {
        return Ok(());
    };
    let Asset { file, bytes, gzip, brotli, .. } = model;
    writeln!(out, "{:16} {}", "manifest", folder.join(MANIFEST).display())?;
    writeln!(out, "{:16} {version}", "current")?;
    writeln!(out, "{:16} {file}: {bytes} bytes, {gzip} gzip, {brotli} brotli", "model")?;
    if let Some(deploy::Pieces { head, items: first, parts }) = pieces {
        let Asset { file, bytes, gzip, brotli, .. } = head;
        writeln!(out, "{:16} {file}: {bytes} bytes, {gzip} gzip, {brotli} brotli", "head")?;
        writeln!(out, "{:16} {first} of {items} items in the head, all others in {} parts", "", parts.len())?;
    }
    if let Some(package) = package {
        let deploy::Package { folder, bytes, gzip, brotli, .. } = package;
        writeln!(out, "{:16} {folder}: {bytes} bytes, {gzip} gzip, {brotli} brotli", "package")?;
    }
    let versions: Vec<&str> = manifest.previous.iter().map(|release| release.version.as_str()).collect();
    if !versions.is_empty() {
        writeln!(
            out,
            "{:16} {} (foldin bundle --rollback -o {})",
            "before",
            versions.join(", "),
            folder.display()
        )?;
    }
    Ok(())
}
