//! Python 3 and its pip.

use crate::stamp::Stamp;
use crate::step::unless_unchanged;
use crate::{page, run};
use anyhow::{Result, ensure};
use std::process::Command;

/// `python3`; on Windows, where it has no such name, `python`.
pub fn python() -> Command {
    Command::new(if cfg!(windows) { "python" } else { "python3" })
}

/// `python3 -m pip`, known to start.
pub fn pip() -> Result<Command> {
    let starts = |arguments: &[&str]| run::output(python().args(arguments)).is_some();
    ensure!(
        starts(&["-c", "import sys; assert sys.version_info >= (3, 9)"]),
        "Python 3.9 or newer is missing; install python3 from python.org or your system's packages"
    );
    ensure!(
        starts(&["-m", "pip", "--version"]),
        "pip is missing; install it (Debian: apt-get install python3-pip; elsewhere: python3 -m ensurepip)"
    );
    let mut pip = python();
    pip.args(["-m", "pip", "--disable-pip-version-check"]);
    Ok(pip)
}

/// Runs the tests of a folder, with the packages that its `requirements.txt` lists.
pub fn test(folder: &str) -> Result<()> {
    let venv = format!("target/venv-{}", folder.replace('/', "-"));
    let mut tests = environment(&venv, &format!("{folder}/requirements.txt"))?;
    tests.env("FOLDIN_BIN", page::FOLDIN);
    tests.args(["-m", "unittest", "discover", "--start-directory", folder, "--verbose"]);
    run::aloud(tests, "mend what it names")
}

/// A Python of the repository's own, in the folder `venv`, that has the packages which `requirements` lists.
pub fn environment(venv: &str, requirements: &str) -> Result<Command> {
    let interpreter = format!("{venv}/{}", if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = Stamp::of(&format!("python-packages-{}", venv.replace('/', "-")), "", &[requirements])?;
    unless_unchanged(&format!("Python packages in {venv}"), stamp, &[&interpreter], |step| {
        let mut create = python();
        create.args(["-m", "venv", "--clear", venv]);
        run::quietly(step, create, "install Python's venv (Debian: apt-get install python3-venv)")?;
        let mut install = Command::new(&interpreter);
        install.args(["-m", "pip", "--disable-pip-version-check", "install", "--requirement", requirements]);
        run::quietly(step, install, "check the network and pip's settings, then start again")
    })?;
    Ok(Command::new(interpreter))
}
