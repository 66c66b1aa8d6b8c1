//! `foldin check`: whether a model may be deployed.

use super::validation::ValidationArgs;
use crate::outcome::Outcome;
use crate::output::{self, plain};
use crate::{deploy, model_check, model_file, rules};
use foldin::{Error, Model, Problem, Recommender, Result};
use foldin_lab::evaluate::{ndcg, stability};
use std::io::Write;
use std::path::PathBuf;

/// Check a model before it is deployed, or a folder that `foldin bundle` wrote; fails, with exit code 1, when anything does
/// not hold.
///
/// Of a folder: every file that its manifest names is there, with its compressed copies, and as it was deployed. Of a
/// model: the file is whole, its numbers are finite, each id stands once, the Gram matrix that visitors are folded in
/// with is that of the rows, and visitors of many kinds get answers. With --against: how alike its recommendations are to those of the model that
/// is deployed now. With --min-ndcg: how well it finds what is hidden in --test.
#[derive(clap::Args)]
#[command(after_help = "In CI: foldin check new.safetensors --against live.safetensors --min-ndcg 0.07 \
                        --given train.csv --test test.csv --rules shop.json")]
pub struct Check {
    /// Model file (.safetensors), or a deployed folder.
    model: PathBuf,
    /// The model that it would replace.
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// With --against: the share of the first 10 recommendations that must stay, on average.
    #[arg(long, default_value_t = 0.3, value_name = "SHARE", requires = "against", value_parser = share)]
    min_overlap: f64,
    /// With --against: the share of the old model's items that may be gone.
    #[arg(long, default_value_t = 0.1, value_name = "SHARE", requires = "against", value_parser = share)]
    max_lost: f64,
    /// Placements and rules of a shop, as a page loads them: JSON, or a CSV file of rules. Each must be one that
    /// `recommend` takes with this model, with items that the model knows, and none may have run out.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// The least NDCG@10 on the hidden interactions.
    #[arg(long, value_name = "NDCG", requires = "test", value_parser = share)]
    min_ndcg: Option<f64>,
    #[command(flatten)]
    validation: ValidationArgs,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

/// A number from 0 to 1.
pub fn share(text: &str) -> std::result::Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a number from 0 to 1".into())
}

/// Visitors that two models are compared by.
const VISITORS: usize = 300;

/// Length of the lists that are compared and judged.
const K: usize = 10;

impl Check {
    pub fn run(self) -> Result<()> {
        if self.model.is_dir() {
            if self.against.is_some() || self.validation.test.is_some() || self.rules.is_some() {
                let expected = "a model file beside --against, --test and --rules";
                return Err(Error::argument("model", expected, "a folder"));
            }
            return self.report(&deploy::verify(&self.model)?);
        }
        // Opening checks the bytes: shapes, offsets, finite numbers, text.
        let mut recommender = Recommender::new(model_file::read(&self.model)?);
        let mut outcomes = model_check::outcomes(&mut recommender);
        if let Some(file) = &self.rules {
            outcomes.extend(rules::outcomes(file, &recommender)?);
        }
        let model = recommender.model();
        if let Some(old) = &self.against {
            outcomes.extend(self.compare(&model_file::read(old)?, model)?);
        }
        if let Some(fold) = self.validation.fold(model)? {
            let found = ndcg(model, &fold, K)?;
            let interval = found.low.zip(found.high).map(|(low, high)| format!(" ({low:.4} to {high:.4})"));
            outcomes.push(Outcome {
                name: "ndcg@10".into(),
                holds: self.min_ndcg.is_none_or(|least| found.mean >= least),
                found: format!(
                    "{:.4}{}, {} users",
                    found.mean,
                    interval.unwrap_or_default(),
                    fold.users().len()
                ),
                expected: self.min_ndcg.map_or("anything".into(), |least| format!("{least} or more")),
            });
        }
        self.report(&outcomes)
    }

    fn compare(&self, old: &Model, new: &Model) -> Result<[Outcome; 2]> {
        let found = stability(old, new, VISITORS, K)?;
        let overlap = Outcome {
            name: "rank stability".into(),
            holds: found.overlap.mean >= self.min_overlap,
            found: format!(
                "{:.3} of the first {K} stay, rank-biased overlap {:.3}",
                found.overlap.mean, found.rank_biased_overlap.mean
            ),
            expected: format!("{} or more", self.min_overlap),
        };
        let lost = Outcome {
            name: "items kept".into(),
            holds: found.lost as f64 <= self.max_lost * old.items() as f64,
            found: format!("{} gone, {} new, {} in both", found.lost, found.added, found.common),
            expected: format!("at most {:.0} gone", self.max_lost * old.items() as f64),
        };
        Ok([overlap, lost])
    }

    fn report(&self, outcomes: &[Outcome]) -> Result<()> {
        let line = |out: &mut dyn Write, Outcome { name, holds, found, expected }: &Outcome| {
            let verdict = if *holds { "holds" } else { "FAILS" };
            let wanted = if *holds { String::new() } else { format!("; expected {expected}") };
            writeln!(out, "{verdict}  {name:16} {}", plain(format_args!("{found}{wanted}")))
        };
        match self.json {
            true => output::json(&outcomes)?,
            false => output::print(|out| outcomes.iter().try_for_each(|outcome| line(out, outcome)))?,
        }
        let failed: Vec<&str> =
            outcomes.iter().filter(|outcome| !outcome.holds).map(|outcome| outcome.name.as_str()).collect();
        match failed.is_empty() {
            true => Ok(()),
            false => Err(Problem::Data {
                place: self.model.display().to_string(),
                problem: format!(
                    "{} of {} checks failed ({})",
                    failed.len(),
                    outcomes.len(),
                    failed.join(", ")
                ),
                remedy: match self.model.is_dir() {
                    true => "deploy again: `foldin bundle` makes damaged files anew".into(),
                    false => {
                        "keep the deployed model; train again, or change the gate if this is meant".into()
                    }
                },
            }
            .into()),
        }
    }
}
