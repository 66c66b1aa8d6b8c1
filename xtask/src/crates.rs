//! The crates as crates.io would get them.

use crate::run;
use anyhow::Result;

/// Those that are published, each after those that it needs.
const CRATES: [&str; 6] =
    ["foldin-kernel", "foldin", "foldin-lab", "foldin-words", "foldin-readers", "foldin-cli"];

/// How thoroughly a packed crate is looked at.
#[derive(Clone, Copy, PartialEq)]
pub enum Check {
    /// What is in it, and whether crates.io has what it needs or gets it along.
    Contents,
    /// Builds it from what was packed, too.
    Build,
}

/// Packs all crates, those that are not published yet for each other.
///
/// # Errors
/// What cargo refuses.
pub fn package(check: Check) -> Result<()> {
    let mut cargo = run::cargo(["package", "--quiet", "--allow-dirty"]);
    cargo.args(CRATES.iter().flat_map(|name| ["--package", name]));
    if check == Check::Contents {
        cargo.arg("--no-verify");
    }
    run::aloud(cargo, "mend its Cargo.toml")
}
