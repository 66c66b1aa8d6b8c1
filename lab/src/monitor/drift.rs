//! Whether what is shown today is what was expected at training: population stability index and Kolmogorov-Smirnov
//! distance, of the shown items' popularity and of their factors' directions.
//!
//! What is expected is what the baseline model itself shows to visitors drawn from its training: each likes an item,
//! drawn by how popular it was, and those most like it. (What was *clicked* in training is another distribution,
//! which no good recommender repeats.) Or an earlier file of reports says what to expect.

use super::Page;
use crate::optimize;
use foldin::Recommender;
use foldin::error::Result;
use foldin::model::Model;
use foldin::recommender::Ask;
use foldin::score::{self, Like, Metric, Options};
use foldin::visitor::{Event, EventWeights};
use rand::distr::{Distribution, weighted::WeightedIndex};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::Serialize;

/// Visitors that the expected lists are for, the length of their lists, and how many items they like at most.
const VISITORS: usize = 500;
const LIST: usize = 12;
const LIKES: usize = 5;

/// Bins of the population stability index, each with the same expected share.
const BINS: usize = 10;

/// Principal directions of the item factors that are looked along.
const AXES: usize = 3;

/// How far a distribution moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Shift {
    /// Population stability index: the sum over bins of (found - expected) ln(found / expected). By custom below 0.1
    /// nothing happened, above 0.25 much did (Siddiqi, "Credit risk scorecards", 2006, chapter 8).
    pub psi: f64,
    /// The largest distance of the two distribution functions, 0 to 1.
    pub ks: f64,
}

/// How far what is shown moved from what was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// Of the places of the shown items when the most popular one is first.
    pub popularity: Shift,
    /// Of the shown items' directions, along each of the principal axes of the factors.
    pub factors: Vec<Shift>,
}

/// How often each row of the model was shown, [items].
pub fn shown(model: &Model, pages: &[Page]) -> Vec<f64> {
    let mut shown = vec![0.0; model.items()];
    for (id, &count) in pages.iter().flat_map(|page| &page.batch.shown) {
        if let Ok(row) = model.find(id) {
            shown[row as usize] += count as f64;
        }
    }
    shown
}

/// How often each row of the model comes up in its own lists for visitors as training knew them, [items].
///
/// # Errors
/// What scoring refuses.
pub fn expected(model: &Model) -> Result<Vec<f64>> {
    let popularity = popularity(model);
    let weights = WeightedIndex::new(popularity.iter().map(|&count| count.max(f32::MIN_POSITIVE)));
    let weights = weights.expect("an item at least, none with a negative weight");
    let lists: Vec<Vec<u32>> = (0..VISITORS as u64)
        .into_par_iter()
        .map(|visitor| {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(visitor);
            let item = weights.sample(&mut random) as u32;
            let near = score::similar(
                model,
                Like::seeds(&[item], Metric::Cosine),
                &Options::best(random.random_range(0..LIKES)),
                None,
            )?;
            let liked: Vec<u32> =
                std::iter::once(item).chain(near.ranking.iter().map(|scored| scored.item)).collect();
            let visitor = Recommender::for_history(model, &EventWeights::default(), &Event::likes(&liked))?;
            let answer = visitor.recommend(&Options { count: LIST, ..Options::default() }, Ask::default())?;
            Ok(answer.results.into_iter().map(|result| result.item).collect())
        })
        .collect::<Result<_>>()?;
    let mut expected = vec![0.0; model.items()];
    lists.into_iter().flatten().for_each(|row| expected[row as usize] += 1.0);
    Ok(expected)
}

/// Compares how often each row was found with how often it was expected; both [items]. None where nothing is.
pub fn drift(model: &Model, expected: &[f64], found: &[f64]) -> Option<Drift> {
    let any = |counts: &[f64]| counts.iter().sum::<f64>() > 0.0;
    (any(expected) && any(found)).then(|| Drift {
        popularity: shift(&popularity(model), expected, found),
        factors: projections(model).iter().map(|values| shift(values, expected, found)).collect(),
    })
}

/// Interactions in training; without them the lengths of the factors, which popularity makes long.
fn popularity(model: &Model) -> Vec<f32> {
    match model.counts() {
        Some(counts) => counts.iter().map(|&count| count as f32).collect(),
        None => lengths(model),
    }
}

fn lengths(model: &Model) -> Vec<f32> {
    let length = |item| model.factor(item).iter().map(|value| value * value).sum::<f32>().sqrt();
    (0..model.items() as u32).map(length).collect()
}

/// Each item's cosine with each of the first principal axes, [axes][items].
fn projections(model: &Model) -> Vec<Vec<f32>> {
    let axes = optimize::axes(model);
    let cosines = |axis: ndarray::ArrayView1<'_, f32>| {
        let cosine = |item| {
            let factor = ndarray::Array1::from(model.factor(item));
            factor.dot(&axis) / factor.dot(&factor).sqrt().max(f32::MIN_POSITIVE)
        };
        (0..model.items() as u32).map(cosine).collect()
    };
    axes.columns().into_iter().take(AXES).map(cosines).collect()
}

/// How far the distribution of `values`, [items], moved between two weightings of the items.
fn shift(values: &[f32], expected: &[f64], found: &[f64]) -> Shift {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let totals = (expected.iter().sum::<f64>(), found.iter().sum::<f64>());
    let (mut below, mut ks) = ((0.0, 0.0), 0f64);
    let mut bins = [(0.0, 0.0); BINS];
    for ties in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let bin = ((below.0 * BINS as f64) as usize).min(BINS - 1);
        for &item in ties {
            let (e, f) = (expected[item] / totals.0, found[item] / totals.1);
            below = (below.0 + e, below.1 + f);
            bins[bin] = (bins[bin].0 + e, bins[bin].1 + f);
        }
        ks = ks.max((below.0 - below.1).abs());
    }
    // Half a showing stands for none, so that no logarithm is infinite.
    let share = |part: f64, total: f64| (part * total + 0.5) / (total + 0.5 * BINS as f64);
    let term = |(e, f): (f64, f64)| {
        let (e, f) = (share(e, totals.0), share(f, totals.1));
        (f - e) * (f / e).ln()
    };
    Shift { psi: bins.into_iter().map(term).sum(), ks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_does_not_move_and_another_end_moves_far() {
        let values: Vec<f32> = (0..100).map(|item| item as f32).collect();
        let same = vec![10.0; 100];
        let shift_to =
            |weights: fn(usize) -> f64| shift(&values, &same, &(0..100).map(weights).collect::<Vec<_>>());
        assert_eq!(shift_to(|_| 3.0).ks, 0.0);
        assert!(shift_to(|_| 3.0).psi < 1e-3);
        let half = shift_to(|item| if item < 50 { 20.0 } else { 0.0 });
        assert!((half.ks - 0.5).abs() < 1e-9 && half.psi > 1.0, "{half:?}");
        let little = shift_to(|item| if item < 50 { 11.0 } else { 9.0 });
        assert!((little.ks - 0.05).abs() < 1e-9 && little.psi < 0.02, "{little:?}");
    }

    /// Two equal halves of ten bins each, doubled and halved: (2 - 1)(ln 2) / 2 and so on, by hand.
    #[test]
    fn psi_is_the_textbook_s() {
        let values: Vec<f32> = (0..10).map(|item| item as f32).collect();
        let large = |share: f64| 1e9 * share;
        let expected = vec![large(0.1); 10];
        let found: Vec<f64> = (0..10).map(|item| large(if item < 5 { 0.15 } else { 0.05 })).collect();
        let by_hand = 5.0 * 0.05 * (1.5f64).ln() + 5.0 * -0.05 * (0.5f64).ln();
        assert!((shift(&values, &expected, &found).psi - by_hand).abs() < 1e-6);
    }
}
