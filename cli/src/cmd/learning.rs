//! What is learned from and how, asked alike by the verbs that train.

use super::algorithm::{Algorithm, AlgorithmArgs};
use super::reading::ReadingArgs;
use crate::data::{self, Input, ItemTable, ReadAs, Reading};
use crate::output;
use crate::watch::{self, Bar};
use foldin::{Problem, Result};
use foldin_lab::cold_start::Features;
use foldin_lab::cold_start::crossed::content;
use foldin_lab::evaluate::{EarlyStopping, Goal, Validated, Validation};
use foldin_lab::train;
use foldin_lab::train::{Epoch, Interactions, Observer, Options, Snapshot, Trained};
use serde::Serialize;
use std::ops::ControlFlow;

/// Interactions, and the algorithm that learns from them.
#[derive(Clone, clap::Args)]
pub struct LearningArgs {
    /// Who did what: CSV, TSV and the like, with or without a header, JSON lines, Parquet; also packed.
    pub interactions: Input,
    /// Leave out interactions of a smaller value, e.g. 4 to learn from good ratings only.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub min_value: Option<f32>,
    /// Titles, tags and numbers of the items, e.g. genres and years.
    #[arg(long, value_name = "FILE")]
    pub items: Option<Input>,
    #[command(flatten)]
    pub algorithm: AlgorithmArgs,
    /// Column of ids in --items [default: item_id, movieId, asin, id, ...]
    #[arg(long, value_name = "COLUMN", requires = "items")]
    item_id_column: Option<String>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

impl LearningArgs {
    /// The options for these interactions, with what the catalogue says of the items where that is learned from.
    ///
    /// # Errors
    /// [`Problem::Argument`] where it should say something and does not.
    pub fn options(&self, interactions: &Interactions, catalog: Option<&ItemTable>) -> Result<Options> {
        if self.algorithm.lacks_order(interactions) {
            output::note(
                "next learns from the order of events, and these have no times: ials is trained instead; give a column \
                 of times, or --in-order where the lines stand in order",
            );
        }
        match self.algorithm.options(interactions) {
            Options::Ials(options) if options.content_weight > 0.0 => {
                with_content(Options::Ials(options), &interactions.item_ids, catalog)
            }
            options => Ok(options),
        }
    }

    /// What is known of the items, of which those with these ids are wanted.
    ///
    /// # Errors
    /// [`Problem::Data`] where none of them is there, beside what reading says.
    pub fn catalog(&self, item_ids: &[String]) -> Result<Option<ItemTable>> {
        let Some(file) = &self.items else { return Ok(None) };
        let reading = self.reading.reading();
        let id_column = self.item_id_column.as_deref().or(reading.columns.item.as_deref());
        let table = data::items::read_as(file, &reading, id_column)?;
        output::remark(table.read_as().describe());
        output::warn(&table.matching(&self.interactions.to_string(), item_ids)?);
        Ok(Some(table))
    }

    /// The interactions that are learned from.
    pub fn read(&self) -> Result<Interactions> {
        self.read_file(&self.interactions)
    }

    /// Another file of the same form, with the same ones left out.
    pub fn read_file(&self, file: &Input) -> Result<Interactions> {
        Ok(self.read_as(file)?.0)
    }

    /// The same, with what the file was taken for.
    pub fn read_as(&self, file: &Input) -> Result<(Interactions, ReadAs)> {
        let (read, read_as) = data::interactions::read_as(file, &self.reading())?;
        output::remark(&read_as);
        let values = &read.matrix.values;
        let Some(least) = self.min_value else { return Ok((read, read_as)) };
        if !read_as.has_values() {
            return Err(Problem::Data {
                place: file.to_string(),
                problem: "no column of values for --min-value".into(),
                remedy: "name it with --value-column".into(),
            }
            .into());
        }
        Ok((read.filter(|at| values[at] >= least), read_as))
    }

    /// How interaction files are read: ratings are learned from as they are, so each must have one.
    pub fn reading(&self) -> Reading {
        Reading { need_values: self.algorithm.algorithm() == Algorithm::Sgd, ..self.reading.reading() }
    }
}

/// The options with what the catalogue says in any case, for those who try how much it should count.
///
/// # Errors
/// [`Problem::Argument`] where it should say something and does not.
pub fn with_content(
    mut options: Options,
    item_ids: &[String],
    catalog: Option<&ItemTable>,
) -> Result<Options> {
    if let Options::Ials(options) = &mut options {
        if let Some(catalog) = catalog {
            let columns = catalog.columns_for(item_ids);
            options.content = content(&Features::of(&columns, 0), &columns, item_ids.len())?;
        }
        if options.content_weight > 0.0 && options.content.entries() == 0 {
            let expected = "tags or numbers of the items beside it, in --items FILE".into();
            let found = options.content_weight.to_string();
            return Err(Problem::Argument { field: "content-weight", expected, found }.into());
        }
    }
    Ok(options)
}

/// When a training ends before its last epoch.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Early stopping")]
pub struct StoppingArgs {
    /// End when the figure for hidden interactions (ndcg@10; rmse with sgd) has not improved for so many epochs,
    /// then train on all of them for the epochs that were best [default: 3 with --validation, else off]
    #[arg(long, value_name = "EPOCHS", value_parser = clap::value_parser!(u32).range(1..))]
    patience: Option<u32>,
    /// The share of the interactions that is hidden meanwhile [default: 0.1 with --patience]
    #[arg(long, value_name = "SHARE")]
    validation: Option<f64>,
}

/// How a training was stopped early.
#[derive(Debug, Serialize)]
pub struct Stopping {
    metric: &'static str,
    /// What the model trained for afterwards.
    best: Validated,
    history: Vec<Validated>,
}

impl Stopping {
    /// In words.
    pub fn describe(&self) -> String {
        let tried = self.history.len();
        format!("{} {:.4}, best of {tried} epochs after {}", self.metric, self.best.value, self.best.epoch)
    }
}

impl StoppingArgs {
    /// Learns from all of `interactions`, with a bar on stderr; where early stopping is asked for, for as many
    /// epochs as were best for a hidden part.
    pub fn train(
        &self,
        interactions: &Interactions,
        options: Options,
    ) -> Result<(Trained, Option<Stopping>)> {
        if self.patience.is_none() && self.validation.is_none() {
            return Ok((with_progress("training", interactions, &options, &mut train::unobserved)?, None));
        }
        let share = self.validation.unwrap_or(0.1);
        let validation = Validation::new(interactions, share, options.seed(), Goal::of(&options))?;
        let mut stopping = EarlyStopping::new(&validation, self.patience.unwrap_or(3) as usize);
        with_progress("validating", validation.train(), &options, &mut stopping)?;
        let best = stopping.best().expect("one epoch at least");
        let stopped =
            Stopping { metric: validation.goal().metric(), best, history: stopping.history().to_vec() };
        let options = options.with_epochs(best.epoch);
        Ok((with_progress("training", interactions, &options, &mut train::unobserved)?, Some(stopped)))
    }
}

/// Trains with a bar on stderr that shows how far it is, and the loss of the last epoch.
pub fn with_progress(
    what: &'static str,
    interactions: &Interactions,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Trained> {
    let bar = Bar::new(options.epochs() as u64, what);
    let trained = train::train(interactions, options, &mut Shown { bar: &bar, observer });
    watch::go_on().and(trained)
}

/// Moves the bar, whoever else is told.
struct Shown<'a> {
    /// As long as there are epochs.
    bar: &'a Bar,
    observer: &'a mut dyn Observer,
}

impl Observer for Shown<'_> {
    fn epoch(&mut self, epoch: Epoch, parameters: &Snapshot<'_>) -> ControlFlow<()> {
        self.bar.set_message(format!("loss {:.5}", epoch.loss));
        self.bar.set_position(epoch.epoch as u64);
        self.goes_on()?;
        self.observer.epoch(epoch, parameters)
    }

    fn progress(&mut self, share: f64) -> ControlFlow<()> {
        self.bar.set_position((share * self.bar.length() as f64) as u64);
        self.goes_on()?;
        self.observer.progress(share)
    }
}

impl Shown<'_> {
    fn goes_on(&self) -> ControlFlow<()> {
        match watch::go_on() {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}
