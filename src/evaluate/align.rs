//! Bringing files and models to the same numbers for users and items.

use crate::train::{Csr, Interactions};
use std::collections::HashMap;

/// The same interactions with items numbered as in `first`, then those that `first` does not have, in their
/// old order.
pub fn with_items<'a>(interactions: &Interactions, first: impl IntoIterator<Item = &'a str>) -> Interactions {
    let items = extended(first, &interactions.item_ids);
    let number = numbers(&items);
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
        order: order.iter().map(|&entry| interactions.order[entry]).collect(),
        item_ids: items,
    }
}

/// The matrix of `interactions` with a row for each of `users`; rows of other users are left out. Pairs that
/// are also in `known` [users, items] are left out.
pub fn by_ids(interactions: &Interactions, users: &[String], known: &Csr) -> Csr {
    let row_of = numbers(&interactions.user_ids);
    let mut aligned = Csr { offsets: vec![0], ..Csr::default() };
    for (user, id) in users.iter().enumerate() {
        if let Some(&row) = row_of.get(id.as_str()) {
            let (columns, values) = interactions.matrix.row(row as usize);
            let seen = if user < known.rows() { known.row(user).0 } else { &[] };
            let new = columns.iter().zip(values).filter(|(column, _)| seen.binary_search(column).is_err());
            for (&column, &value) in new {
                aligned.columns.push(column);
                aligned.values.push(value);
            }
        }
        aligned.offsets.push(aligned.columns.len());
    }
    aligned
}

/// `first`, then the others that are not among them.
fn extended<'a>(first: impl IntoIterator<Item = &'a str>, others: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = first.into_iter().map(String::from).collect();
    let known = numbers(&ids);
    let new: Vec<String> = others.iter().filter(|id| !known.contains_key(id.as_str())).cloned().collect();
    ids.extend(new);
    ids
}

fn numbers(ids: &[String]) -> HashMap<&str, u32> {
    ids.iter().map(String::as_str).zip(0..).collect()
}
