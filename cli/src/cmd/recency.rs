//! How fast events fade, asked alike by the verbs that fold visitors in from files.

use foldin::visitor::EventWeights;
use foldin::{Model, Result};

/// How fast older events fade, as a page's `events: { remains, halfLife }` has it. It matters where the file has times,
/// and not for models of what comes next, which count by order.
#[derive(Clone, Copy, clap::Args)]
#[command(next_help_heading = "Recency")]
pub struct RecencyArgs {
    /// The part of its weight that an event keeps however old it is; 1 turns recency off [default: as in a page, 0.1]
    #[arg(long, value_name = "PART")]
    remains: Option<f32>,
    /// The seconds in which half of the rest is gone [default: as in a page, 120]
    #[arg(long, value_name = "SECONDS")]
    half_life: Option<f64>,
}

impl RecencyArgs {
    /// The weights with which interactions of these values count as in the model's training and fade as told.
    ///
    /// # Errors
    /// As [`EventWeights::check`].
    pub fn weights(&self, model: &Model, values: impl IntoIterator<Item = f32>) -> Result<EventWeights> {
        let page = EventWeights::of_interactions(model, values);
        let weights = EventWeights {
            remains: self.remains.unwrap_or(page.remains),
            half_life: self.half_life.map_or(page.half_life, |seconds| 1000.0 * seconds),
            ..page
        };
        weights.check()?;
        Ok(weights)
    }
}
