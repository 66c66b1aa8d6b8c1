//! `--algorithm auto`: the comparison, its table and its part of a JSON document.

use super::algorithm::{Algorithm, command_line};
use super::learning::{LearningArgs, with_progress};
use crate::data::ItemTable;
use foldin::{Precision, Result};
use foldin_lab::auto::{self, Comparison, Judged, Request, Sought};
use foldin_lab::train::{self, Interactions, Options};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Decides what is trained, by a comparison where no algorithm was named; returns that, too. `sought` says what the
/// comparison holds out, and `only_ials` names an option that only iALS can use.
///
/// # Errors
/// As [`LearningArgs::options`] and [`auto::choose`].
pub fn decide(
    learning: &LearningArgs,
    interactions: &Interactions,
    catalog: Option<&ItemTable>,
    precision: Precision,
    sought: Sought,
    only_ials: Option<&'static str>,
) -> Result<(Options, Option<Decision>)> {
    let args = &learning.algorithm;
    let first = learning.options(interactions, catalog)?;
    let (Algorithm::Auto, Options::Ials(suited)) = (args.algorithm(), &first) else {
        return Ok((first, None));
    };
    let next = args.next();
    let next = match only_ials.or(args.only_of_ials()) {
        Some(name) => Err(format!("not tried: {name} is for ials")),
        None if sought == Sought::Any => Err("not tried: what is hidden is not what came last".into()),
        None if interactions.times.is_none() && !next.in_order => {
            Err("not tried: no times; give a column of them, or --in-order".into())
        }
        None => Ok(next),
    };
    let request = Request {
        ials: suited.clone(),
        axes: args.free(),
        next,
        sought,
        precision,
        most_interactions: auto::MOST_INTERACTIONS,
        seed: first.seed(),
    };
    let mut train = |interactions: &Interactions, options: &Options| {
        with_progress("comparing", interactions, options, &mut train::unobserved)
    };
    let comparison = auto::choose(interactions, &request, &mut train)?;
    Ok((comparison.chosen.clone(), Some(Decision::of(&comparison))))
}

/// A comparison as it is printed.
#[derive(Debug, Serialize)]
pub struct Decision {
    held_out: &'static str,
    users: usize,
    interactions: usize,
    candidates: Vec<Row>,
    /// Options of the command.
    chosen: String,
    verdict: String,
    /// What the model file says of it.
    #[serde(skip)]
    metadata: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    /// Options of the command, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<String>,
    #[serde(rename = "ndcg@10", skip_serializing_if = "Option::is_none")]
    ndcg: Option<f64>,
    #[serde(rename = "hr@10", skip_serializing_if = "Option::is_none")]
    hit_rate: Option<f64>,
    /// Why there are no figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// What tells it from others of its name.
    #[serde(skip)]
    label: String,
}

impl Row {
    fn of(judged: &Judged) -> Row {
        let figures = judged.figures.as_ref();
        let label = match &judged.options {
            Some(Options::Ials(o)) => {
                format!(
                    "--unobserved-weight {} --regularization {} --popularity-exponent {}",
                    o.unobserved_weight, o.regularization, o.popularity_exponent
                )
            }
            _ => String::new(),
        };
        Row {
            name: judged.name,
            options: judged.options.as_ref().map(command_line),
            ndcg: figures.ok().map(|figures| figures.ndcg),
            hit_rate: figures.ok().map(|figures| figures.hit_rate),
            problem: figures.err().cloned(),
            label,
        }
    }
}

impl Decision {
    fn of(comparison: &Comparison) -> Decision {
        Decision {
            held_out: comparison.held_out,
            users: comparison.users,
            interactions: comparison.interactions,
            candidates: comparison.judged.iter().map(Row::of).collect(),
            chosen: command_line(&comparison.chosen),
            verdict: comparison.verdict(),
            metadata: comparison.metadata(),
        }
    }

    /// The options that were chosen, as the command takes them.
    pub fn chosen(&self) -> &str {
        &self.chosen
    }

    /// Figures for a model file's metadata.
    pub fn metadata(&self) -> BTreeMap<String, String> {
        self.metadata.clone()
    }

    /// As a table.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.users > 0 {
            writeln!(
                out,
                "{:16} {} of {} users held out, {} interactions to learn from",
                "compared", self.held_out, self.users, self.interactions
            )?;
            writeln!(out, "{:16} {:>8} {:>8}", "", "ndcg@10", "hr@10")?;
        }
        for row in &self.candidates {
            match (row.ndcg, row.hit_rate) {
                (Some(ndcg), Some(hit_rate)) => {
                    writeln!(out, "  {:14} {ndcg:>8.4} {hit_rate:>8.4}  {}", row.name, row.label)?;
                }
                _ => writeln!(out, "  {:14} {}", row.name, row.problem.as_deref().unwrap_or_default())?,
            }
        }
        writeln!(out, "{:16} {}", "chosen", self.verdict)
    }
}
