//! What is popular: the answer for a visitor of whom nothing is known.

use super::candidates::Candidates;
use super::top_k::TopK;
use super::{Options, Scored};
use crate::error::Result;
use crate::model::Model;

/// The most popular items by interactions in training; by the norms of their factors, which popularity
/// makes long, in a model without counts. The options are those of [`super::recommend`].
///
/// # Errors
/// As [`super::recommend`].
pub fn popular(model: &Model, seen: &[u32], options: &Options) -> Result<Vec<Scored>> {
    let candidates = Candidates::new(model, seen, options)?;
    let mut factor = vec![0.0; model.dim()];
    let mut popularity = |item: u32| match model.counts() {
        Some(counts) => counts[item as usize] as f32,
        None => {
            model.factor_into(item, &mut factor);
            factor.iter().map(|v| v * v).sum::<f32>().sqrt()
        }
    };
    let mut top = TopK::new(options.end());
    let mut offer = |item: u32| {
        let score = popularity(item);
        if score > top.threshold() && candidates.accepts(item) {
            top.push(item, score);
        }
    };
    match candidates.only() {
        Some(only) => only.iter().for_each(|&item| offer(item)),
        None => (0..model.items() as u32).for_each(offer),
    }
    let mut ranking = top.into_ranking();
    ranking.drain(..options.offset.min(ranking.len()));
    Ok(ranking)
}
