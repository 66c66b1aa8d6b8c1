//! Node and the npm packages of `www/`.

use crate::run;
use crate::stamp::Stamp;
use crate::step::{Step, unless_unchanged};
use anyhow::{Result, bail};
use std::process::Command;

/// What vite needs.
const OLDEST: (u32, u32) = (20, 19);
const REMEDY: &str = "install a current Node, with npm, from nodejs.org or your system's packages";
/// npm's name on this system.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
/// Tests of the package with its peers, which have a list of packages of their own.
pub const PEERS: &str = "tests/apps";

/// Says at once what would fail after minutes.
pub fn check() -> Result<()> {
    match run::output(Command::new("node").arg("--version")) {
        None => bail!("Node is missing; {REMEDY}"),
        Some(found) if version(&found).is_none_or(|version| version < OLDEST) => {
            bail!("Node is {found}, {}.{} or newer is needed; {REMEDY}", OLDEST.0, OLDEST.1)
        }
        Some(_) if run::output(Command::new(NPM).arg("--version")).is_none() => {
            bail!("npm is missing; {REMEDY}")
        }
        Some(_) => Ok(()),
    }
}

/// Installs what the page and the package are built with.
pub fn install() -> Result<()> {
    install_in("www")
}

/// Installs exactly what the lock file in `folder` lists, when it changed.
pub fn install_in(folder: &str) -> Result<()> {
    let lists = ["package.json", "package-lock.json"].map(|list| format!("{folder}/{list}"));
    let name = format!("npm packages of {folder}");
    let stamp = Stamp::of(&name.replace([' ', '/'], "-"), "", &lists.each_ref().map(String::as_str))?;
    unless_unchanged(&name, stamp, &[&format!("{folder}/node_modules/.package-lock.json")], |step| {
        clean_install(step, folder)
    })
}

/// Installs exactly what the lock file in `folder` lists.
pub fn clean_install(step: &Step, folder: &str) -> Result<()> {
    // Two short retries: without a network the answer should not take minutes.
    let retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000"];
    let mut command = Command::new(NPM);
    command.current_dir(folder).args(["ci", "--no-audit", "--no-fund"]).args(retries);
    run::quietly(step, command, "check the network and the npm registry's settings, then start again")
}

/// Runs a script of `www/package.json`.
pub fn script(step: &Step, name: &str) -> Result<()> {
    let mut command = Command::new(NPM);
    command.current_dir("www").args(["run", name]);
    run::quietly(step, command, "mend what it names in www/")
}

/// Major and minor of `v20.16.0`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions_and_orders_them() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert!(version("v18.19.1").unwrap() < OLDEST);
        assert!(version("v20.9.0").unwrap() < OLDEST);
        assert!(version("v22.12.0").unwrap() > OLDEST);
        assert_eq!(version("20"), None);
    }
}
