//! Who interacted with what: a sparse matrix, users by items.

use crate::error::{Problem, Result};

/// A sparse matrix in compressed rows. Row `r` has its columns in `offsets[r]..offsets[r + 1]`, rising, each
/// once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csr {
    /// [rows + 1]
    pub offsets: Vec<usize>,
    /// [entries]
    pub columns: Vec<u32>,
    /// [entries]
    pub values: Vec<f32>,
}

impl Csr {
    /// Sorts `entries` (row, column, value) into rows. Of a pair that stands twice the last one counts.
    pub fn from_entries(rows: usize, entries: &[(u32, u32, f32)]) -> Csr {
        Self::from_chosen(rows, entries, &last_of_each_pair(entries))
    }

    fn from_chosen(rows: usize, entries: &[(u32, u32, f32)], chosen: &[u32]) -> Csr {
        let mut csr = Csr { offsets: vec![0; rows + 1], ..Csr::default() };
        for &at in chosen {
            let (row, column, value) = entries[at as usize];
            csr.columns.push(column);
            csr.values.push(value);
            csr.offsets[row as usize + 1] += 1;
        }
        for row in 0..rows {
            csr.offsets[row + 1] += csr.offsets[row];
        }
        csr
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.columns.len()
    }

    /// Columns and values of one row.
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let span = self.offsets[row]..self.offsets[row + 1];
        (&self.columns[span.clone()], &self.values[span])
    }

    /// Every entry as (row, column, value), row after row.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32, f32)> {
        (0..self.rows()).flat_map(move |row| {
            let (columns, values) = self.row(row);
            columns.iter().zip(values).map(move |(&column, &value)| (row as u32, column, value))
        })
    }

    /// The same entries by column: `columns` rows, each with rising row numbers.
    pub fn transpose(&self, columns: usize) -> Csr {
        let mut offsets = vec![0; columns + 1];
        for &column in &self.columns {
            offsets[column as usize + 1] += 1;
        }
        for column in 0..columns {
            offsets[column + 1] += offsets[column];
        }
        let mut next = offsets.clone();
        let mut transposed =
            Csr { offsets, columns: vec![0; self.entries()], values: vec![0.0; self.entries()] };
        for row in 0..self.rows() {
            let (columns, values) = self.row(row);
            for (&column, &value) in columns.iter().zip(values) {
                let at = &mut next[column as usize];
                transposed.columns[*at] = row as u32;
                transposed.values[*at] = value;
                *at += 1;
            }
        }
        transposed
    }
}

/// Positions of the entries (row, column, value) that count, by row and column: of each pair the last one.
fn last_of_each_pair(entries: &[(u32, u32, f32)]) -> Vec<u32> {
    let pair = |at: u32| (entries[at as usize].0, entries[at as usize].1);
    let mut order: Vec<u32> = (0..entries.len() as u32).rev().collect();
    order.sort_by_key(|&at| pair(at));
    order.dedup_by_key(|at| pair(*at));
    order
}

/// Interactions with the ids that users and items have outside.
#[derive(Clone, Debug, Default)]
pub struct Interactions {
    /// [users]
    pub user_ids: Vec<String>,
    /// [items]
    pub item_ids: Vec<String>,
    /// [users, items]; the value is a rating, or 1 where the file has none.
    pub matrix: Csr,
    /// Seconds since 1970 an entry of `matrix`, where the file has times.
    pub times: Option<Vec<f64>>,
    /// Place in the file an entry of `matrix`, rising with what came later: the order where there are no times.
    pub order: Vec<u32>,
}

impl Interactions {
    /// Sorts `entries` (user, item, value), given in the file's order with a time each or none, into a matrix.
    /// Of a pair that stands twice the last one counts.
    pub fn from_entries(
        user_ids: Vec<String>,
        item_ids: Vec<String>,
        entries: &[(u32, u32, f32)],
        times: Option<&[f64]>,
    ) -> Interactions {
        let order = last_of_each_pair(entries);
        Interactions {
            matrix: Csr::from_chosen(user_ids.len(), entries, &order),
            times: times.map(|times| order.iter().map(|&at| times[at as usize]).collect()),
            user_ids,
            item_ids,
            order,
        }
    }

    /// How many users there are.
    pub fn users(&self) -> usize {
        self.user_ids.len()
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.item_ids.len()
    }

    /// Interactions an item has, [items].
    pub fn item_counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.items()];
        for &item in &self.matrix.columns {
            counts[item as usize] += 1;
        }
        counts
    }

    /// The interactions at those positions in `matrix` that `keep` chooses; users and items stay.
    pub fn filter(&self, keep: impl Fn(usize) -> bool) -> Interactions {
        let matrix = &self.matrix;
        let kept: Vec<usize> = (0..matrix.entries()).filter(|&at| keep(at)).collect();
        Interactions {
            user_ids: self.user_ids.clone(),
            item_ids: self.item_ids.clone(),
            matrix: Csr {
                offsets: matrix.offsets.iter().map(|&end| kept.partition_point(|&at| at < end)).collect(),
                columns: kept.iter().map(|&at| matrix.columns[at]).collect(),
                values: kept.iter().map(|&at| matrix.values[at]).collect(),
            },
            times: self.times.as_ref().map(|times| kept.iter().map(|&at| times[at]).collect()),
            order: kept.iter().map(|&at| self.order[at]).collect(),
        }
    }

    /// Refuses what nothing can be learned from.
    ///
    /// # Errors
    /// [`Problem::Data`] when there is no interaction, or a value is not finite.
    pub fn check(&self) -> Result<()> {
        let problem = if self.matrix.entries() == 0 {
            "no interactions"
        } else if self.matrix.values.iter().any(|value| !value.is_finite()) {
            "a value that is not a finite number"
        } else {
            return Ok(());
        };
        Err(Problem::Data {
            place: "interactions".into(),
            problem: problem.into(),
            remedy: "give at least one line of user, item and an optional finite value".into(),
        }
        .into())
    }
}
