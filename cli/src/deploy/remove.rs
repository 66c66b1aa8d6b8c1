//! Removes what foldin made of releases that are no longer kept, and nothing else: no other name, nothing outside the
//! folder, nothing through a link.

use super::beside;
use super::compress::{BROTLI, GZIP};
use super::listing::{FILES, Listing};
use super::manifest::{Manifest, Release};
use super::name::Name;
use std::fs::{remove_dir, remove_file, symlink_metadata};
use std::path::{Path, PathBuf};

/// Removes the files of `dropped` releases that no `kept` one has; the paths of what was left because it is not
/// foldin's, or cannot be removed.
pub(super) fn remove(folder: &Path, kept: &Manifest, dropped: &[Release]) -> Vec<PathBuf> {
    let mut left = Vec::new();
    let is_kept = |name: &Name| {
        kept.releases().any(|release| {
            release.assets().any(|asset| asset.file == *name)
                || release.package.as_ref().is_some_and(|p| p.folder == *name)
        })
    };
    for release in dropped {
        for asset in release.assets().filter(|asset| !is_kept(&asset.file)) {
            remove_with_copies(folder, asset.file.as_str(), &mut left);
        }
        for package in release.package.iter().filter(|package| !is_kept(&package.folder)) {
            remove_package(folder, &package.folder, &mut left);
        }
    }
    left
}

fn remove_package(folder: &Path, name: &Name, left: &mut Vec<PathBuf>) {
    let path = folder.join(name.as_str());
    if is_below(folder, &path)
        && let Some(listing) = Listing::read(folder, name)
    {
        let mut folders = vec![path.clone()];
        for (file, _) in listing.iter() {
            let file = format!("{name}/{file}");
            remove_with_copies(folder, &file, left);
            let parents = folder.join(&file);
            folders.extend(parents.ancestors().skip(1).take_while(|p| *p != path).map(Path::to_owned));
        }
        remove_one(folder, &path.join(FILES), left);
        // The deepest first; one with somebody's file in it stays.
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        folders.iter().filter(|path| is_below(folder, path)).for_each(|path| _ = remove_dir(path));
    }
    if symlink_metadata(&path).is_ok() && !left.iter().any(|other| other.starts_with(&path)) {
        left.push(path);
    }
}

fn remove_with_copies(folder: &Path, file: &str, left: &mut Vec<PathBuf>) {
    let path = folder.join(file);
    for file in [beside(&path, GZIP), beside(&path, BROTLI), path] {
        remove_one(folder, &file, left);
    }
}

fn remove_one(folder: &Path, file: &Path, left: &mut Vec<PathBuf>) {
    let Ok(found) = symlink_metadata(file) else { return };
    let ours = found.is_file() && is_below(folder, file);
    if !(ours && remove_file(file).is_ok()) {
        left.push(file.to_owned());
    }
}

/// Whether real folders, and no link, lead from `folder` to `path`.
fn is_below(folder: &Path, path: &Path) -> bool {
    let Ok(way) = path.strip_prefix(folder) else { return false };
    let mut parents = way.ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty());
    parents.all(|parent| symlink_metadata(folder.join(parent)).is_ok_and(|found| found.is_dir()))
}
