//! Whether all that a manifest names is there, and as it was deployed.

use super::compress::{BROTLI, GZIP, is_brotli_of, is_gzip_of};
use super::digest::{hex, integrity, sha256};
use super::listing::Listing;
use super::manifest::{MANIFEST, Manifest, Package, Release};
use super::{LOADER, beside, refused};
use crate::model_file;
use crate::outcome::Outcome;
use foldin::error::Result;
use std::path::Path;

/// Looks at every file of a deployed folder: an outcome for the manifest and for each release.
///
/// # Errors
/// As [`Manifest::read`]; [`foldin::Problem::Data`] for a folder without a manifest.
pub fn verify(folder: &Path) -> Result<Vec<Outcome>> {
    let manifest = Manifest::read(folder)?;
    let Some(current) = &manifest.current else {
        let remedy = "give a folder that `foldin bundle` wrote";
        return Err(refused(folder, format!("no {MANIFEST} with a current release"), remedy));
    };
    let loader = folder.join(LOADER).is_file();
    let found = if loader { format!("current release {}", current.version) } else { format!("no {LOADER}") };
    let whole = format!("{MANIFEST} and {LOADER}: deploy again");
    let mut outcomes = vec![Outcome { name: "manifest".into(), holds: loader, found, expected: whole }];
    for release in manifest.releases() {
        let faults = faults_of_release(folder, release);
        let pieces = release.assets().count() - 1;
        let pieces = if pieces == 0 { String::new() } else { format!(" and {pieces} pieces") };
        let whole = format!("{}{pieces} whole, with copies", release.model.file);
        outcomes.push(Outcome {
            name: format!("release {}", release.version),
            holds: faults.is_empty(),
            found: if faults.is_empty() { whole } else { faults.join(", ") },
            expected: "every file as it was deployed: deploy its model and package again".into(),
        });
    }
    Ok(outcomes)
}

/// What of a release is missing or damaged.
pub(super) fn faults_of_release(folder: &Path, release: &Release) -> Vec<String> {
    let mut faults = Vec::new();
    for asset in release.assets() {
        faults.extend(faults_of_file(folder, asset.file.as_str(), &asset.integrity));
    }
    let opened = [Some(&release.model), release.pieces.as_ref().map(|pieces| &pieces.head)];
    for asset in opened.into_iter().flatten().filter(|_| faults.is_empty()).collect::<Vec<_>>() {
        faults
            .extend(model_file::read(folder.join(asset.file.as_str())).err().map(|error| error.to_string()));
    }
    faults.extend(release.package.iter().flat_map(|package| faults_of_package(folder, package)));
    faults
}

fn faults_of_package(folder: &Path, package: &Package) -> Vec<String> {
    let Some(listing) = Listing::read(folder, &package.folder) else {
        return vec![format!("{} has no list of its files that fits its name", package.folder)];
    };
    if listing.sha256().as_ref() != Some(&package.sha256) {
        return vec![format!("{} is another package's than the manifest says", package.folder)];
    }
    let of_file = |(file, integrity): (&String, &String)| {
        faults_of_file(folder, &format!("{}/{file}", package.folder), integrity)
    };
    listing.iter().flat_map(of_file).collect()
}

/// What of a file and its copies is missing or damaged.
fn faults_of_file(folder: &Path, file: &str, expected: &str) -> Vec<String> {
    let path = folder.join(file);
    let Ok(bytes) = std::fs::read(&path) else { return vec![format!("{file} is gone")] };
    if integrity(sha256(&bytes)) != expected {
        return vec![format!("{file} is damaged (SHA-256 {})", &hex(&sha256(&bytes))[..12])];
    }
    let copies = [
        (GZIP, is_gzip_of(&beside(&path, GZIP), &bytes)),
        (BROTLI, is_brotli_of(&beside(&path, BROTLI), &bytes)),
    ];
    let wrong = copies.iter().filter(|(_, whole)| !whole);
    wrong.map(|(ending, _)| format!("{file}{ending} is gone or damaged")).collect()
}
