//! `foldin recommend`: what a browser would show, from the same code.

use super::reading::ReadingArgs;
use super::recency::RecencyArgs;
use crate::answers::{answers, known_rows};
use crate::data::interactions;
use crate::model_file;
use crate::texts::TextArgs;
use crate::{output, shelf};
use foldin::recommender::{Ask, Recommendation, Recommender};
use foldin::score::Options;
use foldin::visitor::{Event, EventKind, EventWeights};
use foldin::{Model, Named, Result};
use foldin_lab::cold_start::{Traits, Value};
use foldin_lab::train::Interactions;
use serde::Serialize;
use std::path::PathBuf;

/// Recommend items from a model, as the browser does.
///
/// For one visitor say what they liked and disliked, or in words what they look for; for many give a file with --batch. A visitor without likes gets
/// what is trending or popular; each result's `rung` says which.
#[derive(clap::Args)]
#[command(after_help = "Example: foldin recommend movies.safetensors --liked 50,181 --explain")]
pub struct Recommend {
    /// Model file (.safetensors).
    model: PathBuf,
    /// Ids of liked items, separated by commas; may be repeated. An id with a comma stands alone or in quotes:
    /// --liked '"Warhammer 40,000",50'.
    #[arg(long, value_name = "ID,ID")]
    liked: Vec<String>,
    /// Ids of disliked items, as --liked.
    #[arg(long, value_name = "ID,ID")]
    disliked: Vec<String>,
    /// How many items to recommend.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// All other options of the page's `recommend`, as JSON: exclude, only, where, boost, quota, atLeast,
    /// pin, bury, diversity, explore, offset, by, dates, seeds, personal, seen. Example: '{"where":{"year":{"min":1990}},"diversity":0.3}'
    #[arg(long, value_name = "JSON", value_parser = options, default_value = "{}", hide_default_value = true)]
    options: Options,
    /// What the visitor says of themselves, as JSON: the columns of `foldin train --users`. Example:
    /// '{"age":30,"occupation":"student"}'
    #[arg(long, value_name = "JSON", value_parser = traits, conflicts_with = "text")]
    traits: Option<Said>,
    #[command(flatten)]
    text: TextArgs,
    /// Say which liked items brought each result, with their share of the score.
    #[arg(long)]
    explain: bool,
    /// Many visitors at once: an interaction file (columns user, item[, value][, timestamp]); prints one JSON line a
    /// user. Every row counts as in training: as an observed interaction, weighed by its value where the model was
    /// trained with --confidence, and as a rating in a model of ratings. Where there are times, older rows fade as in a
    /// page, and a model of what comes next goes by their order; without times by that of the file. The items in it do
    /// not come back.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["liked", "disliked", "traits", "text", "explain"])]
    batch: Option<PathBuf>,
    #[command(flatten)]
    recency: RecencyArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

pub(super) fn options(json: &str) -> std::result::Result<Options, String> {
    serde_json::from_str(json).map_err(|error| format!("{error}; write the options as a page does, in JSON"))
}

/// Traits of one visitor.
type Said = Named<Value>;

fn traits(json: &str) -> std::result::Result<Said, String> {
    serde_json::from_str(json).map_err(|error| format!("{error}; write them in JSON: tags, numbers or null"))
}

/// A line of `--batch`.
#[derive(Serialize)]
struct BatchLine<'a> {
    user: &'a str,
    items: Vec<BatchItem>,
}

#[derive(Serialize)]
struct BatchItem {
    item: String,
    score: f32,
}

impl Recommend {
    pub fn run(self) -> Result<()> {
        let model = model_file::read(&self.model)?;
        let options = Options { count: self.count, ..self.options };
        if let Some(file) = &self.batch {
            let (history, read_as) = interactions::read_as(file, &self.reading.reading())?;
            output::remark(read_as);
            let weights = self.recency.weights(&model, history.matrix.values.iter().copied())?;
            let rows = known_rows(&model, &file.display().to_string(), &history.item_ids)?;
            return batch(&model, &weights, &history, &rows, &options);
        }
        let mut events = Vec::new();
        for (ids, kind) in [(&self.liked, EventKind::Like), (&self.disliked, EventKind::Dislike)] {
            for list in ids {
                let found = rows(&model, list)?;
                events.extend(found.into_iter().map(|item| Event { item, kind, value: None, time: 0.0 }));
            }
        }
        let wish = self.text.belief(&model)?;
        let mut recommender = Recommender::new(model);
        if let Some(wish) = &wish {
            recommender.believe(wish)?;
        }
        if let Some(traits) = &self.traits {
            let belief = Traits::belief(recommender.model().room(), traits)?;
            recommender.believe(&belief)?;
        }
        recommender.record(&events)?;
        let answer = recommender.recommend(&options, Ask { explain: self.explain, ..Ask::default() })?;
        shelf::print(recommender.model(), &answer, self.explain, self.json)?;
        Ok(())
    }
}

/// The items of a list: one id, commas and all, or several as CSV has them.
fn rows(model: &Model, list: &str) -> Result<Vec<u32>> {
    if let Ok(row) = model.find(list) {
        return Ok(vec![row]);
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(list.as_bytes());
    let record = reader.records().next().transpose().ok().flatten().unwrap_or_default();
    record.iter().filter(|id| !id.is_empty()).map(|id| model.find(id)).collect()
}

fn batch(
    model: &Model,
    weights: &EventWeights,
    history: &Interactions,
    rows: &[Option<u32>],
    options: &Options,
) -> Result<()> {
    answers(model, weights, (history, rows), options, false, &mut |user, answer| {
        let item = |result: &Recommendation| BatchItem { item: model.id(result.item), score: result.score };
        let items = answer.results.iter().map(item).collect();
        output::json(&BatchLine { user: &history.user_ids[user], items })
    })
}
