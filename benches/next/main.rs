//! `next` on data of other people's tables: `bench-next FOLDER... [--seeds 3] [--validate] [--set NAME=VALUE]...`.
//!
//! A folder with `interactions.csv.gz` or a `.inter` file is judged by each user's last event, among all items that they
//! did not have: trained without the last event, and without the last two, as published figures are. One with
//! `train.tsv.gz` and `test.tsv.gz` is replayed: after each event of a test session the next one is to be found among all
//! items. Vectors are computed here from the formula, not by the engine: what is measured is the trainer alone.
//!
//! `--validate` hides the test part and judges by what came just before it, which is what options are chosen by; `--set`
//! changes an option.

mod tasks;

use clap::Parser;
use foldin::{Error, Model, Precision, Result};
use foldin_lab::train::{Interactions, next, unobserved};
use ndarray::{Array2, s};
use std::path::PathBuf;
use std::time::Instant;
use tasks::{Question, Task};

/// What to measure.
#[derive(Parser)]
struct Arguments {
    /// Folders with the data
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Trainings a task
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Judge by what came before the test part
    #[arg(long)]
    validate: bool,
    /// An option of `next`: learning_rate, dropout, epochs, batch, ...
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let options = options(&arguments.set)?;
    let seeds = arguments.seeds;
    println!("| task | {seeds} seeds, mean | seconds | anchors |\n|---|---|---|---|");
    for folder in &arguments.folders {
        for task in tasks::of(folder, arguments.validate)? {
            let mut sums = [0.0; 3];
            for seed in 1..=seeds {
                let found = measure(&task, &next::Options { seed, ..options.clone() })?;
                sums.iter_mut().zip(found).for_each(|(sum, found)| *sum += found / seeds as f64);
            }
            let [hits, gain, seconds] = sums;
            let [of_hits, of_gain] = task.metrics.names();
            println!(
                "| {} | {of_hits} {hits:.4}, {of_gain} {gain:.4} | {seconds:.0} | {} |",
                task.name, task.anchors
            );
        }
    }
    Ok(())
}

/// The defaults, but for what is set.
fn options(set: &[String]) -> Result<next::Options> {
    let unknown = |found: &String| Error::argument("set", "an option of next=a number", found);
    let mut options = serde_json::to_value(next::Options::default()).expect("numbers");
    for pair in set {
        let (name, value) = pair.split_once('=').ok_or_else(|| unknown(pair))?;
        let old = options.get_mut(name).ok_or_else(|| unknown(pair))?;
        *old = serde_json::from_str(value).map_err(|_| unknown(pair))?;
    }
    serde_json::from_value(options).map_err(|_| Error::argument("set", "numbers in range", set.join(" ")))
}

/// Trains, and answers all questions: share of hits, gain, seconds of training.
fn measure(task: &Task, options: &next::Options) -> Result<[f64; 3]> {
    let start = Instant::now();
    let server = Server::train(&task.train, options)?;
    let seconds = start.elapsed().as_secs_f64();
    let (mut hits, mut gain) = (0.0, 0.0);
    for questions in task.questions.chunks(256) {
        for rank in server.ranks(questions) {
            let (hit, of_rank) = task.metrics.of(rank);
            hits += hit;
            gain += of_rank;
        }
    }
    let count = task.questions.len() as f64;
    Ok([hits / count, gain / count, seconds])
}

/// Answers from the formula.
struct Server {
    items: Array2<f32>,
    biases: Vec<f32>,
    weights: Vec<f32>,
}

impl Server {
    fn train(interactions: &Interactions, options: &next::Options) -> Result<Server> {
        let trained = next::train(interactions, options, &mut unobserved)?;
        let model = Model::pack(&trained.items, Precision::F32)?;
        let weights = model.room().f32s(foldin::model::ORDER_WEIGHTS)?.to_vec();
        let biases = trained.items.biases.unwrap_or_default();
        Ok(Server { items: trained.items.values, biases, weights })
    }

    fn ranks(&self, questions: &[Question]) -> Vec<usize> {
        let mut vectors = Array2::zeros((questions.len(), self.items.ncols()));
        for (question, mut vector) in questions.iter().zip(vectors.rows_mut()) {
            let mut sum = 1.0;
            for (distance, &item) in question.events.iter().rev().enumerate() {
                let weight = self.weights[distance.min(self.weights.len() - 1)];
                sum += weight;
                vector.scaled_add(weight, &self.items.row(item as usize));
            }
            vector /= f32::sqrt(sum);
        }
        let scores = vectors.dot(&self.items.t());
        let rank = |(row, question): (usize, &Question)| {
            let mut scores = scores.slice(s![row, ..]).to_vec();
            scores.iter_mut().zip(&self.biases).for_each(|(score, bias)| *score += bias);
            let found = scores[question.target as usize];
            question.without.iter().for_each(|&item| scores[item as usize] = f32::NEG_INFINITY);
            scores.iter().filter(|&&score| score > found).count()
        };
        questions.iter().enumerate().map(rank).collect()
    }
}
