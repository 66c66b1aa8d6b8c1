//! What a recommender is told of a user, in the order in which it happened.

use crate::train::Interactions;
use foldin::Model;
use foldin::visitor::Event;

/// What is known of a user, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Items of the fold; one may come again.
    pub items: &'a [u32],
    /// As long as `items`.
    pub values: &'a [f32],
    /// Seconds since 1970, as long as `items`; None where only the order is known.
    pub times: Option<&'a [f64]>,
}

impl<'a> Given<'a> {
    /// What happened in this order, at times that are not known.
    pub fn untimed(items: &'a [u32], values: &'a [f32]) -> Given<'a> {
        Given { items, values, times: None }
    }

    /// The events of a page where this happened; `row` finds an item in the model. What the model does not know is left
    /// out.
    pub fn events(&self, model: &Model, row: impl Fn(u32) -> Option<u32>) -> Vec<Event> {
        let event = |at: usize| {
            let seconds = self.times.map_or(0.0, |times| times[at]);
            Some(Event::of_interaction(model, row(self.items[at])?, self.values[at], seconds))
        };
        (0..self.items.len()).filter_map(event).collect()
    }
}

/// A user's past, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// As [`Given::items`].
    pub items: Vec<u32>,
    /// As [`Given::values`].
    pub values: Vec<f32>,
    /// As [`Given::times`].
    pub times: Option<Vec<f64>>,
}

impl History {
    /// As rankers are told it.
    pub fn given(&self) -> Given<'_> {
        Given { items: &self.items, values: &self.values, times: self.times.as_deref() }
    }
}

impl Interactions {
    /// All that a user did, by time; by place in the file where there are no times or equal ones. Of an item that they
    /// came back to, each event has the value of the last.
    pub fn history(&self, user: usize) -> History {
        let (columns, values) = self.matrix.row(user);
        let start = self.matrix.offsets[user];
        let time = |at: usize| self.times.as_ref().map_or(0.0, |times| times[start + at]);
        let place = |at: usize| self.order.get(start + at).copied().unwrap_or(at as u32);
        let last = (0..columns.len()).map(|at| (time(at), place(at), columns[at], values[at]));
        let first = self.repeats.partition_point(|repeat| (repeat.user as usize) < user);
        let own = self.repeats[first..].iter().take_while(|repeat| repeat.user as usize == user);
        let earlier = own.filter_map(|repeat| {
            let at = columns.binary_search(&repeat.item).ok()?;
            Some((repeat.time, repeat.order, repeat.item, values[at]))
        });
        let mut events: Vec<(f64, u32, u32, f32)> = last.chain(earlier).collect();
        events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        History {
            items: events.iter().map(|event| event.2).collect(),
            values: events.iter().map(|event| event.3).collect(),
            times: self.times.is_some().then(|| events.iter().map(|event| event.0).collect()),
        }
    }
}
