//! `cargo xtask bench quality`: what the trained factors reach, beside what is published.
//!
//! Every figure is measured on packed models through the score room, as they are served. Hyperparameters were
//! tuned on parts of the training data only ([`recipes`]); the baseline EASE gets its regularisation the same
//! way, here and now.

mod measure;
#[path = "../ncf.rs"]
mod ncf;
mod recipes;
mod sizes;
mod table;
mod tasks;

use clap::Parser;
use foldin::Result;
use foldin_cli::data::{Columns, interactions, items};
use foldin_lab::evaluate::Split;
use ncf::OneMillion;
use std::path::PathBuf;
use table::Table;

/// Measure the quality of the trained factors.
#[derive(Parser)]
struct Bench {
    /// The ratings of MovieLens 100K.
    #[arg(long, value_name = "FILE")]
    ratings: PathBuf,
    /// Folder with MovieLens 1M as the NCF benchmark splits it: train.csv.gz, test.csv, negatives.csv.gz; and items.csv,
    /// titles and genres, for what is learned from these too.
    #[arg(long, value_name = "FOLDER")]
    ncf: Option<PathBuf>,
    /// How often each task is repeated, with another seed.
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Only these tasks [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Task>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Task {
    Ratings,
    Random,
    Pairs,
    Ncf,
    Strong,
    Sizes,
}

fn main() {
    if let Err(error) = Bench::parse().run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

impl Bench {
    fn run(self) -> Result<()> {
        let chosen = |task| self.only.is_empty() || self.only.contains(&task);
        let small = interactions::read(&self.ratings, &Columns::default())?;
        let large = self.ncf.as_ref().map(|folder| OneMillion::read(folder)).transpose()?;
        let mut table = Table::default();
        if chosen(Task::Ratings) {
            table.add(tasks::ratings(&small, self.seeds)?);
        }
        if chosen(Task::Random) {
            // Microsoft's notebooks on BPR and BiVAE split all ratings, its table of models each user's.
            let all = Split::Random { hidden: 0.25 };
            let each = Split::Stratified { hidden: 0.25 };
            table.extend(tasks::quarter(&small, all, "MovieLens 100K, 25 % of all hidden", self.seeds)?);
            table.extend(tasks::quarter(
                &small,
                each,
                "MovieLens 100K, 25 % of each user's hidden",
                self.seeds,
            )?);
        }
        if chosen(Task::Pairs) {
            table.extend(tasks::pairs(&small, self.seeds)?);
        }
        match &large {
            None => println!("without --ncf FOLDER: MovieLens 1M is left out"),
            Some(large) => {
                if chosen(Task::Ncf) {
                    table.extend(tasks::ncf(large, None, self.seeds)?);
                    let catalog = self.ncf.as_ref().map(|folder| folder.join("items.csv"));
                    if let Some(catalog) = catalog.filter(|path| path.exists()) {
                        table.extend(tasks::ncf(large, Some(&items::read(catalog)?), self.seeds)?);
                    }
                }
                if chosen(Task::Strong) {
                    table.add(tasks::strong(&large.fold.train, self.seeds)?);
                }
            }
        }
        table.print();
        if chosen(Task::Sizes) {
            match &large {
                Some(large) => {
                    sizes::print("MovieLens 1M", &large.fold.train, &recipes::one_million, self.seeds)?
                }
                None => sizes::print("MovieLens 100K", &small, &recipes::hundred_thousand, self.seeds)?,
            }
        }
        Ok(())
    }
}
