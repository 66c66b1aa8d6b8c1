//! `cargo xtask fuzz`: hostile inputs for all that reads files.

use crate::run;
use anyhow::Result;

/// Give hostile inputs to what reads files: `fuzz [TARGET] [--seconds 10] [--seed 1] [--input FILE]`.
#[derive(clap::Args)]
pub struct Fuzz {
    /// What the fuzzer itself takes; --help tells.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Fuzz {
    pub fn run(self) -> Result<()> {
        let mut cargo = run::cargo(["run", "--quiet", "--package", "foldin-fuzz", "--"]);
        cargo.args(self.arguments);
        run::aloud(cargo, "mend what it names")
    }
}
