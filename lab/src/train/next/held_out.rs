//! How well the events that were held out are found.

use super::curve::{Parameters, Segment};
use super::softmax::{BLOCK, Candidates, Ranks};
use super::tiles;
use crate::parallel;
use crate::simd;

/// Users that are looked at, at most: so many tell one epoch from the next.
const MOST: usize = 10_000;

/// The last event of each user who has three or more.
pub(super) struct HeldOut<'a> {
    /// What came before, and the item to be found.
    pub users: Vec<(&'a [u32], u32)>,
    /// Whether what came before is passed over.
    once: bool,
}

/// What is left of a sequence, and what is held out.
fn cut(sequence: &[u32]) -> Option<(&[u32], u32)> {
    sequence.split_last().filter(|(_, before)| before.len() > 1).map(|(&last, before)| (before, last))
}

impl<'a> HeldOut<'a> {
    pub fn new(sequences: &[&'a [u32]], once: bool) -> HeldOut<'a> {
        let users: Vec<_> = sequences.iter().filter_map(|sequence| cut(sequence)).collect();
        let step = users.len().div_ceil(MOST).max(1);
        HeldOut { users: users.into_iter().step_by(step).collect(), once }
    }

    /// The sequences without what is held out.
    pub fn rest(sequences: &[&'a [u32]]) -> Vec<&'a [u32]> {
        sequences.iter().map(|sequence| cut(sequence).map_or(*sequence, |(before, _)| before)).collect()
    }

    /// Mean of 1 / log2(1 + place among all items): NDCG without a cut.
    pub fn gain(&self, parameters: &Parameters) -> f64 {
        let dim = parameters.dim;
        let mut panels = Vec::new();
        tiles::transpose_panels(&parameters.rows, dim, &mut panels);
        let (rows, offsets) = (&parameters.rows, &parameters.biases);
        let candidates = &Candidates { rows, panels: &panels, offsets, dim, places: None };
        let ranks = parallel::map(self.users.chunks(BLOCK).collect(), |users: &[(&[u32], u32)]| {
            let mut vectors: Vec<f32> =
                users.iter().flat_map(|(events, _)| Segment::last_of(events).vectors(parameters)).collect();
            vectors.resize(BLOCK * dim, 0.0);
            let asked = users.iter().map(|&(events, target)| (target, if self.once { events } else { &[] }));
            simd::run(Ranks { candidates, vectors: &vectors, asked: asked.collect() })
        });
        let gains = ranks.iter().flatten().map(|&above| 1.0 / (above as f64 + 2.0).log2());
        gains.sum::<f64>() / self.users.len() as f64
    }
}
