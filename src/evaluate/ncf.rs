//! The protocol of He et al., "Neural collaborative filtering" (2017): each hidden item is ranked among given
//! negatives, 99 of them, not among all items. Only to compare with papers that use it: a sampled ranking
//! flatters, and may order recommenders differently than the full one (Krichene and Rendle, "On sampled
//! metrics for item recommendation", 2020).

use super::interval::Part;
use super::tally::Tally;
use super::{Fold, Given, Ranker, metrics};
use crate::error::Result;
use crate::train::Csr;
use rayon::prelude::*;

/// HR@k, NDCG@k and MRR@k of each hidden item among the user's `negatives` [users, items]. Equal scores count
/// against us.
///
/// # Errors
/// What the ranker refuses.
pub fn run(
    ranker: &dyn Ranker,
    fold: &Fold,
    negatives: &Csr,
    ks: &[usize],
    tick: &(dyn Fn() + Sync),
) -> Result<Tally> {
    let judge = |user: usize| {
        let (items, values) = fold.given.row(user);
        let scores = ranker.scores(Given { items, values })?;
        let mut parts = vec![Part::default(); 3 * ks.len()];
        for &item in fold.hidden.row(user).0 {
            let place = place(&scores, item, negatives.row(user).0);
            let hits: Vec<bool> = (0..=place).map(|at| at == place).collect();
            for (parts, &k) in parts.chunks_exact_mut(3).zip(ks) {
                parts[0].add_value(metrics::hit_rate(&hits, k));
                parts[1].add_value(metrics::reciprocal_rank(&hits, k));
                parts[2].add_value(metrics::ndcg(&hits, k, 1));
            }
        }
        tick();
        Ok((user, parts))
    };
    let judged: Vec<(usize, Vec<Part>)> = fold.users().into_par_iter().map(judge).collect::<Result<_>>()?;
    let names = ks.iter().flat_map(|k| ["hr", "mrr", "ndcg"].map(|name| format!("{name}@{k}")));
    let mut tally = Tally::new(names.collect());
    judged.into_iter().for_each(|(user, parts)| tally.add(user, parts));
    Ok(tally)
}

/// How many of `negatives` are not below `item`.
fn place(scores: &[f32], item: u32, negatives: &[u32]) -> usize {
    let score = scores[item as usize];
    negatives.iter().filter(|&&negative| negative != item && scores[negative as usize] >= score).count()
}
