//! The items that a step looks at where it does not look at all.

use super::curve::Parameters;
use super::step::NEVER;
use crate::train::vector::TILE;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::BTreeSet;

/// The items that a batch seeks, and of all others a few that stand for all of them: each counts as many times as it
/// stands for others, so that the sum of the exponentials over all items is estimated without bias (the sampled
/// softmax of Jean, Cho, Memisevic and Bengio, "On using very large target vocabulary for neural machine translation",
/// 2015, with its correction by the logarithm of the chance to be drawn).
pub(super) struct Sample {
    /// Rising.
    pub items: Vec<u32>,
    /// Where each item of the catalogue stands in `items`; [`ABSENT`] where it does not.
    pub places: Vec<u32>,
    /// Added to the scores of the items, [items].
    corrections: Vec<f32>,
}

/// The place of an item that is not in a sample.
pub(super) const ABSENT: u32 = u32::MAX;

impl Sample {
    /// Draws `count` others from a catalogue of `items`; None where that comes near to all of them.
    pub fn draw(
        targets: &[u32],
        items: usize,
        count: usize,
        random: &mut Xoshiro256PlusPlus,
    ) -> Option<Sample> {
        let own: BTreeSet<u32> = targets.iter().copied().collect();
        if own.len() + count > items / 2 {
            return None;
        }
        let mut all = own.clone();
        while all.len() < own.len() + count {
            all.insert(random.random_range(0..items as u32));
        }
        let correction = libm::logf((items - own.len()) as f32 / count as f32);
        let corrections = all.iter().map(|item| if own.contains(item) { 0.0 } else { correction }).collect();
        let mut places = vec![ABSENT; items];
        all.iter().zip(0..).for_each(|(&item, place)| places[item as usize] = place);
        Some(Sample { items: all.into_iter().collect(), places, corrections })
    }

    /// The rows of the items, filled up to whole tiles with zeros.
    pub fn rows(&self, parameters: &Parameters) -> Vec<f32> {
        let rows = self.items.len().next_multiple_of(TILE);
        let mut gathered = Vec::with_capacity(rows * parameters.dim);
        self.items.iter().for_each(|&item| gathered.extend_from_slice(parameters.row(item)));
        gathered.resize(rows * parameters.dim, 0.0);
        gathered
    }

    /// What is added to their scores, filled up likewise.
    pub fn offsets(&self, parameters: &Parameters) -> Vec<f32> {
        let offset = |(&item, &correction): (&u32, &f32)| parameters.biases[item as usize] + correction;
        let mut offsets: Vec<f32> = self.items.iter().zip(&self.corrections).map(offset).collect();
        offsets.resize(self.items.len().next_multiple_of(TILE), NEVER);
        offsets
    }
}
