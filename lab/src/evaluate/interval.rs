//! How far a mean over users can be trusted.

use crate::parallel;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

/// How often users are drawn anew.
const REPLICATES: u64 = 1000;

/// A mean with its 95 % interval. Figures about the whole catalogue are no means over users and have none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure itself.
    pub mean: f64,
    /// 2.5 % of the resampled figures lie below.
    pub low: Option<f64>,
    /// 2.5 % of the resampled figures lie above.
    pub high: Option<f64>,
}

/// What one user adds to a mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// The sum of the values.
    pub sum: f64,
    /// How many values there are; 0 where the figure is not defined for this user.
    pub count: f64,
}

impl Part {
    /// Of one value, where there is one.
    pub fn of(value: Option<f64>) -> Part {
        value.map_or(Part::default(), |sum| Part { sum, count: 1.0 })
    }

    /// Takes one more value in.
    pub fn add_value(&mut self, value: f64) {
        self.add(&Part::of(Some(value)));
    }

    pub(super) fn add(&mut self, other: &Part) {
        self.sum += other.sum;
        self.count += other.count;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

/// The mean of each of `width` figures, of which every user has one part ([users x width], user after user),
/// and its percentile interval by the bootstrap over users: as many users are drawn, with replacement, as
/// there are, again and again (Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3).
/// None for a figure that no user has. The same seed gives the same intervals.
pub fn bootstrap(parts: &[Part], width: usize, seed: u64) -> Vec<Option<Estimate>> {
    let users = parts.len() / width.max(1);
    let total = |users: &mut dyn Iterator<Item = usize>| {
        let mut sums = vec![Part::default(); width];
        users.for_each(|user| {
            sums.iter_mut().zip(&parts[user * width..]).for_each(|(sum, part)| sum.add(part));
        });
        sums
    };
    let replicates: Vec<Vec<Part>> = parallel::map((0..REPLICATES).collect(), |replicate| {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(replicate));
        total(&mut (0..users).map(|_| random.random_range(0..users)))
    });
    let means = total(&mut (0..users));
    let estimate = |(figure, mean): (usize, Part)| {
        let mean = mean.mean()?;
        let mut resampled: Vec<f64> = replicates.iter().filter_map(|sums| sums[figure].mean()).collect();
        resampled.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| resampled.get((share * resampled.len() as f64) as usize).copied();
        Some(Estimate { mean, low: at(0.025), high: at(0.975) })
    };
    means.into_iter().enumerate().map(estimate).collect()
}
