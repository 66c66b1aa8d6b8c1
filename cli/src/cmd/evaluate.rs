//! `foldin evaluate`: how good a recommender is, beside simple ones.

use super::learning::{LearningArgs, StoppingArgs};
use super::split::SplitArgs;
use crate::data::{Columns, Matching, interactions};
use crate::model_file;
use crate::output::{self, plain};
use clap::ValueEnum;
use foldin::{Model, Precision, Result};
use foldin_lab::evaluate::baselines::{Ease, ItemKnn, Popularity};
use foldin_lab::evaluate::interval::Estimate;
use foldin_lab::evaluate::{Fold, Judge, Ncf, Protocol, Ranker, Served, Tally, by_users, union, with_items};
use foldin_lab::train::{Csr, Interactions};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Measure how well a recommender finds interactions that it has not seen, beside simple baselines.
///
/// A part of the interactions is hidden, a model is trained on the rest (or given with --model), packed, and
/// asked as a browser asks it: each user's vector is folded in from what is given of them. All items that were
/// not given are ranked, and the hidden ones among them are what should come first. Every figure is a mean over
/// users with its 95 % bootstrap interval.
#[derive(clap::Args)]
#[command(after_help = "Example: foldin evaluate ratings.csv --split leave-last-out --k 10,100")]
pub struct Evaluate {
    #[command(flatten)]
    learning: LearningArgs,
    /// Evaluate this model instead of training one. If it was trained on what is hidden, the figures flatter.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["precision", "algorithm", "patience", "validation"])]
    model: Option<PathBuf>,
    #[command(flatten)]
    split: SplitArgs,
    /// Hide the interactions of this file, and give and learn from all the others.
    #[arg(long, value_name = "FILE", conflicts_with = "split")]
    test: Option<PathBuf>,
    /// How hidden items are ranked.
    #[arg(long, value_enum, default_value = "full")]
    protocol: ProtocolName,
    /// For --protocol ncf: a file of user and negatives, the latter separated by blanks.
    #[arg(long, value_name = "FILE", required_if_eq("protocol", "ncf"))]
    negatives: Option<PathBuf>,
    /// Lengths of the recommended lists.
    #[arg(long, value_delimiter = ',', default_value = "10,100", value_parser = clap::value_parser!(u32).range(1..))]
    k: Vec<u32>,
    /// How the rows are stored: f32, f16, int8 or int4.
    #[arg(long, default_value = "int8", value_parser = Precision::from_name)]
    precision: Precision,
    /// What stands beside the result.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "popularity,item-knn,ease")]
    baselines: Vec<Baseline>,
    /// Regularisation of the baseline EASE.
    #[arg(long, value_name = "LAMBDA", default_value_t = 200.0)]
    ease_regularization: f64,
    #[command(flatten)]
    stopping: StoppingArgs,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum ProtocolName {
    /// Among all items that were not given.
    Full,
    /// Among given negatives, as He et al. (2017). Only to compare with papers.
    Ncf,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Baseline {
    /// The same popular items for everybody.
    Popularity,
    /// Items with the most similar users (shrunk cosine, 100 neighbours).
    ItemKnn,
    /// Linear weights between all pairs of items (Steck, 2019).
    Ease,
    /// Nothing.
    None,
}

type Metrics = BTreeMap<String, Estimate>;

#[derive(Serialize)]
struct Report {
    protocol: &'static str,
    note: String,
    algorithm: String,
    precision: Precision,
    users: usize,
    metrics: Metrics,
    baselines: BTreeMap<String, Metrics>,
    seconds: f64,
}

/// What is evaluated, and against what.
struct Task {
    folds: Vec<Fold>,
    note: String,
    /// [users, items], for the NCF protocol.
    negatives: Option<Csr>,
}

impl Evaluate {
    pub fn run(self) -> Result<()> {
        let start = Instant::now();
        let model = self.model.as_ref().map(model_file::read).transpose()?;
        let task = self.task(model.as_ref())?;
        let catalog = self.learning.catalog(&task.folds[0].train.item_ids)?;
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        let mut recipe = (String::new(), self.precision);
        for fold in &task.folds {
            let trained;
            let model = match &model {
                Some(model) => model,
                None => {
                    let options = self.learning.options_for(&fold.train.item_ids, catalog.as_ref())?;
                    let (factors, _) = self.stopping.train(&fold.train, options)?;
                    trained = Model::pack(&factors.items, self.precision)?;
                    &trained
                }
            };
            recipe = (
                format!("{} of dimension {}", model.recipe().algorithm.name(), model.dim()),
                model.precision(),
            );
            let served = Served::new(model, &fold.train.item_ids);
            let mut rankers: Vec<(&str, Box<dyn Ranker + '_>)> = vec![(OURS, Box::new(served))];
            rankers.extend(self.baselines(fold));
            self.judge(&task, fold, &rankers, &mut tallies)?;
        }
        let mut reports: BTreeMap<String, _> =
            tallies.into_iter().map(|(name, tally)| (name, tally.report(SEED))).collect();
        let ours = reports.remove(OURS).expect("judged in every fold");
        let report = Report {
            protocol: self.protocol.name(),
            note: task.note,
            algorithm: recipe.0,
            precision: recipe.1,
            users: ours.users,
            metrics: ours.metrics,
            baselines: reports.into_iter().map(|(name, report)| (name, report.metrics)).collect(),
            seconds: start.elapsed().as_secs_f64(),
        };
        if self.json {
            output::json(&report)
        } else {
            report.print()
        }
        Ok(())
    }

    /// Reads the files and hides what is to be found.
    fn task(&self, model: Option<&Model>) -> Result<Task> {
        let known = self.learning.read()?;
        let test = self.test.as_ref().map(|path| self.learning.read_file(path)).transpose()?;
        if let Some(test) = &test {
            self.check_test(&known, test)?;
        }
        let negatives = self.negatives.as_ref().map(|path| self.read_negatives(path)).transpose()?;
        let of_model = model.map(|model| (0..model.items() as u32).map(|row| model.id(row)).collect());
        let files = [Some(&known), test.as_ref(), negatives.as_ref()].into_iter().flatten();
        let items = union(of_model.iter().chain(files.map(|file| &file.item_ids)));

        let known = with_items(&known, &items);
        let (folds, users, note) = match &test {
            Some(test) => {
                let test = with_items(test, &items);
                let users = union([&known.user_ids, &test.user_ids]);
                (vec![Fold::of_files(known, &test)], users, "given test file".into())
            }
            None => {
                let split = self.split.split();
                let note = self.split.describe(&known);
                (split.folds(&known, self.split.seed())?, known.user_ids, note)
            }
        };
        let negatives = negatives.map(|file| by_users(&with_items(&file, &items), &users));
        Ok(Task { folds, note, negatives })
    }

    /// Hidden items that were never given can only be missed, and users who never did anything have no vector.
    fn check_test(&self, known: &Interactions, test: &Interactions) -> Result<()> {
        let place = self.learning.interactions.display().to_string();
        for (what, theirs, ours) in
            [("items", &test.item_ids, &known.item_ids), ("users", &test.user_ids, &known.user_ids)]
        {
            Matching::of(&format!("{what} of --test"), theirs, &place, ours)?.warn();
        }
        Ok(())
    }

    fn read_negatives(&self, path: &Path) -> Result<Interactions> {
        let user = self.learning.reading().columns.user;
        interactions::read_lists(
            path,
            &Columns { user, item: Some("negatives".into()), ..Columns::default() },
        )
    }

    fn baselines<'a>(&self, fold: &'a Fold) -> Vec<(&'static str, Box<dyn Ranker + 'a>)> {
        let train = |baseline: &Baseline| -> Option<(&'static str, Box<dyn Ranker>)> {
            match baseline {
                Baseline::Popularity => Some(("popularity", Box::new(Popularity::new(&fold.train)))),
                Baseline::ItemKnn => Some(("item-knn", Box::new(ItemKnn::default().train(&fold.train)))),
                Baseline::Ease => match Ease::train(&fold.train, self.ease_regularization) {
                    Ok(ease) => Some(("ease", Box::new(ease))),
                    Err(error) => {
                        eprintln!("note: left out: {}", plain(error));
                        None
                    }
                },
                Baseline::None => None,
            }
        };
        self.baselines.iter().filter_map(train).collect()
    }

    fn judge(
        &self,
        task: &Task,
        fold: &Fold,
        rankers: &[(&str, Box<dyn Ranker + '_>)],
        tallies: &mut BTreeMap<String, Tally>,
    ) -> Result<()> {
        let ks: Vec<usize> = self.k.iter().map(|&k| k as usize).collect();
        let protocol: Box<dyn Protocol> = match &task.negatives {
            Some(negatives) => Box::new(Ncf { fold, negatives, ks: &ks }),
            None => Box::new(Judge::new(fold, &ks)),
        };
        let bar = output::progress((fold.users().len() * rankers.len()) as u64, "evaluating");
        for (name, ranker) in rankers {
            let tally = tallies.entry((*name).to_owned()).or_insert_with(|| protocol.tally());
            protocol.run(ranker.as_ref(), tally, &|| bar.inc(1))?;
        }
        bar.finish_and_clear();
        Ok(())
    }
}

/// What is evaluated, among the names of baselines.
const OURS: &str = "";

/// Of the bootstrap.
const SEED: u64 = 1;

impl ProtocolName {
    fn name(self) -> &'static str {
        match self {
            ProtocolName::Full => "full",
            ProtocolName::Ncf => "ncf",
        }
    }
}

impl Report {
    fn print(&self) {
        println!("{} at {}: {} users, {}", self.algorithm, self.precision.name(), self.users, self.note);
        if self.protocol == "ncf" {
            println!(
                "ranked among given negatives only: compare with papers that do so, and with nothing else"
            );
        }
        print!("\n{:16}{:>9} {:18}", "", "model", "95 % interval");
        self.baselines.keys().for_each(|name| print!("{name:>12}"));
        println!();
        for (metric, ours) in &self.metrics {
            let interval = ours.low.zip(ours.high).map(|(low, high)| format!("{low:.4} to {high:.4}"));
            print!("{metric:16}{:>9.4} {:18}", ours.mean, interval.unwrap_or_default());
            for baseline in self.baselines.values() {
                let value = baseline.get(metric).map(|estimate| format!("{:.4}", estimate.mean));
                print!("{:>12}", value.unwrap_or_default());
            }
            println!();
        }
        println!("\n{:.1} s", self.seconds);
    }
}
