//! `cargo xtask fuzz`: hostile inputs for as long as one likes.

use clap::Parser;
use foldin_fuzz::{TARGETS, Target, run, seeds};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Gives hostile inputs to what reads them.
#[derive(Parser)]
struct Fuzz {
    /// model, interactions, items, users, vectors, ids, manifest, reports or options [default: each in turn]
    target: Option<String>,
    /// How long each gets, after its corpus.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The same seed makes the same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs this input alone, such as one that was found.
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
    /// Writes the corpus of the model target anew.
    #[arg(long, exclusive = true)]
    write_models: bool,
}

fn main() -> ExitCode {
    match Fuzz::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Fuzz {
    fn run(self) -> Result<(), String> {
        if self.write_models {
            return write_models();
        }
        let chosen = |target: &&Target| self.target.as_ref().is_none_or(|name| name == target.name);
        let targets: Vec<&Target> = TARGETS.iter().filter(chosen).collect();
        if targets.is_empty() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            return Err(format!("no such target; there are {}", names.join(", ")));
        }
        if let Some(path) = &self.input {
            let input = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("{}", (targets[0].run)(&input));
            return Ok(());
        }
        targets.into_iter().try_for_each(|target| self.run_one(target))
    }

    fn run_one(&self, target: &Target) -> Result<(), String> {
        let (start, time) = (Instant::now(), Duration::from_secs(self.seconds));
        let tally = run::run(target, self.seed, |_| start.elapsed() < time).map_err(|(input, what)| {
            let path = std::env::temp_dir().join(format!("foldin-fuzz-{}", target.name));
            let kept = std::fs::write(&path, input)
                .map_or_else(|error| error.to_string(), |()| path.display().to_string());
            format!(
                "{}: an input {what}; see it again with cargo xtask fuzz {} --input {kept}",
                target.name, target.name
            )
        })?;
        println!(
            "{:12} {} files of the corpus, {} inputs, {} outcomes, the slowest {:.0} ms",
            target.name,
            tally.corpus,
            tally.inputs,
            tally.outcomes,
            tally.slowest.as_secs_f64() * 1000.0
        );
        Ok(())
    }
}

fn write_models() -> Result<(), String> {
    let folder = run::corpus(&TARGETS[0]);
    for (name, model) in seeds::models() {
        let path = folder.join(format!("{name}.model"));
        foldin_cli::model_file::write(&model, &path).map_err(|error| error.to_string())?;
    }
    Ok(())
}
