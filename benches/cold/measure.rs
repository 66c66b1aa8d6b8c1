//! `cargo xtask bench cold`: nobody known yet, on MovieLens 100K.
//!
//! Five splits, each with another seed; every figure is a mean over all judged users, beside a rival's on the same
//! users, with the 95 % bootstrap interval of the difference. Models are packed in int8 and asked as they are
//! served. `--write FOLDER` writes the splits for LightFM, whose figures `--lightfm FILE` reads back.

mod data;
#[cfg(feature = "deep")]
#[path = "../ncf.rs"]
mod ncf;
mod new_items;
mod table;
#[cfg(feature = "deep")]
mod towers;
mod transfer;
mod visitors;

use clap::Parser;
use data::Data;
use foldin::Result;
use std::path::PathBuf;
use table::Table;

/// Measure cold start.
#[derive(Parser)]
struct Bench {
    /// Folder with MovieLens 100K as RecBole writes it: ml-100k.inter, ml-100k.item, ml-100k.user.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Sentence embeddings of titles and genres, a row a line of ml-100k.item (.npy).
    #[arg(long, value_name = "FILE")]
    embeddings: PathBuf,
    /// Only write the splits for LightFM into this folder.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
    /// What LightFM reached on them: its mean NDCG@10 by split.
    #[arg(long, value_name = "FILE")]
    lightfm: Option<PathBuf>,
    /// Folder with MovieLens 1M as the NCF benchmark splits it: train.csv.gz, test.csv, negatives.csv.gz.
    #[arg(long, value_name = "FOLDER")]
    ncf: Option<PathBuf>,
}

/// Each with another seed.
const SPLITS: std::ops::Range<u64> = 0..5;

fn main() {
    if let Err(error) = Bench::parse().run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

impl Bench {
    fn run(self) -> Result<()> {
        let data = Data::read(&self.data, &self.embeddings)?;
        if let Some(folder) = &self.write {
            return new_items::write(&data, folder);
        }
        let mut table = Table::default();
        new_items::measure(&data, self.lightfm.as_deref(), &mut table)?;
        visitors::trending(&data, &mut table)?;
        visitors::traits(&data, &mut table)?;
        visitors::onboarding(&data, &mut table)?;
        transfer::measure(&data, &mut table)?;
        self.towers(&data, &mut table)?;
        table.print();
        data::bytes(&data)
    }
    #[cfg(feature = "deep")]
    fn towers(&self, data: &Data, table: &mut Table) -> Result<()> {
        towers::random(data, table)?;
        match &self.ncf {
            Some(folder) => towers::ncf(folder, table),
            None => {
                println!("without --ncf FOLDER: MovieLens 1M is left out");
                Ok(())
            }
        }
    }

    #[cfg(not(feature = "deep"))]
    fn towers(&self, _: &Data, _: &mut Table) -> Result<()> {
        println!("without the feature deep: the two towers are left out");
        Ok(())
    }
}
