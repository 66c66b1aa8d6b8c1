//! Who interacted with what: a sparse matrix, users by items.

use foldin::error::{Problem, Result};

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
        Entries::of(entries).sorted(rows).0
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
        self.transposed(columns, &self.values)
    }

    /// As [`Csr::transpose`], with no values: who has what.
    pub(crate) fn transpose_pattern(&self, columns: usize) -> Csr {
        self.transposed(columns, &[])
    }

    /// With the values of all entries, or of none.
    fn transposed(&self, columns: usize, values: &[f32]) -> Csr {
        let offsets = offsets(columns, &self.columns);
        let mut next = offsets.clone();
        let mut transposed =
            Csr { offsets, columns: vec![0; self.entries()], values: vec![0.0; values.len()] };
        for row in 0..self.rows() {
            for from in self.offsets[row]..self.offsets[row + 1] {
                let to = &mut next[self.columns[from] as usize];
                transposed.columns[*to] = row as u32;
                if let Some(&value) = values.get(from) {
                    transposed.values[*to] = value;
                }
                *to += 1;
            }
        }
        transposed
    }
}

/// Where each of `count` rows starts, and the last one ends, were entries sorted by the row that each is in.
fn offsets(count: usize, row_of: &[u32]) -> Vec<usize> {
    let mut offsets = vec![0; count + 1];
    for &row in row_of {
        offsets[row as usize + 1] += 1;
    }
    for row in 0..count {
        offsets[row + 1] += offsets[row];
    }
    offsets
}

/// Interactions in the order in which they were read, [entries] each: apart, so that what is sorted can be given
/// back while the rest is being sorted.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// Row of the matrix.
    pub users: Vec<u32>,
    /// Column of the matrix.
    pub items: Vec<u32>,
    /// None where each is 1.
    pub values: Option<Vec<f32>>,
}

impl Entries {
    fn of(entries: &[(u32, u32, f32)]) -> Entries {
        Entries {
            users: entries.iter().map(|entry| entry.0).collect(),
            items: entries.iter().map(|entry| entry.1).collect(),
            values: Some(entries.iter().map(|entry| entry.2).collect()),
        }
    }

    /// The matrix of `rows` rows, the place that each of its entries had, and the entries that stand again later.
    fn sorted(self, rows: usize) -> (Csr, Vec<u32>, Vec<Repeat>) {
        let Entries { users, items, values } = self;
        let (offsets, order, repeated) = last_of_each_pair(rows, users, &items);
        let columns = order.iter().map(|&at| items[at as usize]).collect();
        let repeat = |(user, order)| Repeat { user, item: items[order as usize], time: 0.0, order };
        let repeats = repeated.into_iter().map(repeat).collect();
        drop(items);
        let values = match values {
            Some(values) => order.iter().map(|&at| values[at as usize]).collect(),
            None => vec![1.0; order.len()],
        };
        (Csr { offsets, columns, values }, order, repeats)
    }
}

/// Where each row starts and the places of the entries that count, by row and column: of each pair the last one. The
/// others follow, each with its row.
fn last_of_each_pair(
    rows: usize,
    row_of: Vec<u32>,
    column_of: &[u32],
) -> (Vec<usize>, Vec<u32>, Vec<(u32, u32)>) {
    let mut offsets = offsets(rows, &row_of);
    let mut order = vec![0; row_of.len()];
    let mut next = offsets.clone();
    for (at, row) in row_of.into_iter().enumerate() {
        order[next[row as usize]] = at as u32;
        next[row as usize] += 1;
    }
    let (mut kept, mut keys, mut others) = (0, Vec::new(), Vec::new());
    for row in 0..rows {
        let span = offsets[row]..offsets[row + 1];
        // Sorted as numbers that are all there: a look at a column for each comparison takes three times as long.
        let key = |&at: &u32| u64::from(column_of[at as usize]) << 32 | u64::from(at);
        keys.clear();
        keys.extend(order[span].iter().map(key));
        keys.sort_unstable();
        offsets[row] = kept;
        for (place, &key) in keys.iter().enumerate() {
            let repeated = keys.get(place + 1).is_some_and(|next| next >> 32 == key >> 32);
            if repeated {
                others.push((row as u32, key as u32));
            } else {
                order[kept] = key as u32;
                kept += 1;
            }
        }
    }
    offsets[rows] = kept;
    order.truncate(kept);
    (offsets, order, others)
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
    /// Place in the file an entry of `matrix`, rising with what came later: the order where there are no times. Empty
    /// where nobody will ask.
    pub order: Vec<u32>,
    /// The earlier events of pairs that stand more than once, which `matrix` has no room for, by user.
    /// [`Interactions::sequences`] has them in their places.
    pub repeats: Vec<Repeat>,
}

/// An event of a user with an item that they came back to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeat {
    /// Row of the matrix.
    pub user: u32,
    /// Column of the matrix.
    pub item: u32,
    /// Seconds since 1970; 0 where the file has no times.
    pub time: f64,
    /// Place in the file.
    pub order: u32,
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
        Self::new(user_ids, item_ids, Entries::of(entries), times.map(<[f64]>::to_vec))
    }

    /// As [`Interactions::from_entries`], with less memory.
    pub fn new(
        user_ids: Vec<String>,
        item_ids: Vec<String>,
        entries: Entries,
        times: Option<Vec<f64>>,
    ) -> Interactions {
        let (matrix, order, mut repeats) = entries.sorted(user_ids.len());
        if let Some(times) = &times {
            repeats.iter_mut().for_each(|repeat| repeat.time = times[repeat.order as usize]);
        }
        let times = times.map(|times| order.iter().map(|&at| times[at as usize]).collect());
        Interactions { user_ids, item_ids, matrix, times, order, repeats }
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

    /// The interactions at those positions in `matrix` that `keep` chooses, with the earlier events of these pairs;
    /// users and items stay.
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
            order: kept.iter().filter_map(|&at| self.order.get(at).copied()).collect(),
            repeats: self
                .repeats
                .iter()
                .copied()
                .filter(|repeat| self.last_of(repeat).is_some_and(&keep))
                .collect(),
        }
    }

    /// The place in `matrix` of the event's pair.
    fn last_of(&self, repeat: &Repeat) -> Option<usize> {
        let user = repeat.user as usize;
        let place = self.matrix.row(user).0.binary_search(&repeat.item).ok()?;
        Some(self.matrix.offsets[user] + place)
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
