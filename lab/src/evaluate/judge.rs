//! Full ranking: every item that was not given is a candidate.

use super::beyond::{Items, Scratch};
use super::interval::Part;
use super::tally::{RMSE, Tally};
use super::{Fold, Protocol, Ranker, metrics};
use crate::parallel;
use foldin::error::Result;

/// Measures rankers on one fold.
#[derive(Debug)]
pub struct Judge<'a> {
    fold: &'a Fold,
    /// Cutoffs, rising.
    ks: Vec<usize>,
    items: Items,
    /// Lowest and highest value in training: no prediction lies outside.
    range: (f32, f32),
}

/// What is measured at every cutoff.
const AT_K: [&str; 8] = ["precision", "recall", "hr", "mrr", "map", "ndcg", "novelty", "diversity"];

impl Protocol for Judge<'_> {
    fn tally(&self) -> Tally {
        let at_k = self.ks.iter().flat_map(|k| AT_K.map(|name| format!("{name}@{k}")));
        Tally::new(at_k.chain(["auc", RMSE, "mae"].map(String::from)).collect())
    }

    fn run(&self, ranker: &dyn Ranker, tally: &mut Tally, tick: &(dyn Fn() + Sync)) -> Result<()> {
        let judge = |scratch: &mut Scratch, user| {
            let (parts, list) = self.judge(ranker, user, scratch)?;
            tick();
            Ok((user, parts, list))
        };
        let judged = parallel::map_with(self.fold.users(), Scratch::default, judge);
        let judged: Vec<(usize, Vec<Part>, Vec<u32>)> = judged.into_iter().collect::<Result<_>>()?;
        for &k in &self.ks {
            let mut times = vec![0; self.fold.train.items()];
            for item in judged.iter().flat_map(|(_, _, list)| list.iter().take(k)) {
                times[*item as usize] += 1;
            }
            tally.add_recommended(k, &times);
        }
        judged.into_iter().for_each(|(user, parts, _)| tally.add(user, parts));
        Ok(())
    }
}

impl<'a> Judge<'a> {
    /// Of lists of the lengths `ks`, each at least 1.
    pub fn new(fold: &'a Fold, ks: &[usize]) -> Judge<'a> {
        let mut ks: Vec<usize> = ks.iter().map(|&k| k.max(1)).collect();
        ks.sort_unstable();
        ks.dedup();
        let values = &fold.train.matrix.values;
        let range = values.iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        Judge { fold, ks, items: Items::new(&fold.train), range }
    }

    /// A user's figures and the list that was recommended.
    fn judge(
        &self,
        ranker: &dyn Ranker,
        user: usize,
        scratch: &mut Scratch,
    ) -> Result<(Vec<Part>, Vec<u32>)> {
        let history = self.fold.given.history(user);
        let (items, _) = self.fold.given.matrix.row(user);
        let (hidden, actual) = self.fold.hidden.row(user);
        let scores = ranker.scores(history.given())?;
        let mut candidates: Vec<u32> =
            (0..scores.len() as u32).filter(|item| items.binary_search(item).is_err()).collect();
        let score = |item: &u32| scores[*item as usize];
        let is_hidden = |item: &u32| hidden.binary_search(item).is_ok();

        let mut others: Vec<f32> = candidates.iter().filter(|item| !is_hidden(item)).map(score).collect();
        let relevant: Vec<f32> = hidden.iter().map(score).collect();
        let auc = metrics::auc(&relevant, &mut others);

        best_first(&mut candidates, self.ks[self.ks.len() - 1], &scores);
        let list = candidates;
        let hits: Vec<bool> = list.iter().map(is_hidden).collect();
        let diversity = self.items.diversity(&list, &self.ks, scratch);
        let mut parts = Vec::with_capacity(self.ks.len() * AT_K.len() + 3);
        for (&k, diversity) in self.ks.iter().zip(diversity) {
            let novelty = self.items.novelty(&list[..k.min(list.len())]);
            let accuracy = [
                metrics::precision(&hits, k),
                metrics::recall(&hits, k, hidden.len()),
                metrics::hit_rate(&hits, k),
                metrics::reciprocal_rank(&hits, k),
                metrics::average_precision(&hits, k, hidden.len()),
                metrics::ndcg(&hits, k, hidden.len()),
            ];
            parts.extend(accuracy.map(Some).into_iter().chain([novelty, diversity]).map(Part::of));
        }
        parts.push(Part::of(auc));
        parts.extend(match ranker.predict(history.given(), hidden)? {
            Some(predicted) => self.errors(predicted, actual),
            None => [Part::default(); 2],
        });
        Ok((parts, list))
    }

    /// Squared and absolute errors of predicted values, which are first brought into training's range.
    fn errors(&self, mut predicted: Vec<f32>, actual: &[f32]) -> [Part; 2] {
        predicted.iter_mut().for_each(|value| *value = value.clamp(self.range.0, self.range.1));
        let count = actual.len() as f64;
        [metrics::squared_error(&predicted, actual), metrics::absolute_error(&predicted, actual)]
            .map(|sum| Part { sum, count })
    }
}

/// Leaves the `k` items with the highest scores, best first; of equal scores the lower number comes first.
pub(super) fn best_first(items: &mut Vec<u32>, k: usize, scores: &[f32]) {
    let by_score =
        |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then_with(|| a.cmp(b));
    if k < items.len() {
        items.select_nth_unstable_by(k, by_score);
        items.truncate(k);
    }
    items.sort_unstable_by(by_score);
}
