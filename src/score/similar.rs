//! Items like an item.

use super::query::Query;
use super::rules::{Plan, Rules};
use super::search::{self, Products, Search};
use super::{Answer, Options};
use crate::error::Result;
use crate::model::{BLOCK, Model};
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
/// [`crate::Problem::Argument`] for factors so large that a score is not finite.
///
/// # Panics
/// When the row `item` is not below [`Model::items`].
pub fn similar(model: &Model, item: u32, metric: Metric, count: usize) -> Result<Answer> {
    let query = Query::without_biases(model, &model.factor(item))?;
    let plan = Plan::new(model, &Options::default())?;
    let rules = Rules::new(&plan, &[item], None);
    let cosines = Cosines { model, length: model.rows().norm(item as usize), query };
    let products: &dyn Products = match metric {
        Metric::Cosine => &cosines,
        Metric::Dot => &cosines.query,
    };
    let mut search = Search::new(products, &rules, count);
    search::run(model, std::slice::from_mut(&mut search));
    let (ranking, rows_read) = search.finish();
    Ok(Answer { ranking, rows_read })
}

struct Cosines<'a> {
    model: &'a Model,
    query: Query<'a>,
    length: f32,
}

impl Products for Cosines<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        self.query.fill(first, products);
        let mut norms = [0.0; BLOCK];
        let norms = &mut norms[..products.len()];
        self.model.rows().norms(first, norms);
        for (product, norm) in products.iter_mut().zip(norms) {
            let lengths = self.length * *norm;
            *product = if lengths > 0.0 { *product / lengths } else { 0.0 };
        }
    }

    fn bounds(&self) -> &[f32] {
        &[]
    }
}
