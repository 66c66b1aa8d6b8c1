//! Whether a new model recommends what the old one did: a retrained model should move lists, not shuffle them.

use super::interval::{Estimate, Part, bootstrap};
use crate::parallel;
use foldin::Recommender;
use foldin::error::Result;
use foldin::model::Model;
use foldin::recommender::Ask;
use foldin::score::{self, Like, Metric, Options};
use foldin::visitor::{Event, EventWeights};
use serde::Serialize;

/// How alike the lists of two models are for the same visitors, over the items that both have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stability {
    /// Items of both models.
    pub common: usize,
    /// Items that only the old model has: what visitors did with them is forgotten.
    pub lost: usize,
    /// Items that only the new model has.
    pub added: usize,
    /// The mean share of the first k items that is the same.
    pub overlap: Estimate,
    /// Rank-biased overlap, extrapolated, p = 0.9: the same from 0 to 1, but the first places weigh most (Webber,
    /// Moffat and Zobel, "A similarity measure for indefinite rankings", 2010, equation 30).
    pub rank_biased_overlap: Estimate,
}

/// How many items a visitor likes.
const LIKES: usize = 5;

/// Of rank-biased overlap: the chance to look at one more place.
const PERSISTENCE: f64 = 0.9;

/// Compares the first `k` recommendations to `visitors` visitors, each of whom likes an item, evenly chosen from the
/// old model's rows, and those most similar to it there.
///
/// # Errors
/// What scoring refuses.
pub fn stability(old: &Model, new: &Model, visitors: usize, k: usize) -> Result<Stability> {
    let pairs: Vec<(u32, u32)> =
        (0..old.items() as u32).filter_map(|row| Some((row, new.find(&old.id(row)).ok()?))).collect();
    let numbers =
        [numbers(old, pairs.iter().map(|pair| pair.0)), numbers(new, pairs.iter().map(|pair| pair.1))];
    let step = (pairs.len() / visitors.max(1)).max(1);
    let chosen: Vec<u32> = pairs.iter().step_by(step).map(|&(row, _)| row).collect();
    let parts: Vec<[Part; 2]> = parallel::try_map(chosen, |row| {
        let liked = liked(old, new, row)?;
        let (before, after): (Vec<u32>, Vec<u32>) = liked.into_iter().unzip();
        let before = best(old, &before, &numbers[0], k)?;
        let after = best(new, &after, &numbers[1], k)?;
        let shared = agreement(&before, &after);
        Ok([shared.last().copied(), rank_biased(&shared)].map(Part::of))
    })?;
    let mut estimates = bootstrap(parts.as_flattened(), 2, 1).into_iter();
    let mut next = || estimates.next().flatten().unwrap_or(Estimate { mean: 0.0, low: None, high: None });
    Ok(Stability {
        common: pairs.len(),
        lost: old.items() - pairs.len(),
        added: new.items() - pairs.len(),
        overlap: next(),
        rank_biased_overlap: next(),
    })
}

/// The item in row `row` of the old model and its nearest ones, as rows of both models.
fn liked(old: &Model, new: &Model, row: u32) -> Result<Vec<(u32, u32)>> {
    let near = score::similar(old, Like::seeds(&[row], Metric::Cosine), &Options::best(4 * LIKES), None)?;
    let rows = std::iter::once(row).chain(near.ranking.into_iter().map(|scored| scored.item));
    Ok(rows.filter_map(|row| Some((row, new.find(&old.id(row)).ok()?))).take(LIKES).collect())
}

/// The number of the pair that each row of a model is in, [items]; `rows` are those of the pairs.
fn numbers(model: &Model, rows: impl Iterator<Item = u32>) -> Vec<Option<u32>> {
    let mut numbers = vec![None; model.items()];
    (0..).zip(rows).for_each(|(number, row)| numbers[row as usize] = Some(number));
    numbers
}

/// Numbers of the pairs that are recommended to a visitor who likes `liked`, best first.
fn best(model: &Model, liked: &[u32], numbers: &[Option<u32>], k: usize) -> Result<Vec<u32>> {
    let visitor = Recommender::for_history(model, &EventWeights::default(), &Event::likes(liked))?;
    let in_both = |row: u32| numbers[row as usize].is_some();
    let ask = Ask { accept: Some(&in_both), ..Ask::default() };
    let answer = visitor.recommend(&Options { count: k, ..Options::default() }, ask)?;
    Ok(answer.results.iter().filter_map(|result| numbers[result.item as usize]).collect())
}

/// For each depth, from 1, the share of the first items of one list that is among the first of the other.
fn agreement(a: &[u32], b: &[u32]) -> Vec<f64> {
    let shared = |depth: usize| a[..depth].iter().filter(|item| b[..depth].contains(item)).count();
    (1..=a.len().min(b.len())).map(|depth| shared(depth) as f64 / depth as f64).collect()
}

fn rank_biased(agreement: &[f64]) -> Option<f64> {
    let p = PERSISTENCE;
    let weighted: f64 = (1..).zip(agreement).map(|(depth, share)| share * p.powi(depth)).sum();
    agreement.last().map(|last| last * p.powi(agreement.len() as i32) + (1.0 - p) / p * weighted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_agree_first_are_more_alike_than_those_that_agree_last() {
        assert_eq!(agreement(&[1, 2, 3], &[1, 3, 4]), [1.0, 0.5, 2.0 / 3.0]);
        let biased = |a: &[u32], b: &[u32]| rank_biased(&agreement(a, b)).unwrap();
        assert!((biased(&[1, 2, 3], &[1, 2, 3]) - 1.0).abs() < 1e-12);
        assert_eq!(biased(&[1, 2], &[3, 4]), 0.0);
        assert!(biased(&[1, 2, 3, 4], &[1, 2, 8, 9]) > biased(&[1, 2, 3, 4], &[8, 9, 3, 4]));
        assert_eq!(rank_biased(&[]), None);
    }
}
