//! `foldin similar`: an item's nearest items.

use crate::model_file;
use crate::shelf;
use foldin::score::Metric;
use foldin::{Recommender, Result};
use std::path::PathBuf;

/// List the items most like one item.
#[derive(clap::Args)]
pub struct Similar {
    /// Model file (.safetensors).
    model: PathBuf,
    /// The item's id.
    id: String,
    /// How many items to list.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// cosine compares directions alone; dot lets popular items come first.
    #[arg(long, value_enum, default_value_t = MetricName::Cosine)]
    metric: MetricName,
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
        let item = recommender.model().find(&self.id)?;
        let answer = recommender.similar(item, metric, self.count)?;
        shelf::print(recommender.model(), &answer, false, self.json)?;
        Ok(())
    }
}
