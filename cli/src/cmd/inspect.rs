//! `foldin inspect`: what a model file holds.

use crate::model_file;
use crate::output::{self, plain};
use foldin::{Named, Precision, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Show what a model file holds, after checking it whole.
#[derive(clap::Args)]
pub struct Inspect {
    /// Model file (.safetensors).
    model: PathBuf,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary<'a> {
    items: usize,
    dim: usize,
    precision: Precision,
    bytes: usize,
    bytes_per_item: f64,
    titles: bool,
    tags: BTreeMap<&'a str, usize>,
    numbers: Vec<&'a str>,
    metadata: &'a Named<String>,
}

impl Inspect {
    pub fn run(self) -> Result<()> {
        let model = model_file::read(&self.model)?;
        let catalog = model.catalog();
        let summary = Summary {
            items: model.items(),
            dim: model.dim(),
            precision: model.precision(),
            bytes: model.bytes().len(),
            bytes_per_item: model.bytes().len() as f64 / model.items() as f64,
            titles: catalog.title(0).is_some(),
            tags: catalog.tag_columns().iter().map(|(name, c)| (name, c.vocabulary_len())).collect(),
            numbers: catalog.number_columns().iter().map(|(name, _)| name).collect(),
            metadata: model.metadata(),
        };
        if self.json { output::json(&summary) } else { output::print(|out| summary.print(out)) }
    }
}

impl Summary<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:16} {}", "items", self.items)?;
        writeln!(out, "{:16} {}", "dimension", self.dim)?;
        writeln!(out, "{:16} {}", "precision", self.precision.name())?;
        writeln!(out, "{:16} {} ({:.1} an item)", "bytes", self.bytes, self.bytes_per_item)?;
        writeln!(out, "{:16} {}", "titles", if self.titles { "yes" } else { "no" })?;
        for (name, tags) in &self.tags {
            writeln!(out, "{:16} {} ({tags} different)", "tags", plain(name))?;
        }
        for name in &self.numbers {
            writeln!(out, "{:16} {}", "numbers", plain(name))?;
        }
        for (key, value) in self.metadata.iter() {
            writeln!(out, "{:24} {}", plain(key), plain(value))?;
        }
        Ok(())
    }
}
