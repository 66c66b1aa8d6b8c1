//! A packed model, asked as the browser asks it.

use super::{Given, Ranker};
use crate::error::Result;
use crate::model::{Algorithm, Model};
use crate::score::{self, Options};
use crate::visitor::{FoldIn, Observation};
use std::collections::HashMap;

/// A model at the precision at which it is served. A user is a visitor: their vector is solved from what is
/// given, with the item factors as rounded. Without anything given, popular items come first.
#[derive(Debug)]
pub struct Served<'a> {
    model: &'a Model,
    /// The model's row of each item of the fold, [items]; None for items that the model does not know.
    rows: Vec<Option<u32>>,
    /// What a value adds to the weight of an interaction, as in training.
    confidence: f32,
}

/// The score of an item that the model does not know: behind all others.
const UNKNOWN: f32 = f32::MIN;

impl<'a> Served<'a> {
    /// For folds whose items have these ids.
    pub fn new(model: &'a Model, item_ids: &[String]) -> Served<'a> {
        let row_of: HashMap<String, u32> =
            (0..model.items() as u32).map(|row| (model.id(row), row)).collect();
        let confidence = model.metadata().get("confidence").and_then(|text| text.parse().ok());
        Served {
            model,
            rows: item_ids.iter().map(|id| row_of.get(id).copied()).collect(),
            confidence: confidence.unwrap_or(0.0),
        }
    }

    /// Rows of the model with the values that are given for them.
    fn known(&self, given: Given<'_>) -> Vec<(u32, f32)> {
        let rows = given.items.iter().map(|&item| self.rows[item as usize]);
        rows.zip(given.values).filter_map(|(row, &value)| Some((row?, value))).collect()
    }

    /// Scores of implicit feedback, by row.
    fn folded(&self, known: &[(u32, f32)]) -> Result<Vec<f32>> {
        let weight = |value: f32| 1.0 + self.confidence * value;
        let vector = self.solve(known.iter().map(|&(row, value)| (row, 1.0, weight(value))));
        score::scores(self.model, &vector)
    }

    /// Predicted ratings, by row. The visitor's bias b is learned too: with the sums over the n known ratings
    /// of `e = rating - mean - b_i`, of `q` and of `e q`, the ridge solution for vector and bias is
    /// `x = A⁻¹ Σ e q`, `y = A⁻¹ Σ q`, `b = (Σ e - x·Σ q) / ((1 + lambda) n - y·Σ q)`, `p = x - b y`.
    fn ratings(&self, known: &[(u32, f32)]) -> Result<Vec<f32>> {
        let recipe = self.model.recipe();
        let bias = |row: u32| self.model.biases().map_or(0.0, |biases| biases[row as usize]);
        let residual = |&(row, value): &(u32, f32)| value - recipe.mean - bias(row);
        let x = self.solve(known.iter().map(|rating| (rating.0, residual(rating), 1.0)));
        let y = self.solve(known.iter().map(|rating| (rating.0, 1.0, 1.0)));
        let mut factors = vec![0.0; self.model.dim()];
        let mut sum = |vector: &[f32]| {
            let products = known.iter().map(|&(row, _)| {
                self.model.factor_into(row, &mut factors);
                dot(vector, &factors)
            });
            products.sum::<f32>()
        };
        let weight = (1.0 + recipe.regularization) * known.len() as f32 - sum(&y);
        // Nothing is known of a bias when nothing is given, or the vector explains it all.
        let b =
            if weight > 1e-6 { (known.iter().map(residual).sum::<f32>() - sum(&x)) / weight } else { 0.0 };
        let vector: Vec<f32> = x.iter().zip(&y).map(|(x, y)| x - b * y).collect();
        let mut scores = score::scores(self.model, &vector)?;
        scores.iter_mut().for_each(|score| *score += recipe.mean + b);
        Ok(scores)
    }

    /// The fold-in of (row, target, weight).
    fn solve(&self, observations: impl Iterator<Item = (u32, f32, f32)>) -> Vec<f32> {
        let mut visitor = FoldIn::new(self.model);
        for (item, target, weight) in observations {
            visitor.add(self.model, &Observation { item, target, weight });
        }
        visitor.solve().vector().to_vec()
    }

    /// What a visitor of whom nothing is known gets, by row.
    fn popular(&self) -> Result<Vec<f32>> {
        let options = Options { count: self.model.items(), ..Options::default() };
        let mut scores = vec![0.0; self.model.items()];
        for scored in score::popular(self.model, &[], &options)? {
            scores[scored.item as usize] = scored.score;
        }
        Ok(scores)
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Ranker for Served<'_> {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        let known = self.known(given);
        let by_row = match (known.is_empty(), self.predicts_values()) {
            (_, true) => self.ratings(&known)?,
            (true, false) => self.popular()?,
            (false, false) => self.folded(&known)?,
        };
        Ok(self.rows.iter().map(|row| row.map_or(UNKNOWN, |row| by_row[row as usize])).collect())
    }

    fn predicts_values(&self) -> bool {
        self.model.recipe().algorithm == Algorithm::Sgd
    }
}
