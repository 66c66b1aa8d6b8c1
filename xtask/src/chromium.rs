//! Finds a real Chromium for the browser tests. None found is a failure, never a skipped test.

use crate::run;
use crate::step::step;
use anyhow::{Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/// The browser's path: `CHROME_PATH`, else one that is installed, else (Debian, as root) one from apt.
pub fn find() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROME_PATH").map(PathBuf::from) {
        ensure!(path.is_file(), "CHROME_PATH is no file: {}; correct or unset it", path.display());
        return Ok(path);
    }
    if let Some(path) = installed() {
        return Ok(path);
    }
    if may_install() {
        install()?;
    }
    match installed() {
        Some(path) => Ok(path),
        None => bail!("no Chromium or Chrome found; install one, or tell where it is in CHROME_PATH"),
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path =
        NAMES.iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    on_path.chain(PLACES.map(PathBuf::from)).find(|candidate| candidate.is_file())
}

fn may_install() -> bool {
    Path::new("/etc/debian_version").exists()
        && run::output(Command::new("id").arg("-u")).is_some_and(|user| user == "0")
}

fn install() -> Result<()> {
    step("Chromium from apt", |step| {
        for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", "chromium"]] {
            let mut apt = Command::new("apt-get");
            apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            run::quietly(step, apt, "check the network, or install Chromium and tell where in CHROME_PATH")?;
        }
        Ok(())
    })
}
