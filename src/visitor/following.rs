//! What fine-tuning lowers in a model of what comes next: each event is to be found by the vector of the events before it.
//!
//! With `u_t` that vector ([`next`](super::next)) and c the event's weight, the loss of event t is that of BPR's pairs
//! ([`pairwise`](super::pairwise)), its item i against the same others j,
//!
//! ```text
//! |c| · mean over the others of ln(1 + e^-x)        x = sign(c) (u_t·(E_i - E_j) + b_i - b_j)
//! ```
//!
//! As the factors E of what was seen are those of what is sought, a factor's slope has two parts: as the item that is to
//! be found, and as one of the events in every later vector.

use super::fold_in::Slope;
use super::next::{Curve, Weighing, signed};
use super::observation::Observation;
use super::pairwise::{Own, Pairs};
use crate::model::Items;

/// The slope at each of the observations, which come oldest first.
#[inline(never)]
pub(super) fn slopes(items: Items<'_>, weighing: &Weighing, observations: &[Observation]) -> Vec<Slope> {
    let pairs = Pairs::new(items, &observations.iter().collect::<Vec<_>>());
    let weights: Vec<f64> = observations.iter().map(signed).collect();
    let mut slopes = Vec::with_capacity(observations.len());
    let mut gradients = Vec::with_capacity(observations.len());
    for (own, vector) in pairs.own.iter().zip(vectors(weighing, &pairs.own, &weights)) {
        let Before { vector, length } = vector;
        let (loss, pull, gradient) = pairs.one(own, &vector);
        slopes.push(Slope::of_score(loss as f32, 0.5 * pull, &vector));
        gradients.push(gradient.into_iter().map(|g| g / length).collect::<Vec<f64>>());
    }
    // What comes after an event is what comes before it in the reversed order.
    gradients.reverse();
    let after = weighing.curve.before(&gradients);
    for ((slope, after), c) in slopes.iter_mut().zip(after.iter().rev()).zip(weights) {
        slope.fall.iter_mut().zip(after).for_each(|(fall, later)| *fall -= (0.5 * c * later) as f32);
    }
    slopes
}

/// The vector of the events before another.
struct Before {
    vector: Vec<f64>,
    /// What its sum was divided by.
    length: f64,
}

fn vectors(weighing: &Weighing, own: &[Own], weights: &[f64]) -> Vec<Before> {
    // Beside the weighed factor what it adds to the length.
    let seen = own.iter().zip(weights);
    let seen = seen.map(|(own, c)| own.item.factor.iter().map(|v| c * v).chain([c.abs()]).collect());
    let before = weighing.curve.before(&seen.collect::<Vec<Vec<f64>>>());
    let vector = |mut sums: Vec<f64>| {
        let length = libm::sqrt(1.0 + sums.pop().unwrap_or(0.0));
        sums.iter_mut().zip(&weighing.belief).for_each(|(sum, &m)| *sum += f64::from(m));
        sums.iter_mut().for_each(|sum| *sum /= length);
        Before { vector: sums, length }
    };
    before.into_iter().map(vector).collect()
}

impl Curve {
    /// For each of the rows the weighed sum of those before it.
    fn before(&self, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let width = rows.first().map_or(0, Vec::len);
        let mut old = vec![0.0; width];
        let sum = |at: usize| {
            if let Some(leaving) = at.checked_sub(self.near.len() + 1) {
                add(1.0, &rows[leaving], &mut old);
            }
            let mut sum = vec![0.0; width];
            add(self.far, &old, &mut sum);
            rows[..at].iter().rev().zip(&self.near).for_each(|(row, weight)| add(*weight, row, &mut sum));
            sum
        };
        (0..rows.len()).map(sum).collect()
    }
}

fn add(scale: f64, x: &[f64], y: &mut [f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}
