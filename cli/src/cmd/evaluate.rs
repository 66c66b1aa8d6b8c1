//! `foldin evaluate`: how good a recommender is, beside simple ones.

use super::auto::{self, Decision};
use super::baseline::Baseline;
use super::learning::{LearningArgs, StoppingArgs};
use super::recency::RecencyArgs;
use super::split::SplitArgs;
use super::{Reads, repeat};
use crate::data::{Columns, Input, ItemTable, Matching, Repeats, interactions};
use crate::model_file;
use crate::output;
use crate::watch::{self, Bar};
use clap::ValueEnum;
use foldin::visitor::EventWeights;
use foldin::{Model, Precision, Problem, Result};
use foldin_lab::auto::Sought;
use foldin_lab::evaluate::interval::Estimate;
use foldin_lab::evaluate::{
    Fold, Judge, Ncf, Protocol, Ranker, Replay, Served, Split, Tally, Walk, by_users, union, with_items,
};
use foldin_lab::train::{Csr, Interactions};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::slice;
use std::time::Instant;

/// Measure how well a recommender finds interactions that it has not seen, beside simple baselines.
///
/// A part of the interactions is hidden, a model is trained on the rest (or given with --model), packed, and
/// asked as a browser asks it: each user's vector is folded in from what is given of them, in its order and, where the
/// file has times, with older events fading. All items that were not given are ranked, and the hidden ones among them are
/// what should come first. Every figure is a mean with its 95 % bootstrap interval over users.
///
/// With --protocol next users or sessions are followed event by event instead: each event of --test is to be found among
/// all items from those before it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  foldin evaluate ratings.csv --split leave-last-out --k 10,100
  foldin evaluate train.csv --protocol next --test sessions.csv --repeats --k 20")]
pub struct Evaluate {
    #[command(flatten)]
    evaluation: Evaluation,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

/// What is evaluated, and how.
#[derive(clap::Args)]
pub struct Evaluation {
    #[command(flatten)]
    learning: LearningArgs,
    /// Evaluate this model instead of training one. If it was trained on what is hidden, the figures flatter.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["precision", "also", "algorithm", "patience", "validation"])]
    model: Option<PathBuf>,
    #[command(flatten)]
    split: SplitArgs,
    /// Hide the interactions of this file, and give and learn from all the others.
    #[arg(long, value_name = "FILE", conflicts_with = "split", required_if_eq("protocol", "next"))]
    test: Option<Input>,
    /// How hidden items are ranked.
    #[arg(long, value_enum, default_value = "full")]
    protocol: ProtocolName,
    /// For --protocol ncf: a file of user and negatives, the latter separated by blanks.
    #[arg(long, value_name = "FILE", required_if_eq("protocol", "ncf"))]
    negatives: Option<PathBuf>,
    /// Lengths of the recommended lists [default: 10,100; with --protocol next 10,20]
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    k: Option<Vec<u32>>,
    /// How the rows are stored: f32, f16, int8 or int4.
    #[arg(long, default_value = "int8", value_parser = Precision::from_name)]
    precision: Precision,
    /// Other precisions of the same training, whose figures stand beside it, e.g. f32,int4.
    #[arg(long, value_name = "PRECISION,...", value_delimiter = ',', value_parser = Precision::from_name)]
    also: Vec<Precision>,
    /// What stands beside the result [default: popularity,item-knn,ease; with --protocol next
    /// popularity,item-knn,sequential-rules,s-knn,v-sknn]
    #[arg(long, value_enum, value_delimiter = ',')]
    baselines: Option<Vec<Baseline>>,
    /// Regularisation of the baseline EASE.
    #[arg(long, value_name = "LAMBDA", default_value_t = 200.0)]
    ease_regularization: f64,
    #[command(flatten)]
    stopping: StoppingArgs,
    #[command(flatten)]
    recency: RecencyArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum ProtocolName {
    /// Among all items that were not given.
    Full,
    /// Among given negatives, as He et al. (2017). Only to compare with papers.
    Ncf,
    /// Among all items, each event of --test from those before it.
    Next,
}

type Metrics = BTreeMap<String, Estimate>;

/// What was measured.
#[derive(Serialize)]
pub struct Report {
    protocol: &'static str,
    note: String,
    algorithm: String,
    precision: Precision,
    users: usize,
    metrics: Metrics,
    baselines: BTreeMap<String, Metrics>,
    /// How the algorithm was chosen where none was named: one a fold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comparisons: Vec<Decision>,
    /// What repeats this without a comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    seconds: f64,
}

/// What is evaluated, and against what.
struct Task {
    folds: Vec<Fold>,
    note: String,
    /// [users, items], for the NCF protocol.
    negatives: Option<Csr>,
}

/// What is measured, by recommender.
type Tallies = BTreeMap<String, Tally>;

/// What is measured, by name.
type Rankers<'a> = Vec<(&'a str, Box<dyn Ranker + 'a>)>;

/// What was measured of a model: its algorithm and dimension, and its precision.
struct Measured {
    algorithm: String,
    precision: Precision,
}

impl Evaluate {
    pub fn run(self) -> Result<()> {
        let mut report = self.evaluation.measure()?;
        if let [one] = &report.comparisons[..] {
            report.command = Some(repeat::command(one.chosen()));
        }
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }
}

impl Reads for Evaluation {
    fn give(&mut self, argument: &str, input: Input) {
        match argument {
            "interactions" => self.learning.interactions = input,
            "items" => self.learning.items = Some(input),
            "test" => self.test = Some(input),
            _ => {}
        }
    }
}

impl Evaluation {
    /// Trains where no model was given, and measures.
    ///
    /// # Errors
    /// What is wrong with the files, the options or the training.
    pub fn measure(self) -> Result<Report> {
        let start = Instant::now();
        let model = self.model.as_ref().map(model_file::read).transpose()?;
        let mut tallies = Tallies::new();
        let mut comparisons = Vec::new();
        let (measured, note) = match self.protocol {
            ProtocolName::Next => self.follow(model.as_ref(), &mut tallies, &mut comparisons)?,
            _ => self.hide(model.as_ref(), &mut tallies, &mut comparisons)?,
        };
        let mut reports: BTreeMap<String, _> =
            tallies.into_iter().map(|(name, tally)| (name, tally.report(SEED))).collect();
        let ours = reports.remove(OURS).expect("always judged");
        Ok(Report {
            protocol: self.protocol.name(),
            note,
            algorithm: measured.algorithm,
            precision: measured.precision,
            users: ours.users,
            metrics: ours.metrics,
            baselines: reports.into_iter().map(|(name, report)| (name, report.metrics)).collect(),
            command: None,
            comparisons,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// Measures how well hidden interactions are found.
    fn hide(
        &self,
        model: Option<&Model>,
        tallies: &mut Tallies,
        comparisons: &mut Vec<Decision>,
    ) -> Result<(Measured, String)> {
        let (task, ks) = (self.task(model)?, self.ks());
        let mut measured = None;
        // The items are the same in every fold.
        let item_ids = &task.folds.first().expect("one fold at least").train.item_ids;
        let catalog = self.catalog(model, item_ids)?;
        for fold in &task.folds {
            let trained;
            let models = match model {
                Some(model) => slice::from_ref(model),
                None => {
                    trained = self.train(&fold.train, catalog.as_ref(), self.sought(), comparisons)?;
                    &trained
                }
            };
            let weights = self.recency.weights(&models[0], fold.values())?;
            let protocol: Box<dyn Protocol> = match &task.negatives {
                Some(negatives) => Box::new(Ncf { fold, negatives, ks: &ks }),
                None => Box::new(Judge::new(fold, &ks)),
            };
            let served = served(models, &fold.train.item_ids, weights);
            self.judge(&*protocol, fold.users().len(), served, &fold.train, tallies)?;
            measured = Some(Measured::of(&models[0]));
        }
        Ok((measured.expect("one fold at least"), task.note))
    }

    /// Measures how well each next event is found.
    fn follow(
        &self,
        model: Option<&Model>,
        tallies: &mut Tallies,
        comparisons: &mut Vec<Decision>,
    ) -> Result<(Measured, String)> {
        let known = self.learning.read()?;
        let path = self.test.as_ref().expect("required by the protocol");
        let test = self.learning.read_file(path)?;
        // Sessions have no user in common, so items alone must meet.
        self.check_test("items", &test.item_ids, &known.item_ids)?;
        let of_model = model.map(ids);
        // What only the test has comes last: nobody can find it.
        let items = union(of_model.iter().chain([&known.item_ids]));
        let known = with_items(&known, &items);
        let test = with_items(&test, &union([&items, &test.item_ids]));
        let catalog = self.catalog(model, &known.item_ids)?;
        let trained;
        let models = match model {
            Some(model) => slice::from_ref(model),
            None => {
                trained = self.train(&known, catalog.as_ref(), Sought::Last, comparisons)?;
                &trained
            }
        };
        let values = || known.matrix.values.iter().chain(&test.matrix.values).copied();
        let range = values().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let walks = Walk::all(&known, &test);
        let repeats = self.learning.reading().repeats == Some(Repeats::Count);
        let replay = Replay { walks: &walks, ks: &self.ks(), repeats, range };
        let (users, questions) = (replay.users().len(), replay.questions());
        if questions == 0 {
            return Err(Problem::Data {
                place: path.to_string(),
                problem: "no event to find: none comes after another one of its user".into(),
                remedy: "give users or sessions of two events or more; with --repeats items may come again"
                    .into(),
            }
            .into());
        }
        let served = served(models, &items, self.recency.weights(&models[0], values())?);
        self.judge(&replay, users, served, &known, tallies)?;
        let again = if repeats { "items may come again" } else { "items that come again left out" };
        Ok((Measured::of(&models[0]), format!("{questions} next events to find, {again}")))
    }

    /// What is hidden; files that somebody divided are taken to hide what came last.
    fn sought(&self) -> Sought {
        match (&self.test, self.split.split()) {
            (None, Split::LeaveLastOut) | (Some(_), _) => Sought::Last,
            _ => Sought::Any,
        }
    }

    /// What a training learns from beside interactions.
    fn catalog(&self, model: Option<&Model>, item_ids: &[String]) -> Result<Option<ItemTable>> {
        if model.is_some() { Ok(None) } else { self.learning.catalog(item_ids) }
    }

    /// Trains once, and packs in each precision, ours first.
    fn train(
        &self,
        interactions: &Interactions,
        catalog: Option<&ItemTable>,
        sought: Sought,
        comparisons: &mut Vec<Decision>,
    ) -> Result<Vec<Model>> {
        let (options, comparison) =
            auto::decide(&self.learning, interactions, catalog, self.precision, sought, None)?;
        comparisons.extend(comparison);
        let (factors, _) = self.stopping.train(interactions, options)?;
        let precisions = [&self.precision].into_iter().chain(&self.also);
        precisions.map(|&precision| Model::pack(&factors.items, precision)).collect()
    }

    /// Measures the model and what stands beside it.
    fn judge(
        &self,
        protocol: &dyn Protocol,
        users: usize,
        mut rankers: Rankers<'_>,
        train: &Interactions,
        tallies: &mut Tallies,
    ) -> Result<()> {
        for baseline in self.baselines() {
            rankers.extend(baseline.train(train, self.ease_regularization)?);
        }
        let bar = Bar::new((users * rankers.len()) as u64, "evaluating");
        for (name, ranker) in &rankers {
            let tally = tallies.entry((*name).to_owned()).or_insert_with(|| protocol.tally());
            protocol.run(ranker.as_ref(), tally, &|| bar.inc())?;
            watch::go_on()?;
        }
        Ok(())
    }

    fn ks(&self) -> Vec<usize> {
        let default = if self.protocol == ProtocolName::Next { [10, 20] } else { [10, 100] };
        let ks = self.k.as_deref().unwrap_or(&default);
        ks.iter().map(|&k| k as usize).collect()
    }

    fn baselines(&self) -> &[Baseline] {
        match (&self.baselines, self.protocol) {
            (Some(chosen), _) => chosen,
            (None, ProtocolName::Next) => &Baseline::OF_SEQUENCES,
            (None, _) => &Baseline::OF_USERS,
        }
    }

    /// Reads the files and hides what is to be found.
    fn task(&self, model: Option<&Model>) -> Result<Task> {
        let known = self.learning.read()?;
        let test = self.test.as_ref().map(|path| self.learning.read_file(path)).transpose()?;
        if let Some(test) = &test {
            self.check_test("items", &test.item_ids, &known.item_ids)?;
            self.check_test("users", &test.user_ids, &known.user_ids)?;
        }
        let negatives = self.negatives.as_ref().map(|path| self.read_negatives(path)).transpose()?;
        let of_model = model.map(ids);
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
    fn check_test(&self, what: &str, theirs: &[String], ours: &[String]) -> Result<()> {
        let place = self.learning.interactions.to_string();
        output::warn(&Matching::of(&format!("{what} of --test"), theirs, &place, ours)?);
        Ok(())
    }

    fn read_negatives(&self, path: &Path) -> Result<Interactions> {
        let user = self.learning.reading().columns.user;
        interactions::read_lists(
            path,
            &Columns { user, item: Some("negatives".into()), ..Columns::default() },
        )
    }
}

impl Measured {
    fn of(model: &Model) -> Measured {
        Measured {
            algorithm: format!("{} of dimension {}", model.recipe().algorithm.name(), model.dim()),
            precision: model.precision(),
        }
    }
}

/// Models that answer as a page does: the first is ours, the others go by the names of their precisions.
fn served<'a>(models: &'a [Model], item_ids: &[String], weights: EventWeights) -> Rankers<'a> {
    let name = |at: usize, model: &Model| if at == 0 { OURS } else { model.precision().name() };
    let ranker = |(at, model)| {
        let served: Box<dyn Ranker + 'a> = Box::new(Served::new(model, item_ids, weights));
        (name(at, model), served)
    };
    models.iter().enumerate().map(ranker).collect()
}

/// The ids of all items.
fn ids(model: &Model) -> Vec<String> {
    (0..model.items() as u32).map(|row| model.id(row)).collect()
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
            ProtocolName::Next => "next",
        }
    }
}

impl Report {
    /// As a table.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.comparisons.iter().try_for_each(|comparison| comparison.print(out))?;
        writeln!(
            out,
            "{} at {}: {} users, {}",
            self.algorithm,
            self.precision.name(),
            self.users,
            self.note
        )?;
        if self.protocol == "ncf" {
            writeln!(
                out,
                "ranked among given negatives only: compare with papers that do so, and with nothing else"
            )?;
        }
        write!(out, "\n{:16}{:>9} {:18}", "", "model", "95 % interval")?;
        self.baselines.keys().try_for_each(|name| write!(out, "{name:>18}"))?;
        writeln!(out)?;
        for (metric, ours) in &self.metrics {
            let interval = ours.low.zip(ours.high).map(|(low, high)| format!("{low:.4} to {high:.4}"));
            write!(out, "{metric:16}{:>9.4} {:18}", ours.mean, interval.unwrap_or_default())?;
            for baseline in self.baselines.values() {
                let value = baseline.get(metric).map(|estimate| format!("{:.4}", estimate.mean));
                write!(out, "{:>18}", value.unwrap_or_default())?;
            }
            writeln!(out)?;
        }
        writeln!(out, "\n{:.1} s", self.seconds)?;
        self.command.iter().try_for_each(|command| writeln!(out, "to repeat: {command}"))
    }
}
