//! `foldin optimize`: a smaller model, at a price that was measured.

use super::validation::ValidationArgs;
use crate::model_file;
use crate::output::{self, plain};
use crate::publish::publish;
use crate::watch::Bar;
use foldin::{Error, Problem, Result};
use foldin_lab::optimize::{Goal, Trial, Workshop, choose, trade_off};
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Make a model smaller: fewer bits a number, shorter factors, fewer items.
///
/// Some dozens of candidates are made and measured on the interactions in --test, and the best one is written: with
/// --target-bytes the one with the highest NDCG@10 that fits, with --max-loss the smallest one that loses no more.
/// Shorter factors are the principal axes of the item factors (SVD); items go that nobody sees, which is in the first
/// 100 places of no list of the users in --test.
///
/// Start from a model that was trained with --precision f32 or f16, so that nothing is rounded twice. Take
/// interactions that the model was not trained on, and keep others to evaluate the result.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  foldin optimize movies.safetensors --max-loss 0.5% --given train.csv --test validation.csv -o small.safetensors
  foldin optimize movies.safetensors --target-bytes 100000 --test validation.csv -o small.safetensors")]
pub struct Optimize {
    /// Model file (.safetensors).
    model: PathBuf,
    /// Where to write the smaller model.
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    #[command(flatten)]
    goal: GoalArgs,
    #[command(flatten)]
    validation: ValidationArgs,
    /// Write the ids of the items that were dropped, one a line.
    #[arg(long, value_name = "FILE")]
    pruned: Option<PathBuf>,
    /// Print one JSON document: what was chosen, all trials and all items that were dropped.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, clap::Args)]
#[group(required = true, multiple = false)]
struct GoalArgs {
    /// The most bytes that the model's data may have.
    #[arg(long, value_name = "BYTES")]
    target_bytes: Option<usize>,
    /// The most NDCG@10 that may be lost, relative to the model's: 0.5% or 0.005.
    #[arg(long, value_name = "SHARE", value_parser = loss)]
    max_loss: Option<f64>,
}

fn loss(text: &str) -> std::result::Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    let share = number.trim().parse::<f64>().ok().map(|share| share * unit);
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "expected 0% to 100%".into())
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a PathBuf,
    bytes_before: usize,
    ndcg_before: f64,
    users: usize,
    chosen: &'a Trial,
    trials: &'a [Trial],
    pruned: &'a [String],
}

impl Optimize {
    pub fn run(self) -> Result<()> {
        let model = model_file::read(&self.model)?;
        let fold = self.validation.fold(&model)?.ok_or_else(|| Problem::Argument {
            field: "test",
            expected: "--test FILE with interactions to measure on".into(),
            found: "none".into(),
        })?;
        let workshop = Workshop::new(&model, &fold)?;
        let candidates = workshop.candidates();
        let bar = Bar::new(candidates.len() as u64, "measuring");
        let trial = |candidate| {
            bar.inc();
            workshop.try_out(candidate)
        };
        let trials: Vec<Trial> = candidates.into_iter().map(trial).collect::<Result<_>>()?;
        drop(bar);
        let chosen = choose(&trials, self.goal()).ok_or_else(|| self.nothing_fits(&trials))?;
        let pruned = workshop.dropped(&chosen.candidate);
        model_file::write(&workshop.make(&chosen.candidate)?, &self.output)?;
        if let Some(path) = &self.pruned {
            let lines: String = pruned.iter().map(|id| format!("{id}\n")).collect();
            publish(path, &[lines.as_bytes()])?;
        }
        let report = Report {
            model: &self.output,
            bytes_before: model.bytes().len(),
            ndcg_before: workshop.whole,
            users: fold.users().len(),
            chosen,
            trials: &trials,
            pruned: &pruned,
        };
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }

    fn goal(&self) -> Goal {
        match (self.goal.target_bytes, self.goal.max_loss) {
            (Some(bytes), _) => Goal::Bytes(bytes),
            (None, loss) => Goal::Loss(loss.unwrap_or(0.0)),
        }
    }

    fn nothing_fits(&self, trials: &[Trial]) -> Error {
        let smallest = trials.iter().map(|trial| trial.bytes).min().unwrap_or(0);
        let least = trials.iter().map(|trial| trial.loss).fold(f64::MAX, f64::min);
        Problem::Data {
            place: self.model.display().to_string(),
            problem: format!(
                "no candidate fits; the smallest has {smallest} bytes, the best loses {:.2} %",
                100.0 * least
            ),
            remedy: "raise the limit, leave titles and tags out, or train with a smaller --dim".into(),
        }
        .into()
    }
}

/// How many dropped items the table lists.
const LISTED: usize = 20;

impl Report<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{} bytes, NDCG@10 {:.4} ({} users)\n",
            self.bytes_before, self.ndcg_before, self.users
        )?;
        writeln!(
            out,
            "{:>12} {:>10} {:>6} {:>8} {:>9} {:>8}",
            "bytes", "precision", "dim", "items", "NDCG@10", "loss"
        )?;
        for trial in trade_off(self.trials) {
            let Trial { candidate, bytes, ndcg, loss } = trial;
            let mark = if trial == self.chosen { "  <- written" } else { "" };
            let (precision, percent) = (candidate.precision.name(), 100.0 * loss);
            writeln!(
                out,
                "{bytes:>12} {precision:>10} {:>6} {:>8} {ndcg:>9.4} {percent:>6.2} %{mark}",
                candidate.dim, candidate.items
            )?;
        }
        writeln!(out, "\n{} of {} bytes: {}", self.chosen.bytes, self.bytes_before, self.model.display())?;
        if !self.pruned.is_empty() {
            let listed = self.pruned.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = self.pruned.len().saturating_sub(LISTED);
            let rest =
                if more > 0 { format!(" and {more} more (--pruned FILE lists all)") } else { String::new() };
            writeln!(out, "{} items dropped: {}{rest}", self.pruned.len(), plain(listed))?;
        }
        Ok(())
    }
}
