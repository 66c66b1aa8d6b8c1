//! `foldin train`: interactions in, a model file out.

use super::auto::{self, Decision};
use super::cold_start::ColdStartArgs;
use super::learning::{LearningArgs, Stopping, StoppingArgs};
use super::stable_order::{self, StableOrder};
use super::{Reads, repeat};
use crate::data::{Input, ReadAs};
use crate::model_file;
use crate::output;
use foldin::model::Together;
use foldin::{Model, Precision, Result};
use foldin_lab::auto::Sought;
use foldin_lab::complete::{Added, Known, Learn, complete};
use foldin_lab::map;
use foldin_lab::together::together;
#[cfg(feature = "deep")]
use foldin_lab::train::two_tower::Side;
use foldin_lab::train::{self, Epoch, Interactions, Trained};
use ndarray::ArrayView2;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Learn item factors from interactions and pack them into a model file.
///
/// The file appears when everything has gone well; what was there before stays until then.
#[derive(clap::Args)]
#[command(
    after_help = "Ids are strings. Of a pair that stands twice the last line counts. Without --algorithm several \
    are compared on an interaction of each user that is held out, beside popularity and item-kNN; the best is trained on \
    everything, and the command line that repeats it is printed. `foldin tune` searches further."
)]
pub struct Train {
    #[command(flatten)]
    training: Training,
    /// Where to write the model (.safetensors).
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// Print one JSON document: what was written, the loss of each epoch, and how early stopping went.
    #[arg(long)]
    json: bool,
}

/// What a model is made of, and how.
#[derive(clap::Args)]
pub struct Training {
    #[command(flatten)]
    learning: LearningArgs,
    /// How the rows are stored: f32, f16, int8 or int4.
    #[arg(long, default_value = "int8", value_parser = Precision::from_name)]
    precision: Precision,
    /// Give each item a place on a map, for a page to show: neighbours have the same admirers.
    #[arg(long)]
    map: bool,
    #[command(flatten)]
    stable: StableOrder,
    #[command(flatten)]
    cold_start: ColdStartArgs,
    #[command(flatten)]
    stopping: StoppingArgs,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a PathBuf,
    #[serde(flatten)]
    made: &'a Made,
    /// What repeats this training without a comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

/// How a model was made.
#[derive(Debug, Serialize)]
pub struct Made {
    algorithm: &'static str,
    users: usize,
    items: usize,
    interactions: usize,
    /// What the file was taken for.
    read: ReadAs,
    dim: usize,
    precision: Precision,
    bytes: usize,
    /// Of these bytes, by room.
    cold_start: Added,
    seconds: f64,
    history: Vec<Epoch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<Stopping>,
    /// What was compared, where no algorithm was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Decision>,
}

impl Train {
    pub fn run(self) -> Result<()> {
        let (model, made) = self.training.make()?;
        model_file::write(&model, &self.output)?;
        let command = made.comparison.as_ref().map(|found| repeat::command(found.chosen()));
        let report = Report { model: &self.output, made: &made, command };
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }
}

impl Reads for Training {
    fn give(&mut self, argument: &str, input: Input) {
        match argument {
            "interactions" => self.learning.interactions = input,
            "items" => self.learning.items = Some(input),
            "users" => self.cold_start.users = Some(input),
            _ => {}
        }
    }
}

impl Training {
    /// Reads, trains, completes and packs.
    ///
    /// # Errors
    /// What is wrong with the files, the options or the training.
    pub fn make(self) -> Result<(Model, Made)> {
        self.cold_start.check(self.learning.algorithm.algorithm())?;
        let last = self.stable.last()?;
        let (mut interactions, read) = self.learning.read_as(&self.learning.interactions)?;
        let other = self.cold_start.other(&mut interactions, &self.learning.reading())?;
        let catalog = self.learning.catalog(&interactions.item_ids)?;
        let only_ials = self.cold_start.only_of_ials();
        let start = Instant::now();
        #[cfg_attr(not(feature = "deep"), expect(unused_mut, reason = "only the two towers read side data"))]
        let (mut options, comparison) = auto::decide(
            &self.learning,
            &interactions,
            catalog.as_ref(),
            self.precision,
            Sought::Last,
            only_ials,
        )?;
        // What came last is for those who hide it, or learn from it.
        if !matches!(options, train::Options::Next(_)) {
            (interactions.order, interactions.repeats) = Default::default();
        }
        let mut known = self.cold_start.known(&interactions, catalog.as_ref())?;
        let baskets = self.cold_start.baskets(&self.learning.interactions, &self.learning.reading())?;
        #[cfg(feature = "deep")]
        if let train::Options::TwoTower(options) = &mut options {
            let items = known.content(interactions.items())?.map(|(_, encoded)| encoded);
            options.side = Side { items, users: known.traits.clone() };
        }
        let seed = options.seed();
        let (mut trained, stopping) = self.stopping.train(&interactions, options)?;
        let seconds = start.elapsed().as_secs_f64();
        let name = self.learning.interactions.file_name();
        known.metadata.extend(name.map(|name| ("data".into(), name)));
        known.metadata.extend(comparison.iter().flat_map(Decision::metadata));
        let lay_out = |factors: ArrayView2<'_, f32>| map::places(factors, seed);
        let other = other.as_ref().map(|other| {
            |ours: &Interactions, trained: &Trained| self.cold_start.transfer(ours, trained, other)
        });
        let together = baskets.as_ref().map(|baskets| |items: &[String]| together(baskets, items));
        let known = Known {
            map: self.map.then_some(&lay_out),
            together: together.as_ref().map(|learn| learn as &dyn Fn(&[String]) -> Together),
            transfer: other.as_ref().map(|learn| learn as &Learn<'_>),
            ..known
        };
        let history = std::mem::take(&mut trained.history);
        let (entries, people) = (interactions.matrix.entries(), interactions.users());
        let (items, added) = complete(&interactions, trained, known)?;
        // Packing needs room that these have had until here.
        drop(interactions);
        let model = stable_order::pack(last.as_ref(), &items, self.precision)?;
        let made = Made {
            algorithm: model.recipe().algorithm.name(),
            users: people,
            items: model.items(),
            interactions: entries,
            read,
            dim: model.dim(),
            precision: self.precision,
            bytes: model.bytes().len(),
            cold_start: added,
            seconds,
            history,
            validation: stopping,
            comparison,
        };
        Ok((model, made))
    }
}

impl Report<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(comparison) = &self.made.comparison {
            comparison.print(out)?;
        }
        writeln!(out, "{:16} {}", "model", self.model.display())?;
        self.made.print(out)?;
        self.command.iter().try_for_each(|command| writeln!(out, "{:16} {command}", "to repeat"))
    }
}

impl Made {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:16} {} of dimension {}", "algorithm", self.algorithm, self.dim)?;
        writeln!(out, "{:16} {} by {} users", "interactions", self.interactions, self.users)?;
        writeln!(out, "{:16} {}", "items", self.items)?;
        writeln!(out, "{:16} {} in {}", "bytes", self.bytes, self.precision.name())?;
        let cold_start: Vec<String> =
            self.cold_start.parts().map(|(part, bytes)| format!("{part} {bytes}")).collect();
        if !cold_start.is_empty() {
            writeln!(out, "{:16} {}", "for cold start", cold_start.join(", "))?;
        }
        if let Some(stopping) = &self.validation {
            writeln!(out, "{:16} {}", "early stopping", stopping.describe())?;
        }
        if let Some(last) = self.history.last() {
            writeln!(
                out,
                "{:16} {:.5} after {} epochs, {:.1} s",
                "loss", last.loss, last.epoch, self.seconds
            )?;
        }
        Ok(())
    }
}
