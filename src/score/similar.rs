//! Items like an item.

use super::candidates::Candidates;
use super::query::Query;
use super::{Scored, scan};
use crate::error::Result;
use crate::model::Model;
use serde::Deserialize;

/// How alike two items are.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Cosine of the angle between the factors: taste alone.
    #[default]
    Cosine,
    /// Inner product of the factors: taste and popularity.
    Dot,
}

/// The `count` items nearest to `item`, which is not among them, best first.
///
/// # Errors
/// [`crate::Error::Argument`] for factors so large that a score is not finite.
///
/// # Panics
/// When the row `item` is not below [`Model::items`].
pub fn similar(model: &Model, item: u32, metric: Metric, count: usize) -> Result<Vec<Scored>> {
    let factor = model.factor(item);
    let query = Query::new(model, &factor)?;
    let others = Candidates::without(&[item]);
    let biases = model.biases();
    let length = norm(&factor);
    let product = |item: u32, score: f32| score - biases.map_or(0.0, |biases| biases[item as usize]);
    Ok(match metric {
        Metric::Dot => scan::scan(model, &query, &others, count, product),
        Metric::Cosine => scan::scan(model, &query, &others, count, |item, score| {
            let lengths = length * norm(&model.factor(item));
            if lengths > 0.0 { product(item, score) / lengths } else { 0.0 }
        }),
    })
}

fn norm(factor: &[f32]) -> f32 {
    factor.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt() as f32
}
