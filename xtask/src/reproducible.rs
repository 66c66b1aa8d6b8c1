//! The same sources make the same wasm, wherever they lie; and nothing that is published tells where it was built.

use crate::stamp::files;
use crate::{npm, run, wasm};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Two folders with names of different lengths, so that no path fits where the other stood.
const FOLDERS: [&str; 2] = ["target/reproducible/a", "target/reproducible/another-place"];

/// Builds the wasm in two folders, from nothing, and compares every byte.
pub fn check() -> Result<()> {
    let root = std::env::current_dir()?;
    let built = FOLDERS.map(|folder| {
        lay_sources(Path::new(folder))?;
        std::env::set_current_dir(folder)?;
        let built = wasm::build(wasm::For::Everybody).and_then(|()| contents(Path::new(wasm::FOLDER)));
        std::env::set_current_dir(&root)?;
        built
    });
    let [first, second] = built;
    let (first, second) = (first?, second?);
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    ensure!(names(&first) == names(&second), "two builds make different files");
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        ensure!(
            one == other,
            "two builds of {} differ; look for paths, times and random numbers",
            name.display()
        );
    }
    println!("{} files, the same in both folders", first.len());
    FOLDERS.iter().try_for_each(|folder| Ok(fs::remove_dir_all(folder)?))
}

/// What git knows, as it is now, and the npm packages.
fn lay_sources(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let listed =
        run::output(Command::new("git").args(["ls-files"])).context("git cannot list the sources")?;
    for file in listed.lines().map(Path::new).filter(|file| file.is_file()) {
        let copy = folder.join(file);
        fs::create_dir_all(copy.parent().context("a file in a folder")?)?;
        fs::copy(file, copy)?;
    }
    for file in files(Path::new("www/node_modules/binaryen"))? {
        let copy = folder.join(&file);
        fs::create_dir_all(copy.parent().context("a file in a folder")?)?;
        fs::hard_link(&file, &copy).or_else(|_| fs::copy(&file, &copy).map(|_| ()))?;
    }
    Ok(())
}

fn contents(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    files(folder)?.into_iter().map(|file| Ok((file.clone(), fs::read(file)?))).collect()
}

/// Fails when a file of the npm packages names a folder of this machine.
pub fn check_paths() -> Result<()> {
    let folders = [Some(std::env::current_dir()?), std::env::home_dir(), wasm::cargo_home()];
    for file in files(Path::new(npm::FOLDER))? {
        let bytes = fs::read(&file)?;
        for folder in folders.iter().flatten() {
            let path = folder.display().to_string() + "/";
            // A home of one letter stands in every text.
            ensure!(
                path.len() < 4 || !bytes.windows(path.len()).any(|part| part == path.as_bytes()),
                "{} names {path}, a folder of this machine",
                file.display()
            );
        }
    }
    Ok(())
}
