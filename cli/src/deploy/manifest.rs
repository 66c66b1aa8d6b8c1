//! `foldin.json`: which release is current, and those before it.

use super::compress::Compressed;
use super::digest::{hex, sha256};
use super::refused;
use crate::publish::publish;
use base64::Engine;
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
    /// The npm package's files, where they were deployed along.
    pub package: Option<Package>,
}

/// A file, by its path in the folder.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Asset {
    /// With its hash in its name.
    pub file: String,
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

/// The npm package's files, in a folder with their common hash in its name.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Package {
    /// Its version in the registry.
    pub version: String,
    /// The folder.
    pub folder: String,
    /// The module that a page imports.
    pub entry: String,
    /// Of all files together.
    pub bytes: usize,
    /// Of all copies with `.gz` at their ends.
    pub gzip: usize,
    /// Of all copies with `.br` at their ends.
    pub brotli: usize,
    /// Of the files' names and contents.
    pub sha256: String,
}

impl Asset {
    pub(super) fn new(file: &str, bytes: &[u8], Compressed { gzip, brotli }: Compressed) -> Asset {
        let hash = sha256(bytes);
        let base64 = base64::engine::general_purpose::STANDARD.encode(hash);
        Asset {
            file: file.into(),
            bytes: bytes.len(),
            gzip,
            brotli,
            sha256: hex(&hash),
            integrity: format!("sha256-{base64}"),
        }
    }
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
        let remedy = "give another folder, or remove the file if it may go";
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|error| refused(&path, error.to_string(), remedy))?;
        match manifest.format == FORMAT && manifest.stays_inside() {
            true => Ok(manifest),
            false => Err(refused(&path, "not a foldin bundle's manifest", remedy)),
        }
    }

    /// Whether every path leads into the folder.
    fn stays_inside(&self) -> bool {
        let outside =
            |file: &String| file.starts_with('/') || file.split(['/', '\\']).any(|part| part == "..");
        let of_package = |release: &Release| {
            release.package.as_ref().is_some_and(|p| outside(&p.folder) || outside(&p.entry))
        };
        !self
            .releases()
            .chain(&self.withdrawn)
            .any(|release| outside(&release.model.file) || of_package(release))
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
        let same = |old: &Release| old.version == release.version && old.package == release.package;
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
