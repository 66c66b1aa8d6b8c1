//! `cargo xtask bench words`: what a table of words is worth beside its teacher, on MovieLens 100K.
//!
//! Five splits, each with another seed; every figure is a mean over all judged users (or queries), beside a rival's on the same,
//! with the 95 % bootstrap interval of the difference. `--validate` measures on other splits, for those who choose.

#[path = "../cold/data.rs"]
#[allow(dead_code, reason = "the bench of cold start asks more of it")]
mod data;
mod new_items;
mod search;
#[path = "../cold/table.rs"]
#[allow(dead_code, reason = "as above")]
mod table;
mod wishes;

use clap::Parser;
use data::Data;
use foldin::Result;
use foldin_cli::data::{import, items, words};
use foldin_lab::cold_start::texts::Said;
use ndarray::Array2;
use std::ops::Range;
use std::path::{Path, PathBuf};
use table::Table;

/// Measure what words are worth.
#[derive(Parser)]
struct Bench {
    /// Folder with MovieLens 100K as RecBole writes it.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// The teacher's embeddings of titles and genres, a row a line of ml-100k.item (.npy).
    #[arg(long, value_name = "FILE")]
    embeddings: PathBuf,
    /// The table that was distilled from the same teacher.
    #[arg(long, value_name = "FILE")]
    words: PathBuf,
    /// The file that queries.py wrote, without its ending.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Measure on splits that the bench does not use.
    #[arg(long)]
    validate: bool,
}

/// Films, people, and what the table makes of the films' texts.
pub struct Told {
    /// The films and their people.
    pub data: Data,
    /// The table.
    pub words: words::Words,
    /// A text a film: title, genres and year.
    pub texts: Vec<String>,
    /// The table's numbers of the catalogue's frequent tokens.
    pub frequent: Vec<u32>,
    /// [films, dim + frequent + 1]
    pub inputs: Array2<f32>,
}

impl Told {
    fn read(bench: &Bench) -> Result<Told> {
        let data = Data::read(&bench.data, &bench.embeddings)?;
        let words = words::read(&bench.words)?;
        let films = items::read(bench.data.join("ml-100k.item"))?;
        let texts = films.texts_for(&data.interactions.item_ids);
        let words::Told { inputs, frequent } = words.told(&films, &data.interactions.item_ids);
        Ok(Told { data, words, texts, frequent, inputs })
    }

    /// The inputs of these films, as training takes them.
    pub fn said(&self, films: &[usize]) -> Said {
        Said {
            inputs: self.inputs.select(ndarray::Axis(0), films),
            frequent: self.frequent.clone(),
            table: self.words.id.clone(),
        }
    }
}

fn main() {
    if let Err(error) = Bench::parse().run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

impl Bench {
    fn run(self) -> Result<()> {
        let told = Told::read(&self)?;
        let splits: Range<u64> = if self.validate { 50..53 } else { 0..5 };
        let mut table = Table::default();
        new_items::measure(&told, splits.clone(), &mut table)?;
        wishes::measure(&told, splits, self.validate, &mut table)?;
        table.print();
        search::measure(&told, &vectors(&self.embeddings)?, &self.queries)
    }
}

/// Vectors from NumPy's file.
pub fn vectors(path: &Path) -> Result<Array2<f32>> {
    Ok(import::read(path, &import::Options::default())?.factors.values)
}
