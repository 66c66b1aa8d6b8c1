//! `foldin similar`: an item's nearest items.

use super::recommend::options;
use crate::model_file;
use crate::shelf;
use crate::texts::TextArgs;
use foldin::recommender::Ask;
use foldin::score::{Metric, Options};
use foldin::{Recommender, Result};
use std::path::PathBuf;

/// List the items most like one item, or like several, or like what a text describes.
#[derive(clap::Args)]
pub struct Similar {
    /// Model file (.safetensors).
    model: PathBuf,
    /// The item's id; several, such as those in a basket, each.
    #[arg(required_unless_present = "text", conflicts_with = "text")]
    id: Vec<String>,
    #[command(flatten)]
    text: TextArgs,
    /// How many items to list.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// cosine compares directions alone; dot lets popular items come first.
    #[arg(long, value_enum, default_value_t = MetricName::Cosine)]
    metric: MetricName,
    /// Other options of the page's `similar`, as JSON: by, personal, exclude, only, where, boost, quota, pin and so on.
    /// Example: '{"by":"bought-together","where":{"stock":{"min":1}}}'
    #[arg(long, value_name = "JSON", value_parser = options, default_value = "{}", hide_default_value = true)]
    options: Options,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum MetricName {
    Cosine,
    Dot,
}

impl Similar {
    pub fn run(self) -> Result<()> {
        let recommender = Recommender::new(model_file::read(&self.model)?);
        let metric = match self.metric {
            MetricName::Cosine => Metric::Cosine,
            MetricName::Dot => Metric::Dot,
        };
        let seeds = self.id.iter().map(|id| recommender.model().find(id)).collect::<Result<Vec<_>>>()?;
        let options = Options { count: self.count, ..self.options };
        let described = self.text.factor(recommender.model())?;
        let ask = Ask { vector: described.as_deref(), ..Ask::default() };
        let answer = recommender.similar(&seeds, metric, &options, ask)?;
        shelf::print(recommender.model(), &answer, false, self.json)?;
        Ok(())
    }
}
