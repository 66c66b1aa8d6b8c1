//! Items like an item.

use super::query::Query;
use super::rules::{Plan, Rules};
use super::search::{self, Products, Search};
use super::{Answer, Options};
use crate::error::Result;
use crate::model::{BLOCK, Items};
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
/// When the row `item` is not below [`Items::rows`].
pub fn similar<'a>(items: impl Into<Items<'a>>, item: u32, metric: Metric, count: usize) -> Result<Answer> {
    let items = items.into().untuned();
    let (rows, at) = items.packed(item as usize);
    nearest(items, &items.factor(item), rows.norm(at), &[item], metric, count)
}

/// The `count` items nearest to a vector [dim] of this length, without those `seen`.
///
/// # Errors
/// As [`similar`].
pub(crate) fn nearest(
    items: Items<'_>,
    vector: &[f32],
    length: f32,
    seen: &[u32],
    metric: Metric,
    count: usize,
) -> Result<Answer> {
    let options = Options::default();
    let plan = Plan::new(items, &options)?;
    let rules = Rules::new(&plan, seen, None);
    let cosines = Cosines { items, length, query: Query::without_biases(items, vector)? };
    let products: &dyn Products = match metric {
        Metric::Cosine => &cosines,
        Metric::Dot => &cosines.query,
    };
    let mut search = Search::new(products, &rules, count);
    search::run(items, std::slice::from_mut(&mut search));
    let (ranking, rows_read) = search.finish();
    Ok(Answer { ranking, rows_read })
}

struct Cosines<'a> {
    items: Items<'a>,
    query: Query<'a>,
    length: f32,
}

impl Products for Cosines<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        self.query.fill(first, products);
        let mut norms = [0.0; BLOCK];
        let norms = &mut norms[..products.len()];
        let (rows, first) = self.items.packed(first);
        rows.norms(first, norms);
        for (product, norm) in products.iter_mut().zip(norms) {
            let lengths = self.length * *norm;
            *product = if lengths > 0.0 { *product / lengths } else { 0.0 };
        }
    }

    fn bounds(&self) -> &[f32] {
        &[]
    }
}
