//! Interactions as what each user did, one event after the other.

use super::Interactions;
use foldin::error::{Problem, Result};
use std::collections::HashSet;

/// Each user's events in the order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequences {
    /// Where each user's events start, and the last one's end, [users + 1].
    pub offsets: Vec<usize>,
    /// The item of each event, [events]; an item may come again.
    pub items: Vec<u32>,
}

impl Sequences {
    /// The items of one user's events, the oldest first.
    pub fn of(&self, user: usize) -> &[u32] {
        &self.items[self.offsets[user]..self.offsets[user + 1]]
    }

    /// How many users there are.
    pub fn users(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// How many events are with an item that their user had before.
    pub fn repeats(&self) -> usize {
        let mut seen = HashSet::new();
        let of_user = |user| {
            seen.clear();
            self.of(user).iter().filter(|&&item| !seen.insert(item)).count()
        };
        (0..self.users()).map(of_user).sum()
    }
}

impl Interactions {
    /// Each user's events by their times, repeats among them. Events of equal times, or of none, follow the file's
    /// order.
    ///
    /// # Errors
    /// [`Problem::Data`] where the file's order is needed and was thrown away.
    pub fn sequences(&self) -> Result<Sequences> {
        let entries = self.matrix.entries();
        if self.order.len() != entries {
            return Err(Problem::Data {
                place: "interactions".into(),
                problem: "the order of the file is not known".into(),
                remedy: "keep `order` of the interactions".into(),
            }
            .into());
        }
        let mut sequences = Sequences { offsets: vec![0], items: Vec::with_capacity(entries) };
        let mut row: Vec<(f64, u32, u32)> = Vec::new();
        let mut repeats = self.repeats.as_slice();
        for user in 0..self.users() {
            let span = self.matrix.offsets[user]..self.matrix.offsets[user + 1];
            let time = |at: usize| self.times.as_ref().map_or(0.0, |times| times[at]);
            row.clear();
            row.extend(span.map(|at| (time(at), self.order[at], self.matrix.columns[at])));
            let (own, others) =
                repeats.split_at(repeats.partition_point(|repeat| repeat.user as usize <= user));
            row.extend(own.iter().map(|repeat| (repeat.time, repeat.order, repeat.item)));
            repeats = others;
            row.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            sequences.items.extend(row.iter().map(|event| event.2));
            sequences.offsets.push(sequences.items.len());
        }
        Ok(sequences)
    }
}
