//! `cargo xtask bench visitor`: what a visitor's events are worth, from the first one on, and what they cost.
//!
//! MovieLens 100K is replayed: a fifth of the users at a time is kept out of training, and each of them tells one
//! rated film after the other, in the order of time. After 1, 2, 5, 10, 20 and 50 films everybody names ten, and
//! the next film of the visitor's is looked for among them. A film counts as seen whatever its rating, as it did
//! in training; the hyperparameters of iALS are those of `cargo xtask bench quality`, those of `next` its defaults.

mod chart;
mod cost;
mod neighbours;
mod rankers;
mod replay;
mod training;

use clap::Parser;
use foldin::Result;
use foldin_cli::data::{Columns, interactions};
use foldin_lab::train::{Options, ials, next};
use rankers::Row;
use replay::{Replay, STEPS};
use std::path::PathBuf;

/// Measure quality and cost of a visitor's events.
#[derive(Parser)]
struct Bench {
    /// The ratings of MovieLens 100K.
    #[arg(long, value_name = "FILE")]
    ratings: PathBuf,
    /// The rival, a script for Node.
    #[arg(long, value_name = "FILE")]
    rival: PathBuf,
    /// A script for Node that trains in a page.
    #[arg(long, value_name = "FILE")]
    trainer: PathBuf,
    /// Where the curve of quality against number of events is drawn (SVG).
    #[arg(long, value_name = "FILE")]
    chart: PathBuf,
}

fn main() {
    if let Err(error) = Bench::parse().run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

impl Bench {
    fn run(self) -> Result<()> {
        let data = interactions::read(&self.ratings, &Columns::default())?;
        let replays = Replay::all(&data, &Options::Ials(by_taste()))?;
        let mut rows = rankers::rows(&replays)?;
        rows.insert(1, neighbours::row(&self.rival, &replays)?);
        rows.insert(4, rankers::next(&Replay::all(&data, &Options::Next(next::Options::default()))?)?);
        print(&rows);
        chart::draw(&self.chart, &rows)?;
        println!("drawn into {}\n", self.chart.display());
        cost::print()?;
        training::print(&data, &self.ratings, &self.trainer)
    }
}

fn by_taste() -> ials::Options {
    ials::Options { dim: 64, epochs: 16, unobserved_weight: 0.4, regularization: 0.015, ..Default::default() }
}

fn print(rows: &[Row]) {
    println!("NDCG@10 of the next film after so many");
    println!("{:34} {}", "", STEPS.map(|step| format!("{step:>7}")).join(""));
    for row in rows {
        println!("{:34} {}", row.name, row.ndcg.map(|ndcg| format!("{ndcg:>7.4}")).join(""));
    }
}
