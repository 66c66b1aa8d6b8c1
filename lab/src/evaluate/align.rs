//! Bringing files and models to the same numbers for users and items.

use super::Fold;
use crate::train::{Csr, Interactions, Repeat};
use std::collections::{HashMap, HashSet};

impl Fold {
    /// A split that comes in two files: `train` is learned from and given, `test` is hidden. Both must have
    /// their items numbered alike ([`with_items`]). What is in both is not looked for.
    pub fn of_files(train: Interactions, test: &Interactions) -> Fold {
        let users = union([&train.user_ids, &test.user_ids]);
        let mut given = train.clone();
        given.matrix.offsets.resize(users.len() + 1, given.matrix.entries());
        let hidden = without(by_users(test, &users), &given.matrix);
        given.user_ids = users;
        Fold { train, given, hidden }
    }
}

/// Every id once, in the order in which they first appear.
pub fn union<'a>(lists: impl IntoIterator<Item = &'a Vec<String>>) -> Vec<String> {
    let mut seen = HashSet::new();
    lists.into_iter().flatten().filter(|id| seen.insert(id.as_str())).cloned().collect()
}

/// The same interactions with items numbered as in `items`, which must have all of them.
pub fn with_items(interactions: &Interactions, items: &[String]) -> Interactions {
    let number = numbers(items);
    let columns: Vec<u32> = interactions.item_ids.iter().map(|id| number[id.as_str()]).collect();
    let matrix = &interactions.matrix;
    let mut order: Vec<usize> = (0..matrix.entries()).collect();
    for ends in matrix.offsets.windows(2) {
        order[ends[0]..ends[1]].sort_unstable_by_key(|&entry| columns[matrix.columns[entry] as usize]);
    }
    Interactions {
        user_ids: interactions.user_ids.clone(),
        matrix: Csr {
            offsets: matrix.offsets.clone(),
            columns: order.iter().map(|&entry| columns[matrix.columns[entry] as usize]).collect(),
            values: order.iter().map(|&entry| matrix.values[entry]).collect(),
        },
        times: interactions.times.as_ref().map(|times| order.iter().map(|&entry| times[entry]).collect()),
        order: order.iter().filter_map(|&entry| interactions.order.get(entry).copied()).collect(),
        repeats: interactions
            .repeats
            .iter()
            .map(|&r| Repeat { item: columns[r.item as usize], ..r })
            .collect(),
        item_ids: items.to_vec(),
    }
}

/// The matrix of `interactions` with a row for each of `users`; rows of other users are left out.
pub fn by_users(interactions: &Interactions, users: &[String]) -> Csr {
    let row_of = numbers(&interactions.user_ids);
    let mut aligned = Csr { offsets: vec![0], ..Csr::default() };
    for id in users {
        if let Some(&row) = row_of.get(id.as_str()) {
            let (columns, values) = interactions.matrix.row(row as usize);
            aligned.columns.extend(columns);
            aligned.values.extend(values);
        }
        aligned.offsets.push(aligned.columns.len());
    }
    aligned
}

/// The entries of `matrix` that `known`, of the same shape, does not have.
fn without(matrix: Csr, known: &Csr) -> Csr {
    let new =
        matrix.iter().filter(|&(row, column, _)| known.row(row as usize).0.binary_search(&column).is_err());
    Csr::from_entries(matrix.rows(), &new.collect::<Vec<_>>())
}

fn numbers(ids: &[String]) -> HashMap<&str, u32> {
    ids.iter().map(String::as_str).zip(0..).collect()
}
