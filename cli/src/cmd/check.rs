//! `foldin check`: whether a model may be deployed.

use super::validation::ValidationArgs;
use crate::model_file;
use crate::output::{self, plain};
use foldin::{Model, Problem, Result};
use foldin_lab::evaluate::{ndcg, stability};
use serde::Serialize;
use std::collections::HashSet;
use std::path::PathBuf;

/// Check a model before it is deployed; fails, with exit code 1, when anything does not hold.
///
/// Always: the file is whole, its numbers are finite, each id stands once, and the Gram matrix that visitors are
/// folded in with is that of the rows. With --against: how alike its recommendations are to those of the model that
/// is deployed now. With --min-ndcg: how well it finds what is hidden in --test.
#[derive(clap::Args)]
#[command(after_help = "In CI: foldin check new.safetensors --against live.safetensors --min-ndcg 0.07 \
                        --given train.csv --test test.csv")]
pub struct Check {
    /// Model file (.safetensors).
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

/// One thing that must hold.
#[derive(Serialize)]
struct Outcome {
    name: &'static str,
    holds: bool,
    found: String,
    expected: String,
}

impl Check {
    pub fn run(self) -> Result<()> {
        // Opening checks the bytes: shapes, offsets, finite numbers, text.
        let model = model_file::read(&self.model)?;
        let mut outcomes = vec![finite(&model), unique_ids(&model), gram(&model)];
        if let Some(old) = &self.against {
            outcomes.extend(self.compare(&model_file::read(old)?, &model)?);
        }
        if let Some(fold) = self.validation.fold(&model)? {
            let found = ndcg(&model, &fold, K)?;
            let interval = found.low.zip(found.high).map(|(low, high)| format!(" ({low:.4} to {high:.4})"));
            outcomes.push(Outcome {
                name: "ndcg@10",
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
            name: "rank stability",
            holds: found.overlap.mean >= self.min_overlap,
            found: format!(
                "{:.3} of the first {K} stay, rank-biased overlap {:.3}",
                found.overlap.mean, found.rank_biased_overlap.mean
            ),
            expected: format!("{} or more", self.min_overlap),
        };
        let lost = Outcome {
            name: "items kept",
            holds: found.lost as f64 <= self.max_lost * old.items() as f64,
            found: format!("{} gone, {} new, {} in both", found.lost, found.added, found.common),
            expected: format!("at most {:.0} gone", self.max_lost * old.items() as f64),
        };
        Ok([overlap, lost])
    }

    fn report(&self, outcomes: &[Outcome]) -> Result<()> {
        if self.json {
            output::json(&outcomes);
        } else {
            for Outcome { name, holds, found, expected } in outcomes {
                let verdict = if *holds { "holds" } else { "FAILS" };
                let wanted = if *holds { String::new() } else { format!("; expected {expected}") };
                println!("{verdict}  {name:16} {}", plain(format_args!("{found}{wanted}")));
            }
        }
        let failed: Vec<&str> =
            outcomes.iter().filter(|outcome| !outcome.holds).map(|outcome| outcome.name).collect();
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
                remedy: "keep the deployed model; train again, or change the gate if this is meant".into(),
            }
            .into()),
        }
    }
}

/// Holds once a model is open.
fn finite(model: &Model) -> Outcome {
    Outcome {
        name: "finite numbers",
        holds: true,
        found: format!("{} items of dimension {}, {}", model.items(), model.dim(), model.precision().name()),
        expected: "no NaN, no infinity".into(),
    }
}

fn unique_ids(model: &Model) -> Outcome {
    let mut met = HashSet::new();
    let twice = (0..model.items() as u32).map(|row| model.id(row)).find(|id| !met.insert(id.clone()));
    Outcome {
        name: "unique ids",
        holds: twice.is_none(),
        found: twice.map_or(format!("{} ids", model.items()), |id| format!("{id} twice")),
        expected: "each id once".into(),
    }
}

/// The trace of the Gram matrix is the sum of the rows' squared lengths, with their weights.
fn gram(model: &Model) -> Outcome {
    let mut row = vec![0f32; model.dim()];
    let mut squares = 0.0;
    let weights = model.popularity_weights();
    for item in 0..model.items() {
        model.factor_into(item as u32, &mut row);
        let weight = weights.as_ref().map_or(1.0, |weights| f64::from(weights[item]));
        squares += weight * row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
    }
    let trace: f64 = model.gram().iter().step_by(model.dim() + 1).map(|&value| f64::from(value)).sum();
    Outcome {
        name: "Gram matrix",
        holds: (trace - squares).abs() <= 1e-3 * squares,
        found: format!("trace {trace:.6}, rows {squares:.6}"),
        expected: "the sum of the rows' outer products: pack the model again".into(),
    }
}
