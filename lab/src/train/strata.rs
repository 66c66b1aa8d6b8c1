//! Gradient descent on several threads, whose result does not depend on how many there are: steps over interactions
//! that share neither a user nor an item are made at the same time (Gemulla, Nijkamp, Haas and Sismanis, "Large-scale
//! matrix factorization with distributed stochastic gradient descent", 2011).
//!
//! In each epoch users and items are dealt anew into as many parts each; a user part's interactions with an item part
//! are a cell. A stratum is a round of cells, one a user part, that leaves no part in two of them; after as many rounds
//! as there are parts every cell has had its turn.

use super::vector::TILE;
use super::{Csr, init};
use crate::parallel;
use ndarray::{Array2, s};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Most parts: threads beyond that many idle.
const MOST_PARTS: usize = 16;

/// Users and items that a part has at least, so that there is something to learn in a cell.
const LEAST_ROWS: usize = 64;

/// What is learned of users or of items.
pub(crate) struct Side {
    /// [rows, dim and zeros up to whole tiles]
    vectors: Array2<f32>,
    /// [rows]
    pub(crate) biases: Vec<f32>,
    dim: usize,
}

impl Side {
    /// Small random vectors and no biases.
    pub(crate) fn new(rows: usize, dim: usize, seed: u64) -> Side {
        let vectors = init::factors(rows, dim, dim.next_multiple_of(TILE), seed);
        Side { vectors, biases: vec![0.0; rows], dim }
    }

    /// [rows, dim]
    pub(crate) fn vectors(&self) -> ndarray::ArrayView2<'_, f32> {
        self.vectors.slice(s![.., ..self.dim])
    }

    /// Vectors [rows, dim] and biases [rows].
    pub(crate) fn into_parts(self) -> (Array2<f32>, Vec<f32>) {
        let vectors = match self.vectors.ncols() == self.dim {
            true => self.vectors,
            false => self.vectors().to_owned(),
        };
        (vectors, self.biases)
    }

    /// Whether every number is finite.
    pub(crate) fn is_finite(&self) -> bool {
        self.vectors.iter().chain(&self.biases).all(|value| value.is_finite())
    }

    /// Deals the rows into `parts`.
    fn deal(&mut self, parts: usize, random: &mut Xoshiro256PlusPlus) -> Vec<Part<'_>> {
        let mut order: Vec<u32> = (0..self.biases.len() as u32).collect();
        order.shuffle(random);
        let stride = self.vectors.ncols();
        let vectors = self.vectors.as_slice_mut().expect("made in standard layout");
        let rows = vectors.chunks_exact_mut(stride).zip(&mut self.biases);
        let mut rows: Vec<Option<Row>> = rows.map(|(vector, bias)| Some(Row { vector, bias })).collect();
        let part = |number: usize| {
            let ids = &order[number * order.len() / parts..(number + 1) * order.len() / parts];
            let rows = ids.iter().map(|&id| rows[id as usize].take().expect("dealt once")).collect();
            Part { ids: ids.to_vec(), rows }
        };
        (0..parts).map(part).collect()
    }
}

/// Some users or items.
pub(crate) struct Part<'a> {
    /// Which ones.
    pub(crate) ids: Vec<u32>,
    pub(crate) rows: Vec<Row<'a>>,
}

/// One user or item.
pub(crate) struct Row<'a> {
    pub(crate) vector: &'a mut [f32],
    pub(crate) bias: &'a mut f32,
}

/// An interaction: places in the part of users and the part of items, and the value.
pub(crate) type Entry = (u32, u32, f32);

/// Calls `work` for each cell, with its interactions in random order, and returns the sum of what it returns.
pub(crate) fn epoch(
    matrix: &Csr,
    users: &mut Side,
    items: &mut Side,
    seed: u64,
    work: impl Fn(&mut Part, &mut Part, &[Entry], &mut Xoshiro256PlusPlus) -> f64 + Send + Sync,
) -> f64 {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let parts = (users.biases.len().min(items.biases.len()) / LEAST_ROWS).clamp(1, MOST_PARTS);
    let (mut users, mut items) = (users.deal(parts, &mut random), items.deal(parts, &mut random));
    let mut cells = cells(matrix, &users, &items);
    let mut sum = 0.0;
    for round in 0..parts {
        let tasks = users.iter_mut().zip(&mut items).zip(&mut cells).enumerate();
        let tasks: Vec<_> = tasks
            .map(|(part, ((users, items), cells))| {
                let entries = std::mem::take(&mut cells[(part + round) % parts]);
                (users, items, entries, seed.wrapping_add((1 + round * parts + part) as u64))
            })
            .collect();
        let done = parallel::map(tasks, |(users, items, mut entries, seed)| {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
            entries.shuffle(&mut random);
            work(users, items, &entries, &mut random)
        });
        sum += done.into_iter().sum::<f64>();
        items.rotate_left(1);
    }
    sum
}

/// The interactions of each part of users with each part of items.
fn cells(matrix: &Csr, users: &[Part], items: &[Part]) -> Vec<Vec<Vec<Entry>>> {
    let mut places = vec![(0, 0); items.iter().map(|part| part.ids.len()).sum()];
    for (number, part) in items.iter().enumerate() {
        part.ids.iter().zip(0..).for_each(|(&id, place)| places[id as usize] = (number, place));
    }
    parallel::map(users.iter().collect(), |part| {
        let mut cells = vec![Vec::new(); items.len()];
        for (&id, user) in part.ids.iter().zip(0..) {
            let (columns, values) = matrix.row(id as usize);
            for (&column, &value) in columns.iter().zip(values) {
                let (number, item) = places[column as usize];
                cells[number].push((user, item, value));
            }
        }
        cells
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_sees_each_interaction_once_with_its_own_rows() {
        let (users, items) = (200u32, 140u32);
        let pairs = (0..users).flat_map(|user| (0..items).map(move |item| (user, item)));
        let entries: Vec<Entry> = pairs
            .filter(|(user, item)| (user * 7 + item * 3) % 11 == 0)
            .map(|(user, item)| (user, item, (user * items + item) as f32))
            .collect();
        let matrix = Csr::from_entries(users as usize, &entries);
        let mut sides = [Side::new(users as usize, 3, 1), Side::new(items as usize, 3, 2)];
        let [of_users, of_items] = &mut sides;
        let count = epoch(&matrix, of_users, of_items, 5, |users, items, entries, _| {
            for &(user, item, value) in entries {
                let pair = (users.ids[user as usize] * 140 + items.ids[item as usize]) as f32;
                assert_eq!(pair, value);
                *users.rows[user as usize].bias += 1.0;
                *items.rows[item as usize].bias += 1.0;
            }
            entries.len() as f64
        });
        assert_eq!(count, entries.len() as f64);
        for user in 0..users as usize {
            assert_eq!(sides[0].biases[user], matrix.row(user).0.len() as f32);
        }
        assert_eq!(sides[1].biases.iter().sum::<f32>(), entries.len() as f32);
    }
}
