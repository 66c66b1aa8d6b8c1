//! The verbs, one file each: clap's types stop here, the library gets plain options.

mod algorithm;
mod bundle;
mod check;
mod cold_start;
mod evaluate;
mod inspect;
mod learning;
mod look;
mod monitor;
mod optimize;
mod pack;
mod reading;
mod recommend;
mod similar;
mod split;
mod train;
mod tune;
mod validation;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Train, evaluate, pack and watch recommenders that run in the visitor's browser.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Start with: foldin train ratings.csv -o model.safetensors")]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one value a run")]
enum Verb {
    Bundle(bundle::Bundle),
    Check(check::Check),
    Evaluate(evaluate::Evaluate),
    Inspect(inspect::Inspect),
    Look(look::Look),
    Monitor(monitor::Monitor),
    Optimize(optimize::Optimize),
    Pack(pack::Pack),
    Train(train::Train),
    Tune(tune::Tune),
    Recommend(recommend::Recommend),
    Similar(similar::Similar),
}

impl Cli {
    /// Carries out the verb that was given.
    pub fn run(self) -> foldin::Result<ExitCode> {
        match self.verb {
            Verb::Bundle(verb) => verb.run(),
            Verb::Check(verb) => verb.run(),
            Verb::Evaluate(verb) => verb.run(),
            Verb::Inspect(verb) => verb.run(),
            Verb::Look(verb) => verb.run(),
            Verb::Monitor(verb) => return verb.run(),
            Verb::Optimize(verb) => verb.run(),
            Verb::Pack(verb) => verb.run(),
            Verb::Train(verb) => verb.run(),
            Verb::Tune(verb) => verb.run(),
            Verb::Recommend(verb) => verb.run(),
            Verb::Similar(verb) => verb.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}
