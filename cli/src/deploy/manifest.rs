//! `foldin.json`: which release is current, and those before it.

use super::compress::Compressed;
use super::digest::{hash_of, hex, integrity, sha256};
use super::name::{Name, is_hex};
use super::refused;
use crate::publish::publish;
use foldin::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The manifest's name.
pub const MANIFEST: &str = "foldin.json";

const FORMAT: &str = "foldin-bundle";

/// What a deployed folder holds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Manifest {
    format: String,
    /// What pages load.
    pub current: Option<Release>,
    /// Earlier ones whose files are still there, the latest first.
    pub previous: Vec<Release>,
    /// Those that were rolled back; their files stay until the next deployment.
    pub withdrawn: Vec<Release>,
}

/// A model with the package that it was deployed with.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Release {
    /// The first 12 digits of the model's SHA-256; reports of pages name it.
    pub version: String,
    /// When it was deployed, RFC 3339.
    pub deployed: String,
    /// Items of the model.
    pub items: usize,
    /// Length of its factors.
    pub dim: usize,
    /// The model file.
    pub model: Asset,
    /// The same model in pieces, where it was deployed so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<Pieces>,
    /// The npm package's files, where they were deployed along.
    pub package: Option<Package>,
}

/// A file, by its path in the folder.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Asset {
    /// With its hash in its name.
    pub file: Name,
    /// Its size.
    pub bytes: usize,
    /// Size of the copy with `.gz` at its end.
    pub gzip: usize,
    /// Size of the copy with `.br` at its end.
    pub brotli: usize,
    /// In hexadecimal digits.
    pub sha256: String,
    /// The same as `integrity` of `Recommender.load` takes it.
    pub integrity: String,
}

/// A model that a page need not wait for: a small model of the items that most visitors want, and all others.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Pieces {
    /// What a page loads; it names the parts.
    pub head: Asset,
    /// Items in the head.
    pub items: usize,
    /// What follows.
    pub parts: Vec<Part>,
}

/// Some rows of the model, but those of the head's items.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Part {
    /// The file.
    #[serde(flatten)]
    pub asset: Asset,
    /// The first row.
    pub first: u32,
    /// The row after the last.
    pub end: u32,
    /// No factor in it is longer: what no item of it can score above, for a vector of length 1 and without biases.
    pub longest: f32,
    /// No bias in it is greater.
    pub largest_bias: f32,
}

impl Release {
    /// The model's files.
    pub(super) fn assets(&self) -> impl Iterator<Item = &Asset> {
        let pieces = self.pieces.iter();
        let pieces = pieces
            .flat_map(|pieces| std::iter::once(&pieces.head).chain(pieces.parts.iter().map(|p| &p.asset)));
        std::iter::once(&self.model).chain(pieces)
    }
}

/// The npm package's files, in a folder with their common hash in its name.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Package {
    /// Its version in the registry.
    pub version: String,
    /// The folder.
    pub folder: Name,
    /// The module that a page imports.
    pub entry: String,
    /// That module and those which it imports before it runs.
    #[serde(default)]
    pub modules: Vec<Module>,
    /// Of all files together.
    pub bytes: usize,
    /// Of all copies with `.gz` at their ends.
    pub gzip: usize,
    /// Of all copies with `.br` at their ends.
    pub brotli: usize,
    /// Of the files' names and contents.
    pub sha256: String,
}

/// A script whose bytes `load.js` checks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Module {
    /// Its path in the folder.
    pub file: String,
    /// As HTML takes it.
    pub integrity: String,
}

impl Asset {
    pub(super) fn new(file: Name, bytes: &[u8], Compressed { gzip, brotli }: Compressed) -> Asset {
        let hash = sha256(bytes);
        Asset { file, bytes: bytes.len(), gzip, brotli, sha256: hex(&hash), integrity: integrity(hash) }
    }

    /// Whether it is called by its hash.
    fn is_ours(&self) -> bool {
        is_sha256(&self.sha256)
            && self.file.is_model(&self.sha256)
            && hash_of(&self.integrity).is_some_and(|hash| hex(&hash) == self.sha256)
    }
}

impl Package {
    /// Whether it is called by its hash, and its scripts lie in it.
    fn is_ours(&self) -> bool {
        is_sha256(&self.sha256)
            && self.folder.is_package(&self.sha256)
            && self.entry == entry(&self.folder)
            && self.modules.iter().all(|module| module.file.starts_with(&format!("{}/", self.folder)))
    }
}

/// The path of a package's module that a page imports.
pub(super) fn entry(folder: &Name) -> String {
    format!("{folder}/index.js")
}

fn is_sha256(digits: &str) -> bool {
    digits.len() == 64 && is_hex(digits)
}

impl Manifest {
    /// The manifest of a folder; an empty one where the folder has none.
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] for a file of that name that is no manifest; [`Problem::Io`].
    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(MANIFEST);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Manifest {
                    format: FORMAT.into(),
                    current: None,
                    previous: Vec::new(),
                    withdrawn: Vec::new(),
                });
            }
            Err(error) => return Err(Error::io(path)(error)),
        };
        let wrong = |why: &dyn std::fmt::Display| {
            let remedy = "give another folder, or remove the file if it may go";
            refused(&path, format!("not a foldin bundle's manifest: {why}"), remedy)
        };
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| wrong(&error))?;
        match manifest.format == FORMAT && manifest.is_ours() {
            true => Ok(manifest),
            false => Err(wrong(&"its names are not those that foldin gives")),
        }
    }

    /// Whether every path in it is one that foldin made.
    fn is_ours(&self) -> bool {
        let mut releases = self.releases().chain(&self.withdrawn);
        releases.all(|r| r.assets().all(Asset::is_ours) && r.package.as_ref().is_none_or(Package::is_ours))
    }

    /// Swaps it in, in one rename.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(self).expect("plain data always serialises");
        text.push(b'\n');
        publish(&folder.join(MANIFEST), &[&text])
    }

    /// The current release and those before it.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.current.iter().chain(&self.previous)
    }

    /// The manifest with `release` as current one, and the releases that are no longer kept. The same model and
    /// package again only count once.
    pub(super) fn with(self, release: Release, keep: usize) -> (Manifest, Vec<Release>) {
        let same = |old: &Release| {
            old.version == release.version && old.package == release.package && old.pieces == release.pieces
        };
        let mut previous: Vec<Release> =
            self.current.into_iter().chain(self.previous).filter(|old| !same(old)).collect();
        let mut dropped = previous.split_off(keep.min(previous.len()));
        dropped.extend(self.withdrawn);
        let manifest =
            Manifest { format: self.format, current: Some(release), previous, withdrawn: Vec::new() };
        (manifest, dropped)
    }

    /// The manifest with the release before the current one as current; None where there is none.
    pub(super) fn rolled_back(mut self) -> Option<Manifest> {
        let before = self.previous.first().cloned()?;
        self.previous.remove(0);
        self.withdrawn.extend(self.current.replace(before));
        Some(self)
    }
}
