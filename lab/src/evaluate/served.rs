//! A packed model, asked as the browser asks it.

use super::{Fold, Follower, Given, Interaction, Ranker};
use foldin::Recommender;
use foldin::error::Result;
use foldin::model::Model;
use foldin::score::{self, Options};
use foldin::visitor::{Event, EventWeights, Meaning};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A model at the precision at which it is served, behind the door that a page uses: a user is a visitor who did what is
/// given, in its order and at its times, and the ladder of [`Recommender::recommend`] says what ranks the items.
#[derive(Debug)]
pub struct Served<'a> {
    model: &'a Model,
    weights: EventWeights,
    /// The model's row of each item of the fold, [items]; None for items that the model does not know.
    rows: Vec<Option<u32>>,
    /// What a visitor of whom nothing is known gets, by row.
    popular: OnceLock<Vec<f32>>,
}

/// The score of an item that the model does not know: behind all others.
const UNKNOWN: f32 = f32::MIN;

impl<'a> Served<'a> {
    /// For items with these ids, with the weights that a page has.
    pub fn new(model: &'a Model, item_ids: &[String], weights: EventWeights) -> Served<'a> {
        let row_of: HashMap<String, u32> =
            (0..model.items() as u32).map(|row| (model.id(row), row)).collect();
        let rows = item_ids.iter().map(|id| row_of.get(id).copied()).collect();
        Served { model, weights, rows, popular: OnceLock::new() }
    }

    /// For a fold, whose interactions count as in training and fade as in a page.
    pub fn of_fold(model: &'a Model, fold: &Fold) -> Served<'a> {
        Served::new(model, &fold.train.item_ids, EventWeights::of_interactions(model, fold.values()))
    }

    fn row(&self, item: u32) -> Option<u32> {
        self.rows.get(item as usize).copied().flatten()
    }

    /// A visitor who did this.
    fn visitor(&self, given: Given<'_>) -> Result<Recommender<&'a Model>> {
        let events = given.events(self.model, |item| self.row(item));
        Recommender::for_history(self.model, &self.weights, &events)
    }

    fn scores_of(&self, visitor: &Recommender<&Model>) -> Result<Vec<f32>> {
        let personal = visitor.scores()?;
        let by_row = match &personal {
            Some(scores) => scores,
            None => self.popular()?,
        };
        Ok(self.rows.iter().map(|row| row.map_or(UNKNOWN, |row| by_row[row as usize])).collect())
    }

    fn predicted(&self, visitor: &Recommender<&Model>, items: &[u32]) -> Result<Option<Vec<f32>>> {
        if Meaning::of(self.model) != Meaning::Rating {
            return Ok(None);
        }
        let by_row = visitor.predictions()?;
        let of_item = |&item: &u32| self.row(item).map_or(UNKNOWN, |row| by_row[row as usize]);
        Ok(Some(items.iter().map(of_item).collect()))
    }

    /// By row. Of equal scores the page shows the lower row first; it gets a hair more, so that the order is the page's
    /// whatever the numbers of the items are.
    fn popular(&self) -> Result<&[f32]> {
        if self.popular.get().is_none() {
            let options = Options { count: self.model.items(), ..Options::default() };
            let mut scores = vec![0.0; self.model.items()];
            let mut last = f32::INFINITY;
            for scored in score::popular(self.model, &[], &options, None)?.ranking {
                last = scored.score.min(last.next_down());
                scores[scored.item as usize] = last;
            }
            // Another thread may have been faster, with the same.
            let _ = self.popular.set(scores);
        }
        Ok(self.popular.get().map_or(&[], Vec::as_slice))
    }
}

impl Ranker for Served<'_> {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        self.scores_of(&self.visitor(given)?)
    }

    fn predict(&self, given: Given<'_>, items: &[u32]) -> Result<Option<Vec<f32>>> {
        self.predicted(&self.visitor(given)?, items)
    }

    fn follow(&self) -> Box<dyn Follower + '_> {
        let nobody = Given::untimed(&[], &[]);
        Box::new(Visitor { served: self, visitor: self.visitor(nobody).expect("weights that were checked") })
    }
}

/// A visitor of the model, event by event, as in a page.
struct Visitor<'a> {
    served: &'a Served<'a>,
    visitor: Recommender<&'a Model>,
}

impl Follower for Visitor<'_> {
    fn see(&mut self, Interaction { item, value, time }: Interaction) -> Result<()> {
        match self.served.row(item) {
            Some(row) => {
                let event = Event::of_interaction(self.served.model, row, value, time.unwrap_or(0.0));
                self.visitor.record(&[event])
            }
            None => Ok(()),
        }
    }

    fn scores(&self) -> Result<Vec<f32>> {
        self.served.scores_of(&self.visitor)
    }

    fn predict(&self, item: u32) -> Result<Option<f32>> {
        let predicted = self.served.predicted(&self.visitor, &[item])?;
        Ok(predicted.and_then(|values| values.first().copied()))
    }
}
