//! From a query to the best k: every row scored, block by block, and compared with the worst of those kept.

use super::query::Query;
use super::top_k::TopK;
use super::{Scored, candidates::Candidates};
use crate::model::Model;

/// Rows scored at a time: small enough that they and their scores stay in the first-level cache.
const BLOCK: usize = 256;

/// The best `k` candidates, best first; `score` may turn an item's inner product into another score.
pub(crate) fn scan(
    model: &Model,
    query: &Query,
    candidates: &Candidates,
    k: usize,
    score: impl Fn(u32, f32) -> f32,
) -> Vec<Scored> {
    let mut top = TopK::new(k);
    let mut offer = |item: u32, product: f32| {
        let score = score(item, product);
        if score > top.threshold() && candidates.accepts(item) {
            top.push(item, score);
        }
    };
    if let Some(only) = candidates.only() {
        only.iter().for_each(|&item| offer(item, score_one(model, query, item)));
    } else {
        let mut products = [0f32; BLOCK];
        for first in (0..model.items()).step_by(BLOCK) {
            let products = &mut products[..BLOCK.min(model.items() - first)];
            query.score(model, first, products);
            (first as u32..).zip(products).for_each(|(item, product)| offer(item, *product));
        }
    }
    top.into_ranking()
}

/// The score of a single item.
pub(crate) fn score_one(model: &Model, query: &Query, item: u32) -> f32 {
    let mut score = [0f32];
    query.score(model, item as usize, &mut score);
    score[0]
}
