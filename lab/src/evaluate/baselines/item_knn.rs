//! Nearest neighbours of items.

use super::item_weights::{ItemWeights, from_rows, largest};
use crate::parallel;
use crate::train::Interactions;

/// Item-based k-nearest neighbours: an item's score is the sum of its similarities to those of its `neighbours`
/// nearest items that are given. The similarity of two items is the cosine of their sets of users, shrunk:
/// `common / (sqrt(n_i n_j) + shrinkage)` (Deshpande and Karypis, "Item-based top-N recommendation
/// algorithms", 2004; shrinkage as in Ferrari Dacrema et al., "Are we really making much progress?", 2019).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ItemKnn {
    /// How many other items can add to an item's score.
    pub neighbours: usize,
    /// Draws similarities that few users support towards 0.
    pub shrinkage: f32,
}

impl Default for ItemKnn {
    fn default() -> Self {
        ItemKnn { neighbours: 100, shrinkage: 10.0 }
    }
}

impl ItemKnn {
    /// Computes all similarities, in time proportional to the sum over users of squared history lengths.
    pub fn train(self, train: &Interactions) -> ItemWeights {
        ItemWeights::new(from_rows(self.nearest(train)).transpose(train.items()))
    }

    /// Of each item its nearest ones with their similarities.
    pub fn nearest(self, train: &Interactions) -> Vec<Vec<(u32, f32)>> {
        let users_of = train.matrix.transpose(train.items());
        let counts = train.item_counts();
        let neighbours = |common: &mut Vec<u32>, item: usize| {
            for &user in users_of.row(item).0 {
                let (others, _) = train.matrix.row(user as usize);
                others.iter().for_each(|&other| common[other as usize] += 1);
            }
            common[item] = 0;
            let similarity = |(other, common): (usize, &mut u32)| {
                let both = f64::from(counts[item]) * f64::from(counts[other]);
                let common = f64::from(std::mem::take(common));
                (common > 0.0)
                    .then(|| (other as u32, (common / (both.sqrt() + f64::from(self.shrinkage))) as f32))
            };
            largest(common.iter_mut().enumerate().filter_map(similarity).collect(), self.neighbours)
        };
        let items = train.items();
        parallel::map_with((0..items).collect(), || vec![0; items], neighbours)
    }
}
