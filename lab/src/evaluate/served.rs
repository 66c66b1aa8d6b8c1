//! A packed model, asked as the browser asks it.

use super::{Given, Ranker};
use foldin::error::Result;
use foldin::model::Model;
use foldin::score::{self, Options};
use foldin::visitor::{FoldIn, Meaning};
use std::collections::HashMap;

/// A model at the precision at which it is served. A user is a visitor: their vector is solved from what is
/// given, with the item factors as rounded. Without anything given, popular items come first.
#[derive(Debug)]
pub struct Served<'a> {
    model: &'a Model,
    /// The model's row of each item of the fold, [items]; None for items that the model does not know.
    rows: Vec<Option<u32>>,
}

/// The score of an item that the model does not know: behind all others.
const UNKNOWN: f32 = f32::MIN;

impl<'a> Served<'a> {
    /// For folds whose items have these ids.
    pub fn new(model: &'a Model, item_ids: &[String]) -> Served<'a> {
        let row_of: HashMap<String, u32> =
            (0..model.items() as u32).map(|row| (model.id(row), row)).collect();
        Served { model, rows: item_ids.iter().map(|id| row_of.get(id).copied()).collect() }
    }

    /// Rows of the model with the values that are given for them.
    fn known(&self, given: Given<'_>) -> Vec<(u32, f32)> {
        let rows = given.items.iter().map(|&item| self.rows[item as usize]);
        rows.zip(given.values).filter_map(|(row, &value)| Some((row?, value))).collect()
    }

    /// Scores by row; predicted ratings, where the model predicts them.
    fn folded(&self, known: &[(u32, f32)]) -> Result<Vec<f32>> {
        let visitor = FoldIn::of_history(self.model, known).solve(self.model);
        let mut scores = score::scores(self.model, visitor.vector())?;
        scores.iter_mut().for_each(|score| *score += visitor.offset());
        Ok(scores)
    }

    /// What a visitor of whom nothing is known gets, by row.
    fn popular(&self) -> Result<Vec<f32>> {
        let options = Options { count: self.model.items(), ..Options::default() };
        let mut scores = vec![0.0; self.model.items()];
        for scored in score::popular(self.model, &[], &options, None)?.ranking {
            scores[scored.item as usize] = scored.score;
        }
        Ok(scores)
    }
}

impl Ranker for Served<'_> {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        let known = self.known(given);
        let by_row = match known.is_empty() && !self.predicts_values() {
            true => self.popular()?,
            false => self.folded(&known)?,
        };
        Ok(self.rows.iter().map(|row| row.map_or(UNKNOWN, |row| by_row[row as usize])).collect())
    }

    fn predicts_values(&self) -> bool {
        Meaning::of(self.model) == Meaning::Rating
    }
}
