//! What is asked: a query vector against every item, the best out.
//!
//! A query becomes integers or padded floats, the kernels multiply it with rows in place,
//! and a threshold lets only the few rows that can belong to the best near the heap. The browser and the
//! command come through here alike and get the same bits.

mod candidates;
mod kernel;
mod options;
mod popular;
mod query;
mod scan;
mod similar;
#[cfg(test)]
mod tests;
mod top_k;

pub use options::Options;
pub use popular::popular;
pub use similar::{Metric, similar};

use crate::error::Result;
use crate::model::Model;
use candidates::Candidates;
use query::Query;

/// An item with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The item's row.
    pub item: u32,
    /// Inner product of query and factor, plus the item's bias where it has one.
    pub score: f32,
}

/// The best items for the vector `query` [dim], best first; of equal scores the lower row comes first.
/// `seen` are rows that do not come back.
///
/// # Errors
/// [`crate::Error::Argument`] for a query that does not fit the model or an option outside its range,
/// [`crate::Error::UnknownItem`] for an id that the model does not have.
pub fn recommend(model: &Model, query: &[f32], seen: &[u32], options: &Options) -> Result<Vec<Scored>> {
    let query = Query::new(model, query)?;
    let candidates = Candidates::new(model, seen, options)?;
    let mut ranking = scan::scan(model, &query, &candidates, options.end(), |_, product| product);
    ranking.drain(..options.offset.min(ranking.len()));
    Ok(ranking)
}

/// One visitor of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The visitor's vector, [dim].
    pub query: &'a [f32],
    /// Rows that do not come back.
    pub seen: &'a [u32],
}

/// [`recommend`] for several visitors: the same rankings, in the order of the requests.
///
/// # Errors
/// As [`recommend`], for the first request that is refused.
pub fn recommend_batch(
    model: &Model,
    requests: &[Request<'_>],
    options: &Options,
) -> Result<Vec<Vec<Scored>>> {
    requests.iter().map(|request| recommend(model, request.query, request.seen, options)).collect()
}

/// The given items by falling score; an item given twice comes back twice.
///
/// # Errors
/// [`crate::Error::Argument`] for a query that does not fit the model.
///
/// # Panics
/// When a row is not below [`Model::items`].
pub fn rank(model: &Model, query: &[f32], items: &[u32]) -> Result<Vec<Scored>> {
    let query = Query::new(model, query)?;
    let score = |&item: &u32| Scored { item, score: scan::score_one(model, &query, item) };
    let mut ranking: Vec<Scored> = items.iter().map(score).collect();
    ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
    Ok(ranking)
}
