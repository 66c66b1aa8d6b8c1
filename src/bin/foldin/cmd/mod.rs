//! The verbs, one file each: clap's types stop here, the library gets plain options.

mod inspect;

use clap::{Parser, Subcommand};

/// Train, evaluate, pack and watch recommenders that run in the visitor's browser.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Start with: foldin train ratings.csv -o model.safetensors")]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Inspect(inspect::Inspect),
}

impl Cli {
    /// Carries out the verb that was given.
    pub fn run(self) -> foldin::Result<()> {
        match self.verb {
            Verb::Inspect(verb) => verb.run(),
        }
    }
}
