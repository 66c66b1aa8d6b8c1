//! Which files a deployed package has, and what each contains: `files.json` in its folder.
//!
//! The list proves itself: the hash of all its names and contents stands in the folder's name. So a list that somebody
//! else wrote counts for nothing.

use super::compress::is_file_of;
use super::digest::{hash_of, hex, integrity, sha256};
use super::name::{Name, is_part};
use crate::publish::publish;
use foldin::error::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The list's own name.
pub(super) const FILES: &str = "files.json";

/// Names of files below a package's folder, with the integrity of each.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Listing(BTreeMap<String, String>);

impl Listing {
    pub(super) fn of(files: &BTreeMap<String, Vec<u8>>) -> Listing {
        Listing(files.iter().map(|(name, bytes)| (name.clone(), integrity(sha256(bytes)))).collect())
    }

    /// The list of the package in this folder; None where there is none that proves itself.
    pub(super) fn read(folder: &Path, name: &Name) -> Option<Listing> {
        let text = std::fs::read(folder.join(name.as_str()).join(FILES)).ok()?;
        let listing: Listing = serde_json::from_slice(&text).ok()?;
        listing.sha256().is_some_and(|hash| name.is_package(&hash)).then_some(listing)
    }

    pub(super) fn write(&self, folder: &Path, name: &Name) -> Result<()> {
        let path = folder.join(name.as_str()).join(FILES);
        let text = serde_json::to_vec(self).expect("plain data always serialises");
        if is_file_of(&path, &text) { Ok(()) } else { publish(&path, &[&text]) }
    }

    /// The hash of all names and contents; None where a name leads elsewhere or a hash is none.
    pub(super) fn sha256(&self) -> Option<String> {
        let mut digests = Vec::new();
        for (name, integrity) in &self.0 {
            if !name.split('/').all(is_part) {
                return None;
            }
            digests.extend(sha256(name.as_bytes()));
            digests.extend(hash_of(integrity)?);
        }
        Some(hex(&sha256(&digests)))
    }

    /// Names with integrities.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }
}
