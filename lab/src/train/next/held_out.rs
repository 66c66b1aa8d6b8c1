//! How well the events that were kept back are found.

use super::curve::{Parameters, Segment};
use super::softmax::{BLOCK, Candidates, Ranks};
use super::tiles;
use crate::train::parallel;
use pulp::Arch;

/// Users' last events.
pub(super) struct HeldOut<'a> {
    /// What came before, and the item to be found.
    pub users: Vec<(&'a [u32], u32)>,
    /// Whether what came before may come again.
    pub repeat: bool,
}

impl HeldOut<'_> {
    /// Mean of 1 / log2(rank + 1) over all items: what NDCG without a cut is for one hidden item.
    pub fn gain(&self, parameters: &Parameters) -> f64 {
        let ranks = self.ranks(parameters);
        let gain = |&rank: &usize| 1.0 / (rank as f64 + 2.0).log2();
        ranks.iter().map(gain).sum::<f64>() / ranks.len() as f64
    }

    /// How many items come before each hidden one.
    pub fn ranks(&self, parameters: &Parameters) -> Vec<usize> {
        let dim = parameters.dim;
        let mut panels = Vec::new();
        tiles::transpose_panels(&parameters.rows, dim, &mut panels);
        let candidates = &Candidates {
            rows: &parameters.rows,
            panels: &panels,
            offsets: &parameters.biases,
            dim,
            places: None,
        };
        let ranks = parallel::map(self.users.chunks(BLOCK).collect(), |users: &[(&[u32], u32)]| {
            let mut vectors = Vec::with_capacity(BLOCK * dim);
            for (events, _) in users {
                let seen = (0..events.len() as u32).collect();
                let positions = events.len() - 1..events.len();
                vectors.extend(Segment { events, seen, weight: 1.0, positions }.vectors(parameters));
            }
            vectors.resize(BLOCK * dim, 0.0);
            let targets: Vec<u32> = users.iter().map(|user| user.1).collect();
            let skip = |row: usize| if self.repeat { &[][..] } else { users[row].0 };
            Arch::new().dispatch(Ranks { candidates, vectors: &vectors, targets: &targets, skip })
        });
        ranks.concat()
    }
}
