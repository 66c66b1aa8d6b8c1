//! `foldin train`: interactions in, a model file out.

use super::algorithm::AlgorithmArgs;
use super::columns::ColumnArgs;
use crate::output;
use foldin::train::{Epoch, Options, Snapshot, Trained};
use foldin::{Model, Precision, Result, data, train};
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

/// Learn item factors from interactions and pack them into a model file.
///
/// The file appears when everything has gone well; what was there before stays until then.
#[derive(clap::Args)]
#[command(after_help = "Ids are strings. Of a pair that stands twice the last line counts.")]
pub struct Train {
    /// Who did what: CSV, TSV, `::` or RecBole's, with or without a header, also gzipped.
    interactions: PathBuf,
    /// Where to write the model (.safetensors).
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// Titles, genres and years of the items.
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,
    /// How the rows are stored: f32, f16, int8 or int4.
    #[arg(long, default_value = "int8", value_parser = Precision::from_name)]
    precision: Precision,
    /// Leave out interactions of a smaller value, e.g. 4 to learn from good ratings only.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    min_value: Option<f32>,
    #[command(flatten)]
    algorithm: AlgorithmArgs,
    #[command(flatten)]
    columns: ColumnArgs,
    /// Print one JSON document: what was written, and the loss of each epoch.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a PathBuf,
    algorithm: &'static str,
    users: usize,
    items: usize,
    interactions: usize,
    dim: usize,
    precision: Precision,
    bytes: usize,
    seconds: f64,
    history: &'a [Epoch],
}

impl Train {
    pub fn run(self) -> Result<()> {
        let mut interactions = data::interactions::read(&self.interactions, &self.columns.into())?;
        if let Some(least) = self.min_value {
            let values = &interactions.matrix.values;
            interactions = interactions.filter(|at| values[at] >= least);
        }
        let catalog = self.items.as_ref().map(data::items::read).transpose()?;
        let options = Options::from(self.algorithm);
        let start = Instant::now();
        let Trained { mut items, history, .. } =
            with_progress(&options, |observer| train::train(&interactions, &options, observer))?;
        let seconds = start.elapsed().as_secs_f64();
        if let Some(catalog) = catalog {
            items.catalog = catalog.columns_for(&interactions.item_ids);
        }
        if let Some(name) = self.interactions.file_name() {
            items.metadata.insert("data".into(), name.to_string_lossy().into_owned());
        }
        let model = Model::pack(&items, self.precision)?;
        model.write(&self.output)?;
        let report = Report {
            model: &self.output,
            algorithm: model.recipe().algorithm.name(),
            users: interactions.users(),
            items: model.items(),
            interactions: interactions.matrix.entries(),
            dim: model.dim(),
            precision: self.precision,
            bytes: model.byte_len(),
            seconds,
            history: &history,
        };
        if self.json {
            output::json(&report)
        } else {
            report.print()
        }
        Ok(())
    }
}

/// Trains with a bar on stderr that shows the loss of each epoch.
pub fn with_progress(
    options: &Options,
    train: impl FnOnce(&mut dyn train::Observer) -> Result<Trained>,
) -> Result<Trained> {
    let bar = output::progress(options.epochs() as u64, "training");
    let trained = train(&mut |epoch: Epoch, _: &Snapshot<'_>| {
        bar.set_message(format!("loss {:.5}", epoch.loss));
        bar.inc(1);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    trained
}

impl Report<'_> {
    fn print(&self) {
        println!("{:16} {}", "model", self.model.display());
        println!("{:16} {} of dimension {}", "algorithm", self.algorithm, self.dim);
        println!("{:16} {} by {} users", "interactions", self.interactions, self.users);
        println!("{:16} {}", "items", self.items);
        println!("{:16} {} in {}", "bytes", self.bytes, self.precision.name());
        if let Some(last) = self.history.last() {
            println!("{:16} {:.5} after {} epochs, {:.1} s", "loss", last.loss, last.epoch, self.seconds);
        }
    }
}
