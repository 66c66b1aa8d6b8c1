//! `foldin tune`: a search for hyperparameters, on interactions that are hidden from training.

use super::algorithm::command_line;
use super::auto;
use super::learning::{LearningArgs, with_content};
use crate::output;
use crate::watch::Bar;
use foldin::{Model, Precision, Result};
use foldin_lab::auto::Sought;
use foldin_lab::evaluate::{Fold, Goal, Judge, Protocol, Served, Split};
use foldin_lab::train;
#[cfg(feature = "deep")]
use foldin_lab::train::two_tower;
use foldin_lab::train::{Options, bpr, ials, next, sgd};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;
use std::time::{Duration, Instant};

/// Search for good hyperparameters and print the command line that trains with them.
///
/// A random fifth of the interactions is hidden. Nine random candidates train for a quarter of the epochs; the
/// best three go on to half of them, the best one to all (successive halving, Jamieson and Talwalkar, 2016);
/// then nine more, until the minutes are over. Whoever ranks the hidden items best wins (ndcg@10), or with sgd
/// predicts the hidden ratings best (rmse). The first candidate is what the options say;
/// without --algorithm the comparison of `foldin train` decides, before the search, for which algorithm it is.
#[derive(clap::Args)]
pub struct Tune {
    #[command(flatten)]
    learning: LearningArgs,
    /// How long to search.
    #[arg(long, default_value = "5", value_name = "MINUTES", value_parser = minutes)]
    minutes: Duration,
    /// Print one JSON document: the winner and every trial.
    #[arg(long)]
    json: bool,
}

fn minutes(text: &str) -> std::result::Result<Duration, String> {
    let minutes = text.parse().ok().filter(|minutes| (0.0..=10_000.0).contains(minutes));
    let minutes: f64 = minutes.ok_or("expected a number from 0 to 10000")?;
    Ok(Duration::from_secs_f64(minutes * 60.0))
}

/// One candidate, trained and judged.
#[derive(Clone, Debug, Serialize)]
struct Trial {
    options: String,
    epochs: usize,
    metric: &'static str,
    value: f64,
}

#[derive(Serialize)]
struct Report<'a> {
    command: String,
    best: &'a Trial,
    trials: &'a [Trial],
    seconds: f64,
}

/// Candidates of a round, and how many go on to each next stage.
const STAGES: [(usize, usize); 3] = [(9, 4), (3, 2), (1, 1)];

impl Tune {
    pub fn run(self) -> Result<()> {
        let start = Instant::now();
        let budget = self.minutes;
        let fold = Split::Random { hidden: 0.2 }.folds(&self.learning.read()?, 1)?.remove(0);
        let catalog = self.learning.catalog(&fold.train.item_ids)?;
        let (first, _) =
            auto::decide(&self.learning, &fold.train, catalog.as_ref(), Precision::Int8, Sought::Any, None)?;
        let first = with_content(first, &fold.train.item_ids, catalog.as_ref())?;
        let goal = Goal::of(&first);
        let mut search = Search { fold, first, goal, trials: Vec::new(), best: None };
        let bar = Bar::new(budget.as_secs(), "tuning");
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        while search.best.is_none() || start.elapsed() < budget {
            search.round(&mut random, &|| {
                bar.set_position(start.elapsed().as_secs());
                start.elapsed() < budget
            })?;
        }
        drop(bar);
        let (best, options) = search.best.as_ref().expect("one round at least");
        let file = &self.learning.interactions;
        let items = self.learning.items.as_ref().map_or(String::new(), |file| format!(" --items {file}"));
        let least = self.learning.min_value.map_or(String::new(), |least| format!(" --min-value {least}"));
        let read: String = self
            .learning
            .reading
            .command_line()
            .iter()
            .map(|word| format!(" {}", output::quoted(word)))
            .collect();
        let report = Report {
            command: format!(
                "foldin train {file} -o model.safetensors{items}{least}{read} {}",
                command_line(options)
            ),
            best,
            trials: &search.trials,
            seconds: start.elapsed().as_secs_f64(),
        };
        if self.json {
            return output::json(&report);
        }
        output::print(|out| {
            writeln!(out, "{} {:.4} after {} trials", best.metric, best.value, report.trials.len())?;
            writeln!(out, "{}", report.command)
        })
    }
}

struct Search {
    fold: Fold,
    first: Options,
    goal: Goal,
    trials: Vec<Trial>,
    /// Of the candidates that trained for all epochs.
    best: Option<(Trial, Options)>,
}

impl Search {
    /// Nine candidates, of whom one is trained for all epochs; ends early, with a winner, when `goes_on` says
    /// no.
    fn round(&mut self, random: &mut Xoshiro256PlusPlus, goes_on: &dyn Fn() -> bool) -> Result<()> {
        let fresh = |candidate| match (candidate, self.trials.is_empty()) {
            (0, true) => self.first.clone(),
            _ => sampled(&self.first, random),
        };
        let mut candidates: Vec<Options> = (0..STAGES[0].0).map(fresh).collect();
        for (count, part) in STAGES {
            candidates.truncate(count);
            let mut ranked = Vec::new();
            for options in candidates {
                if ranked.is_empty() || goes_on() {
                    let epochs = self.first.epochs().div_ceil(part);
                    ranked.push((self.judge(&options, epochs)?, options));
                }
            }
            ranked.sort_by(|(a, _), (b, _)| self.goal.best_first(a.value, b.value));
            if part == 1 {
                let winner = ranked.swap_remove(0);
                let improves = |best: &Trial| self.goal.improves(winner.0.value, best.value);
                if self.best.as_ref().is_none_or(|(best, _)| improves(best)) {
                    self.best = Some(winner);
                }
                return Ok(());
            }
            candidates = ranked.into_iter().map(|(_, options)| options).collect();
        }
        Ok(())
    }

    /// Trains for `epochs` and judges the model as it would be served. Whoever diverges is last.
    fn judge(&mut self, options: &Options, epochs: usize) -> Result<Trial> {
        let metric = self.goal.metric();
        let trained =
            train::train(&self.fold.train, &options.clone().with_epochs(epochs), &mut train::unobserved);
        let value = match trained {
            Err(error) if error.code() == "diverged" => self.goal.worst(),
            trained => {
                let model = Model::pack(&trained?.items, Precision::Int8)?;
                let judge = Judge::new(&self.fold, &[10]);
                let mut tally = judge.tally();
                judge.run(&Served::of_fold(&model, &self.fold), &mut tally, &|| {})?;
                tally.report(1).metrics.get(metric).map_or(self.goal.worst(), |estimate| estimate.mean)
            }
        };
        let trial = Trial { options: command_line(options), epochs, metric, value };
        self.trials.push(trial.clone());
        Ok(trial)
    }
}

/// The number as it is printed: in three digits.
fn short(value: f32) -> f32 {
    format!("{value:.2e}").parse().expect("a number as just written")
}

/// The same algorithm, dimension and epochs with other hyperparameters, by their magnitude.
fn sampled(like: &Options, random: &mut Xoshiro256PlusPlus) -> Options {
    let mut log = |low: f32, high: f32| short(random.random_range(low.ln()..high.ln()).exp());
    match like {
        Options::Ials(like) => Options::Ials(ials::Options {
            unobserved_weight: log(0.03, 1.0),
            regularization: log(0.002, 0.05),
            content_weight: if like.content.entries() > 0 { log(0.3, 10.0) } else { 0.0 },
            popularity_exponent: short(random.random_range(0.0..0.4)),
            ..like.clone()
        }),
        Options::Sgd(like) => Options::Sgd(sgd::Options {
            learning_rate: log(0.004, 0.04),
            decay: log(0.93, 1.0),
            regularization: log(0.03, 0.2),
            ..like.clone()
        }),
        Options::Bpr(like) => Options::Bpr(bpr::Options {
            learning_rate: log(0.01, 0.2),
            decay: log(0.93, 1.0),
            regularization: log(0.001, 0.1),
            ..like.clone()
        }),
        Options::Next(like) => Options::Next(next::Options {
            learning_rate: log(0.001, 0.01),
            dropout: log(0.05, 0.5),
            vector_dropout: log(0.1, 0.6),
            ..like.clone()
        }),
        #[cfg(feature = "deep")]
        Options::TwoTower(like) => Options::TwoTower(two_tower::Options {
            learning_rate: log(0.0005, 0.02),
            dropout: log(0.1, 0.8),
            ..like.clone()
        }),
    }
}
