//! What is asked: a query vector against every item, the best out.
//!
//! A query becomes integers or padded floats, the kernels multiply it with rows in place,
//! and a threshold lets only the few rows that can belong to the best near the heap. The browser and the
//! command come through here alike and get the same bits.

mod arrange;
mod boosts;
mod columns;
mod conditions;
mod explore;
mod filter;
mod given;
mod options;
mod popular;
mod query;
mod quotas;
mod rerank;
mod rules;
mod search;
mod similar;
#[cfg(test)]
mod tests;
mod top_k;
mod tuned;
mod wanted;

pub use conditions::{Condition, Where};
pub use given::{bought_together, newest};
pub use options::{Boost, Explore, MAX_DIVERSE, Options};
pub use popular::{Rung, by_demand, popular};
pub(crate) use similar::nearest;
pub use similar::{Like, Metric, similar};
pub use wanted::{By, Seen};

use crate::error::Result;
use crate::model::Items;
use crate::order;
use rerank::Rerank;
use rules::{Plan, Rules};
use search::{Products, Search};
use tuned::Tuned;

/// An item with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The item's row.
    pub item: u32,
    /// Inner product of query and factor, plus the item's bias where it has one, times its boost.
    pub score: f32,
}

/// One visitor's question.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The visitor's vector, [dim].
    pub query: &'a [f32],
    /// Rows that do not come back.
    pub seen: &'a [u32],
}

/// A ranking and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Best first; of equal scores the lower row comes first.
    pub ranking: Vec<Scored>,
    /// How many rows were read: all of them, unless their lengths showed that they cannot be among the best.
    pub rows_read: usize,
}

/// The best items for the vector `query` [dim], best first; of equal scores the lower row comes first.
/// `seen` are rows that do not come back.
///
/// # Errors
/// [`crate::Problem::Argument`] for a query that does not fit the model or an option outside its range,
/// [`crate::Problem::UnknownItem`] for an id that no item has, where the options ask for that.
pub fn recommend<'a>(
    items: impl Into<Items<'a>>,
    query: &[f32],
    seen: &[u32],
    options: &Options,
) -> Result<Vec<Scored>> {
    Ok(answer(items, Request { query, seen }, options, None)?.ranking)
}

/// [`recommend`], telling its cost; only items that `accept` says yes to come back. It is asked of the few
/// that would otherwise come back, and must always say the same of the same row.
///
/// # Errors
/// As [`recommend`].
pub fn answer<'a>(
    items: impl Into<Items<'a>>,
    request: Request<'_>,
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    let mut answers = ask(items.into(), &[request], options, accept)?;
    Ok(answers.pop().expect("one answer a request"))
}

/// [`answer`] for several visitors: the same rankings, in the order of the requests, but each block of
/// rows is read from memory once for all of them. A hundred or so at a time keep their state in cache.
///
/// # Errors
/// As [`recommend`], for the first request that is refused.
pub fn answer_batch<'a>(
    items: impl Into<Items<'a>>,
    requests: &[Request<'_>],
    options: &Options,
) -> Result<Vec<Answer>> {
    ask(items.into(), requests, options, None)
}

/// Every row's score for the vector `query` [dim], those of removed items too: what [`recommend`] ranks by.
///
/// # Errors
/// [`crate::Problem::Argument`] for a query that does not fit the model.
pub fn scores<'a>(items: impl Into<Items<'a>>, query: &[f32]) -> Result<Vec<f32>> {
    let items = items.into();
    let query = Tuned::new(items, query)?;
    let mut scores = vec![0.0; items.rows()];
    let (of_model, added) = scores.split_at_mut(items.model.items());
    query.fill(0, of_model);
    query.fill(of_model.len(), added);
    Ok(scores)
}

/// The scores of these rows for the vector `query` [dim].
///
/// # Errors
/// [`crate::Problem::Argument`] for a query that does not fit the model.
///
/// # Panics
/// When a row is not below [`Items::rows`].
pub fn scores_of<'a>(items: impl Into<Items<'a>>, query: &[f32], rows: &[u32]) -> Result<Vec<f32>> {
    let query = Tuned::new(items.into(), query)?;
    let score = |&row: &u32| {
        let mut score = [0.0];
        query.fill(row as usize, &mut score);
        score[0]
    };
    Ok(rows.iter().map(score).collect())
}

/// The given items by falling score; an item given twice comes back twice.
///
/// # Errors
/// [`crate::Problem::Argument`] for a query that does not fit the model.
///
/// # Panics
/// When a row is not below [`Items::rows`].
pub fn rank<'a>(items: impl Into<Items<'a>>, query: &[f32], rows: &[u32]) -> Result<Vec<Scored>> {
    let query = Tuned::new(items.into(), query)?;
    let scored = |&item: &u32| {
        let mut score = [0.0];
        query.fill(item as usize, &mut score);
        Scored { item, score: score[0] + 0.0 }
    };
    let scored: Vec<Scored> = order::rising(rows.iter().copied()).iter().map(scored).collect();
    let ranking = order::by_falling(scored.iter().map(|scored| scored.score));
    Ok(ranking.map(|at| scored[at]).collect())
}

fn ask(
    items: Items<'_>,
    requests: &[Request<'_>],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Vec<Answer>> {
    options.check()?;
    let plan = Plan::new(items, options)?;
    let query = |request: &Request<'_>| match options.explore {
        Some(explore) => Tuned::new(items, &explore::sample(request.query, explore)),
        None => Tuned::new(items, request.query),
    };
    let queries = requests.iter().map(query).collect::<Result<Vec<_>>>()?;
    let rules: Vec<Rules<'_>> = requests.iter().map(|r| Rules::new(&plan, r.seen, accept)).collect();
    let asked = queries.iter().zip(&rules).map(|(query, rules)| (query as &dyn Products, rules));
    answers(items, &asked.collect::<Vec<_>>(), options, options.diversity)
}

/// Searches for all together; whoever cannot be served from a first pool is searched for again with a larger.
fn answers(
    items: Items<'_>,
    asked: &[(&dyn Products, &Rules<'_>)],
    options: &Options,
    diversity: f32,
) -> Result<Vec<Answer>> {
    let rerank = Rerank::new(items, options, diversity)?;
    if options.arranges() {
        let arranged = |(products, rules): &(&dyn Products, &Rules<'_>)| {
            arrange::arranged(items, *products, rules, options, &rerank)
        };
        return asked.iter().map(arranged).collect();
    }
    let first_pool = rerank.pool(options.end());
    let search = |asked: &[(&dyn Products, &Rules<'_>)], k: usize| {
        let mut searches: Vec<_> =
            asked.iter().map(|(products, rules)| Search::new(*products, rules, k)).collect();
        search::run(items, &mut searches);
        searches.into_iter().map(Search::finish).collect::<Vec<_>>()
    };
    let found = search(asked, first_pool);
    let complete =
        |(asked, (mut pool, mut rows_read)): (&(&dyn Products, &Rules<'_>), (Vec<Scored>, usize))| {
            let mut k = first_pool;
            loop {
                let exhausted = pool.len() < k;
                let mut ranking = rerank.choose(pool, options.end());
                if exhausted || ranking.len() == options.end() {
                    ranking.drain(..options.offset.min(ranking.len()));
                    return Answer { ranking, rows_read };
                }
                k = k.saturating_mul(2);
                let (wider, read) = search(std::slice::from_ref(asked), k).pop().expect("one asked");
                (pool, rows_read) = (wider, rows_read + read);
            }
        };
    Ok(asked.iter().zip(found).map(complete).collect())
}
