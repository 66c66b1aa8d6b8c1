//! The protocol of He et al., "Neural collaborative filtering" (2017): each hidden item is ranked among given
//! negatives, 99 of them, not among all items. Only to compare with papers that use it: a sampled ranking
//! flatters, and may order recommenders differently than the full one (Krichene and Rendle, "On sampled
//! metrics for item recommendation", 2020).

use super::interval::Part;
use super::tally::Tally;
use super::{Fold, Protocol, Ranker, metrics};
use crate::parallel;
use crate::train::Csr;
use foldin::error::Result;

/// Measures HR@k, NDCG@k and MRR@k of each hidden item among its user's negatives. Equal scores count against
/// the hidden item.
#[derive(Debug)]
pub struct Ncf<'a> {
    /// What is given and hidden.
    pub fold: &'a Fold,
    /// [users, items]
    pub negatives: &'a Csr,
    /// Cutoffs, each at least 1.
    pub ks: &'a [usize],
}

impl Protocol for Ncf<'_> {
    fn tally(&self) -> Tally {
        let names = self.ks.iter().flat_map(|k| ["hr", "mrr", "ndcg"].map(|name| format!("{name}@{k}")));
        Tally::new(names.collect())
    }

    fn run(&self, ranker: &dyn Ranker, tally: &mut Tally, tick: &(dyn Fn() + Sync)) -> Result<()> {
        let judge = |user: usize| {
            let parts = self.judge(ranker, user)?;
            tick();
            Ok((user, parts))
        };
        let judged = parallel::try_map(self.fold.users(), judge)?;
        judged.into_iter().for_each(|(user, parts)| tally.add(user, parts));
        Ok(())
    }
}

impl Ncf<'_> {
    fn judge(&self, ranker: &dyn Ranker, user: usize) -> Result<Vec<Part>> {
        let scores = ranker.scores(self.fold.given.history(user).given())?;
        let mut parts = vec![Part::default(); 3 * self.ks.len()];
        for &item in self.fold.hidden.row(user).0 {
            let place = place(&scores, item, self.negatives.row(user).0);
            let hits: Vec<bool> = (0..=place).map(|at| at == place).collect();
            for (parts, &k) in parts.chunks_exact_mut(3).zip(self.ks) {
                parts[0].add_value(metrics::hit_rate(&hits, k));
                parts[1].add_value(metrics::reciprocal_rank(&hits, k));
                parts[2].add_value(metrics::ndcg(&hits, k, 1));
            }
        }
        Ok(parts)
    }
}

/// How many of `negatives` are not below `item`.
fn place(scores: &[f32], item: u32, negatives: &[u32]) -> usize {
    let score = scores[item as usize];
    negatives.iter().filter(|&&negative| negative != item && scores[negative as usize] >= score).count()
}
