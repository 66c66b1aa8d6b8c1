//! The fold-in of a model that learned what comes next. A visitor's events have places 1 to t in the order of their
//! times ([`places`](super::places)); their vector is the weighted sum of the items' factors E,
//!
//! ```text
//! u = (m + Σ w(t - j) c_j E_j) / sqrt(1 + Σ w(t - j) |c_j|)        score of item i = E_i · u + b_i
//! ```
//!
//! with the learned weight w of the distance to the newest place, the weight c of the event (below 0 where it speaks
//! against its item), and the mean m that is believed of a visitor before the first event, 0 unless told.
//!
//! The vector is linear in the events, so that each has an exact share: `w c E_j · E_i / sqrt(...)`. It belongs to the
//! item similarity models (Kabbur, Ning and Karypis, "FISM: factored item similarity models for top-N recommender
//! systems", 2013), with weights by recency in place of their common one.
//!
//! All places older than the learned ones have one weight, and their sum is kept: an event costs one row, a vector as
//! many as there are learned weights, whatever the length of the history. The sum is made of integers: it is exact, so
//! that what is taken out leaves no trace, and equals a sum from scratch to the bit.

use super::fold_in::{Folded, Origin};
use super::observation::Observation;
use crate::model::{Items, Model};

/// A visitor's places and the sum of the old ones.
#[derive(Clone, Debug)]
pub(super) struct Next {
    curve: Curve,
    /// Oldest first.
    places: Vec<Observation>,
    /// How many of them, from the oldest on, are in `tail`: all for which there is no weight of their own.
    summed: usize,
    tail: Tail,
    /// m; empty: nothing is believed.
    belief: Vec<f32>,
}

/// The learned weight of a distance.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Of each of the newest places, the newest first.
    pub(super) near: Vec<f64>,
    /// Of every older one.
    pub(super) far: f64,
}

/// How a visitor's vector came about.
#[derive(Clone, Debug)]
pub(super) struct Weighing {
    pub(super) curve: Curve,
    /// m
    pub(super) belief: Vec<f32>,
    /// What all is divided by.
    length: f64,
}

/// Sums over old places.
#[derive(Clone, Debug)]
struct Tail {
    /// Σ c E in multiples of `base / ONE`, [dim].
    factors: Vec<i64>,
    /// Σ |c| in multiples of `1 / ONE`.
    weight: i64,
    /// A power of two that no number of a factor exceeds.
    base: f64,
}

/// The integer that stands for 1.
const ONE: f64 = (1u64 << 32) as f64;

/// No event weighs more: a million of them stay inside an i64.
const MOST: f64 = 1024.0;

impl Next {
    #[inline(never)]
    pub(super) fn new(model: &Model) -> Next {
        // Not `expect`, which has the engine carry what prints errors for programmers.
        let Ok(weights) = model.order_weights() else { unreachable!("checked when the model was opened") };
        let (&far, near) = weights.split_last().expect("one weight at least");
        Next {
            curve: Curve { near: near.iter().map(|&w| f64::from(w)).collect(), far: far.into() },
            places: Vec::new(),
            summed: 0,
            tail: Tail::new(model),
            belief: Vec::new(),
        }
    }

    #[inline(never)]
    pub(super) fn believe(&mut self, mean: &[f32]) {
        self.belief = mean.to_vec();
    }

    /// Puts an observation after all others.
    #[inline(never)]
    pub(super) fn push(&mut self, items: Items<'_>, observation: &Observation) {
        self.places.push(*observation);
        self.settle(items);
    }

    /// Takes out the observation at a place; those before it are one nearer then.
    #[inline(never)]
    pub(super) fn take(&mut self, items: Items<'_>, place: usize) {
        let observation = self.places.remove(place);
        if place < self.summed {
            self.tail.add(items, &observation, -1.0);
            self.summed -= 1;
        }
        self.settle(items);
    }

    /// Takes out the newest observation that is equal.
    #[inline(never)]
    pub(super) fn remove(&mut self, items: Items<'_>, observation: &Observation) {
        if let Some(place) = self.places.iter().rposition(|other| other == observation) {
            self.take(items, place);
        }
    }

    /// Brings into the tail what is old now, and back what is not any more.
    fn settle(&mut self, items: Items<'_>) {
        let old = self.places.len().saturating_sub(self.curve.near.len());
        while self.summed < old {
            self.tail.add(items, &self.places[self.summed], 1.0);
            self.summed += 1;
        }
        while self.summed > old {
            self.summed -= 1;
            self.tail.add(items, &self.places[self.summed], -1.0);
        }
    }

    #[inline(never)]
    pub(super) fn solve(&self, items: Items<'_>) -> Folded {
        let mut sums: Vec<f64> = self.belief.iter().map(|&m| f64::from(m)).collect();
        sums.resize(items.model.dim(), 0.0);
        let mut weight = 1.0;
        for (observation, near) in self.places[self.summed..].iter().rev().zip(&self.curve.near) {
            let times = near * signed(observation);
            weight += times.abs();
            let factor = items.factor(observation.item);
            sums.iter_mut().zip(factor).for_each(|(sum, v)| *sum += times * f64::from(v));
        }
        weight += self.curve.far * self.tail.weight();
        sums.iter_mut().zip(self.tail.factors()).for_each(|(sum, old)| *sum += self.curve.far * old);
        let length = libm::sqrt(weight);
        Folded {
            vector: sums.into_iter().map(|sum| (sum / length) as f32).collect(),
            offset: 0.0,
            origin: Origin::Next(Weighing { curve: self.curve.clone(), belief: self.belief.clone(), length }),
        }
    }
}

impl Curve {
    fn weight(&self, distance: usize) -> f64 {
        self.near.get(distance).copied().unwrap_or(self.far)
    }
}

impl Tail {
    fn new(model: &Model) -> Tail {
        let longest = model.extremes().longest;
        let base = if longest > 0.0 { libm::exp2(libm::ceil(libm::log2(longest))) } else { 1.0 };
        Tail { factors: vec![0; model.dim()], weight: 0, base }
    }

    fn add(&mut self, items: Items<'_>, observation: &Observation, sign: f64) {
        let times = sign * signed(observation) * ONE;
        let add = |sum: &mut i64, v: f64| *sum = sum.wrapping_add(v.round_ties_even() as i64);
        add(&mut self.weight, sign * times.abs());
        let factor = items.factor(observation.item);
        let base = self.base;
        self.factors.iter_mut().zip(factor).for_each(|(sum, v)| add(sum, times * (f64::from(v) / base)));
    }

    fn weight(&self) -> f64 {
        self.weight as f64 / ONE
    }

    fn factors(&self) -> impl Iterator<Item = f64> {
        self.factors.iter().map(|&sum| sum as f64 / ONE * self.base)
    }
}

/// c
pub(super) fn signed(observation: &Observation) -> f64 {
    (f64::from(observation.weight) * f64::from(observation.target)).clamp(-MOST, MOST)
}

/// What each observation, oldest first, brings to the score of `item`.
#[inline(never)]
pub(super) fn shares(
    items: Items<'_>,
    weighing: &Weighing,
    item: u32,
    observations: &[&Observation],
) -> Vec<f32> {
    let factor = items.factor(item);
    let share = |(place, observation): (usize, &&Observation)| {
        let own = items.factor(observation.item);
        let product: f64 = own.iter().zip(&factor).map(|(&v, &x)| f64::from(v) * f64::from(x)).sum();
        let weight = weighing.curve.weight(observations.len() - 1 - place);
        (weight * signed(observation) * product / weighing.length) as f32
    };
    observations.iter().enumerate().map(share).collect()
}
