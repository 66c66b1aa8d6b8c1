//! `foldin pack`: item vectors that were trained elsewhere, made into a model file.

use super::Reads;
use super::reading::ReadingArgs;
use super::stable_order::{self, StableOrder};
use crate::data::import::{self, Format, Imported, Options};
use crate::data::{Input, Matching, interactions, items};
use crate::model_file;
use crate::output::{self, plain};
use foldin::model::Factors;
use foldin::{Model, Precision, Problem, Result};
use foldin_lab::map;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The same vectors give the same map.
const MAP_SEED: u64 = 1;

/// Make a model file of item vectors that were trained elsewhere.
///
/// What SOURCE is shows in its first bytes, whatever its name: a model that implicit saved (.npz), a Spark ML
/// ALSModel's folder, NumPy's .npy and .npz, safetensors (from PyTorch, for example), gensim's word2vec text,
/// Parquet or CSV with a row an item. A pickle (.pt, .pkl) is refused, because reading one runs it.
///
/// Ids come from the file where it has them, from --ids, or are the row numbers. The Gram matrix that visitors
/// are folded in with is computed here.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  foldin pack als.npz --ids movie-ids.txt --items movies.csv -o movies.safetensors
  foldin pack spark-als/ --unobserved-weight 0.1 --regularization 0.001 -o shop.safetensors
  foldin pack item2vec.txt --metric cosine --interactions clicks.csv -o items.safetensors

Visitors of a model from elsewhere are folded in by the objective of iALS. To match the training:
  Spark ALS(implicitPrefs=True):  --unobserved-weight 1/alpha --regularization regParam/alpha
  implicit ALS:                   read from the file
  word2vec, two towers, others:   the defaults")]
pub struct Pack {
    /// File or folder of item vectors.
    source: PathBuf,
    /// Where to write the model (.safetensors).
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    #[command(flatten)]
    packing: Packing,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

/// How item vectors become a model.
#[derive(clap::Args)]
pub struct Packing {
    /// Ids in the order of the rows: lines of text, a column of a table, a JSON list, or .npy.
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// Column of ids [default: item_id, movieId, id, word, ...; else the first]
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,
    /// Column of vectors [default: vector, embedding, features, ...; else every column but the ids']
    #[arg(long, value_name = "COLUMN")]
    vector_column: Option<String>,
    /// The array of item vectors, in a file with several [default: the matrix with "item" in its name]
    #[arg(long, value_name = "NAME")]
    tensor: Option<String>,
    /// Rows to leave out at the start: RecBole and others keep the first for padding.
    #[arg(long, value_name = "ROWS", default_value_t = 0)]
    skip_rows: usize,
    /// Titles, genres and years of the items.
    #[arg(long, value_name = "FILE")]
    items: Option<Input>,
    /// Column of ids in --items [default: item_id, movieId, asin, id, ...]
    #[arg(long, value_name = "COLUMN", requires = "items")]
    item_id_column: Option<String>,
    /// Who did what: counts how popular each item is, for visitors of whom nothing is known.
    #[arg(long, value_name = "FILE")]
    interactions: Option<Input>,
    /// How the training compares vectors.
    #[arg(long, value_enum, default_value = "dot")]
    metric: Metric,
    /// What is added to each item's inner product.
    #[arg(long, value_enum, default_value = "file")]
    biases: Biases,
    /// Weight of a pair that was not observed, where an observed one weighs 1 more [default: as the file tells]
    #[arg(long, value_name = "WEIGHT")]
    unobserved_weight: Option<f32>,
    /// L2 regularisation of a visitor's vector [default: as the file tells]
    #[arg(long)]
    regularization: Option<f32>,
    /// How far regularisation grows with what is known of a visitor [default: as the file tells]
    #[arg(long)]
    exponent: Option<f32>,
    /// How the rows are stored: f32, f16, int8 or int4.
    #[arg(long, default_value = "int8", value_parser = Precision::from_name)]
    precision: Precision,
    /// Give each item a place on a map, for a page to show: neighbours have the same admirers.
    #[arg(long)]
    map: bool,
    /// Take a Spark folder with gaps in the numbers of its part files.
    #[arg(long)]
    allow_missing_parts: bool,
    #[command(flatten)]
    stable: StableOrder,
    #[command(flatten)]
    reading: ReadingArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Metric {
    /// Inner product: long vectors are popular items.
    Dot,
    /// Directions alone: rows are brought to length 1.
    Cosine,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Biases {
    /// What the file has; without any, nothing.
    File,
    /// ln of each item's share of --interactions. Skip-gram vectors leave popularity out (Levy and Goldberg,
    /// 2014: products estimate PMI); this brings it back.
    Popularity,
    /// Nothing.
    None,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a PathBuf,
    #[serde(flatten)]
    packed: Packed,
}

/// How a model was packed.
#[derive(Serialize)]
pub struct Packed {
    format: Format,
    items: usize,
    dim: usize,
    precision: Precision,
    metric: &'static str,
    biases: bool,
    titles: usize,
    bytes: usize,
    notes: Vec<String>,
}

impl Pack {
    pub fn run(self) -> Result<()> {
        let imported = self.packing.import(&self.source)?;
        let (model, packed) = self.packing.pack(imported, &self.source.display().to_string())?;
        model_file::write(&model, &self.output)?;
        let report = Report { model: &self.output, packed };
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }
}

impl Reads for Packing {
    fn give(&mut self, argument: &str, input: Input) {
        match argument {
            "items" => self.items = Some(input),
            "interactions" => self.interactions = Some(input),
            _ => {}
        }
    }
}

impl Packing {
    /// Reads item vectors.
    ///
    /// # Errors
    /// As [`import::read`].
    pub fn import(&self, source: &Path) -> Result<Imported> {
        import::read(source, &self.options())
    }

    /// What a file of item vectors does not tell by itself.
    pub fn options(&self) -> Options {
        Options {
            ids: self.ids.clone(),
            id_column: self.id_column.clone(),
            vector_column: self.vector_column.clone(),
            tensor: self.tensor.clone(),
            allow_missing_parts: self.allow_missing_parts,
            skip_rows: self.skip_rows,
            max_bytes: self.reading.reading().max_bytes,
        }
    }

    /// Makes a model of item vectors from `source`, which errors name.
    ///
    /// # Errors
    /// As [`Model::pack`], and what is wrong with the other files.
    pub fn pack(&self, mut imported: Imported, source: &str) -> Result<(Model, Packed)> {
        let factors = &mut imported.factors;
        self.set_recipe(factors);
        if self.metric == Metric::Cosine {
            normalize(factors);
        }
        factors.metadata.insert("metric".into(), self.metric.name().into());
        let ids = ids_of(factors);
        self.count(factors, &ids, source)?;
        let mut titles = 0;
        if let Some(file) = &self.items {
            let table = items::read_as(file, &self.reading.reading(), self.item_id_column.as_deref())?;
            output::remark(table.read_as().describe());
            output::warn(&table.matching(source, &ids)?);
            let catalog = table.columns_for(&ids);
            titles = catalog.titles.iter().flatten().filter(|title| !title.is_empty()).count();
            factors.catalog = catalog;
            imported.notes.push(format!("{titles} of {} items have a title", ids.len()));
        }
        let factors = &mut imported.factors;
        if self.map {
            factors.catalog.places = Some(map::places(factors.values.view(), MAP_SEED));
        }
        let model = stable_order::pack(self.stable.last()?.as_ref(), factors, self.precision)?;
        let packed = Packed {
            format: imported.format,
            items: model.items(),
            dim: model.dim(),
            precision: model.precision(),
            metric: self.metric.name(),
            biases: model.biases().is_some(),
            titles,
            bytes: model.bytes().len(),
            notes: imported.notes,
        };
        Ok((model, packed))
    }

    fn set_recipe(&self, factors: &mut Factors) {
        let recipe = &mut factors.recipe;
        recipe.unobserved_weight = self.unobserved_weight.unwrap_or(recipe.unobserved_weight);
        recipe.regularization = self.regularization.unwrap_or(recipe.regularization);
        recipe.frequency_exponent = self.exponent.unwrap_or(recipe.frequency_exponent);
    }

    /// Popularity from the interactions, and biases from it where that was asked for.
    fn count(&self, factors: &mut Factors, ids: &[String], source: &str) -> Result<()> {
        if let Some(file) = &self.interactions {
            let (interactions, read_as) = interactions::read_as(file, &self.reading.reading())?;
            output::remark(read_as);
            let what = format!("items of {source}");
            output::warn(&Matching::of(&what, ids, &file.to_string(), &interactions.item_ids)?);
            factors.counts = Some(counts(&interactions, ids));
        }
        match (self.biases, &factors.counts) {
            (Biases::File, _) => {}
            (Biases::None, _) => factors.biases = None,
            (Biases::Popularity, Some(counts)) => factors.biases = Some(log_shares(counts)),
            (Biases::Popularity, None) => {
                return Err(Problem::Argument {
                    field: "biases",
                    expected: "--interactions FILE beside --biases popularity".into(),
                    found: "none".into(),
                }
                .into());
            }
        }
        Ok(())
    }
}

impl Metric {
    fn name(self) -> &'static str {
        match self {
            Metric::Dot => "dot",
            Metric::Cosine => "cosine",
        }
    }
}

fn ids_of(factors: &Factors) -> Vec<String> {
    let numbers = || (0..factors.values.nrows()).map(|row| row.to_string()).collect();
    factors.ids.clone().unwrap_or_else(numbers)
}

/// Brings rows to length 1; a row of zeros stays one.
fn normalize(factors: &mut Factors) {
    for mut row in factors.values.rows_mut() {
        let norm = row.dot(&row).sqrt();
        if norm > 0.0 {
            row.mapv_inplace(|value| value / norm);
        }
    }
}

/// Interactions of each of `ids`.
fn counts(interactions: &foldin_lab::train::Interactions, ids: &[String]) -> Vec<u32> {
    let counted = interactions.item_ids.iter().zip(interactions.item_counts());
    let by_id: std::collections::HashMap<&String, u32> = counted.collect();
    ids.iter().map(|id| by_id.get(id).copied().unwrap_or(0)).collect()
}

/// ln of each item's share, where an item without interactions counts as one with half an interaction.
fn log_shares(counts: &[u32]) -> Vec<f32> {
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    counts.iter().map(|&count| (f64::from(count).max(0.5) / total.max(1.0)).ln() as f32).collect()
}

impl Report<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:16} {}", "model", self.model.display())?;
        let Packed { format, items, dim, metric, bytes, precision, notes, .. } = &self.packed;
        writeln!(out, "{:16} {}", "read as", format.name())?;
        writeln!(out, "{:16} {items} of dimension {dim}", "items")?;
        writeln!(out, "{:16} {metric}", "metric")?;
        writeln!(out, "{:16} {bytes} in {}", "bytes", precision.name())?;
        notes.iter().try_for_each(|note| writeln!(out, "{:16} {}", "note", plain(note)))
    }
}
