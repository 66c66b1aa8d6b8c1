//! Mini-batches of users.

use super::{Loss, Options};
use crate::train::Interactions;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Draws batches, epoch after epoch.
pub(super) struct Batches<'a> {
    interactions: &'a Interactions,
    options: &'a Options,
    mean: f32,
    /// Users with interactions.
    users: Vec<u32>,
    random: Xoshiro256PlusPlus,
}

/// Some users and the items that they are asked about: `columns`, in which all matrices of items are numbered.
pub(super) struct Batch {
    pub users: Vec<u32>,
    /// Items, rising.
    pub columns: Vec<u32>,
    /// Added to scores in the softmax: the logarithm of how many items a column stands for, [users, columns]; next to
    /// minus infinity for what the user tower sees, which nobody will be asked to rank.
    pub offsets: Vec<f32>,
    /// 1 / n for each of the n items that the user tower sees, [users, columns].
    pub seen: Vec<f32>,
    /// [users, columns]: in a softmax 1 for what is asked; else the rating less the mean.
    pub targets: Vec<f32>,
    /// [users, columns]: 1 for the items that are asked about: in a softmax those which the user tower does not see.
    pub asked: Vec<f32>,
}

impl Batch {
    pub fn interactions(&self) -> usize {
        self.asked.iter().filter(|&&asked| asked > 0.0).count()
    }
}

/// Keeps what is drawn apart from the first parameters.
const DRAWS: u64 = 0x0062_6174_6368;

/// A score so low that a softmax gives it nothing, and yet a number.
const NEVER: f32 = -1e4;

impl<'a> Batches<'a> {
    pub fn new(interactions: &'a Interactions, options: &'a Options, mean: f32) -> Batches<'a> {
        let has_some = |user: &u32| !interactions.matrix.row(*user as usize).0.is_empty();
        let users = (0..interactions.users() as u32).filter(has_some).collect();
        let random = Xoshiro256PlusPlus::seed_from_u64(options.seed ^ DRAWS);
        Batches { interactions, options, mean, users, random }
    }

    /// Batches an epoch.
    pub fn count(&self) -> usize {
        self.users.len().div_ceil(self.options.batch)
    }

    /// Every user once, in random order.
    pub fn epoch(&mut self) -> impl Iterator<Item = Batch> {
        self.users.shuffle(&mut self.random);
        let users = self.users.clone();
        let size = self.options.batch;
        (0..users.len()).step_by(size).map(move |first| {
            let end = users.len().min(first + size);
            self.batch(users[first..end].to_vec())
        })
    }

    fn batch(&mut self, users: Vec<u32>) -> Batch {
        let (columns, offsets) = self.columns(&users);
        let width = columns.len();
        let cells = || vec![0.0; users.len() * width];
        let (mut seen, mut targets, mut asked) = (cells(), cells(), cells());
        let mut offsets = offsets.repeat(users.len());
        let mut place = vec![u32::MAX; self.interactions.items()];
        columns.iter().zip(0..).for_each(|(&item, at)| place[item as usize] = at);
        for (row, &user) in users.iter().enumerate() {
            let (items, values) = self.interactions.matrix.row(user as usize);
            let shown = self.shown(items.len());
            let share = 1.0 / shown.iter().filter(|&&shown| shown).count().max(1) as f32;
            for ((&item, &value), shown) in items.iter().zip(values).zip(shown) {
                let cell = row * width + place[item as usize] as usize;
                seen[cell] = if shown { share } else { 0.0 };
                match self.options.loss {
                    Loss::Softmax if shown => offsets[cell] = NEVER,
                    Loss::Softmax => (asked[cell], targets[cell]) = (1.0, 1.0),
                    Loss::Mse => (asked[cell], targets[cell]) = (1.0, value - self.mean),
                }
            }
        }
        Batch { users, columns, offsets, seen, targets, asked }
    }

    /// Which of a user's `count` items the user tower sees: for a softmax never all, or nothing could be asked.
    fn shown(&mut self, count: usize) -> Vec<bool> {
        let mut shown: Vec<bool> =
            (0..count).map(|_| self.random.random::<f32>() >= self.options.dropout).collect();
        if self.options.loss == Loss::Softmax && shown.iter().all(|&shown| shown) {
            shown[self.random.random_range(0..count)] = false;
        }
        shown
    }

    /// The users' items and, for a softmax, a sample of the others; each column's offset.
    fn columns(&mut self, users: &[u32]) -> (Vec<u32>, Vec<f32>) {
        let items = self.interactions.items();
        let mut own = vec![false; items];
        for &user in users {
            self.interactions.matrix.row(user as usize).0.iter().for_each(|&item| own[item as usize] = true);
        }
        let mut others: Vec<u32> = (0..items as u32).filter(|&item| !own[item as usize]).collect();
        let all = others.len();
        match self.options.loss {
            Loss::Mse => others.clear(),
            Loss::Softmax if all > self.options.candidates => {
                others = others.partial_shuffle(&mut self.random, self.options.candidates).0.to_vec();
            }
            Loss::Softmax => {}
        }
        let stands_for = libm::logf(all as f32 / others.len().max(1) as f32);
        others.iter().for_each(|&item| own[item as usize] = true);
        let mut sampled = vec![false; items];
        others.iter().for_each(|&item| sampled[item as usize] = true);
        let columns: Vec<u32> = (0..items as u32).filter(|&item| own[item as usize]).collect();
        let offset = |&item: &u32| if sampled[item as usize] { stands_for } else { 0.0 };
        let offsets = columns.iter().map(offset).collect();
        (columns, offsets)
    }
}
