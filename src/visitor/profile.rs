//! A visitor's events and all that follows from them, kept in step.

use super::event::{Event, EventKind, EventWeights};
use super::fold_in::{FoldIn, Folded};
use super::observation::{Meaning, Observation};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::order;

/// The most events a profile holds.
pub const MAX_EVENTS: usize = 100_000;

/// The events of one visitor on one model.
///
/// An item counts once: the latest opinion on it (like, dislike, rate) if there is one, else the strongest of
/// what was done with it.
#[derive(Clone, Debug)]
pub struct Profile {
    events: Vec<Event>,
    /// One an item, by rising row.
    standing: Vec<Standing>,
    weights: EventWeights,
    meaning: Meaning,
    fold_in: FoldIn,
}

/// What counts for one item.
#[derive(Clone, Copy, Debug)]
struct Standing {
    kind: EventKind,
    observation: Observation,
}

impl Standing {
    fn item(&self) -> u32 {
        self.observation.item
    }

    /// Whether it counts instead of what stood there before.
    fn outweighs(&self, old: &Standing) -> bool {
        let stronger = self.observation.weight > old.observation.weight;
        self.kind.is_opinion() || (!old.kind.is_opinion() && stronger)
    }
}

/// One event's part in a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// The row of the visitor's own item.
    pub item: u32,
    /// What the visitor did with it.
    pub kind: EventKind,
    /// Its part of the score; the parts of all reasons add up to the score.
    pub share: f32,
}

impl Profile {
    /// A visitor who has done nothing yet.
    pub fn new(model: &Model, weights: EventWeights) -> Profile {
        Profile {
            events: Vec::new(),
            standing: Vec::new(),
            weights,
            meaning: Meaning::of(model),
            fold_in: FoldIn::new(model),
        }
    }

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`EventWeights::observe`]; [`Error::Argument`] when the profile would hold more than
    /// [`MAX_EVENTS`].
    pub fn record(&mut self, model: &Model, events: &[Event]) -> Result<()> {
        if self.events.len() + events.len() > MAX_EVENTS {
            let found = self.events.len() + events.len();
            return Err(Error::argument("events", format!("at most {MAX_EVENTS} in a profile"), found));
        }
        let observe = |event| self.weights.observe(event, self.meaning);
        let observations: Vec<_> = events.iter().map(observe).collect::<Result<_>>()?;
        for (event, observation) in events.iter().zip(observations) {
            self.events.push(*event);
            self.stand(model, Standing { kind: event.kind, observation });
        }
        Ok(())
    }

    /// Takes back every event on `item`.
    pub fn forget(&mut self, model: &Model, item: u32) {
        self.events.retain(|event| event.item != item);
        if let Ok(at) = self.find(item) {
            self.fold_in.remove(model, &self.standing.remove(at).observation);
        }
    }

    fn stand(&mut self, model: &Model, new: Standing) {
        match self.find(new.observation.item) {
            Ok(at) if !new.outweighs(&self.standing[at]) => return,
            Ok(at) => {
                self.fold_in.remove(model, &self.standing[at].observation);
                self.standing[at] = new;
            }
            Err(at) => self.standing.insert(at, new),
        }
        self.fold_in.add(model, &new.observation);
    }

    /// Where the item stands, or where it would.
    fn find(&self, item: u32) -> Result<usize, usize> {
        self.standing.binary_search_by_key(&item, Standing::item)
    }

    /// All events, in the order in which they were recorded.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The items with events, rising.
    pub fn items(&self) -> Vec<u32> {
        self.standing.iter().map(Standing::item).collect()
    }

    /// Whether anything speaks for an item, without which a ranking would only be the least disliked.
    pub fn likes_something(&self) -> bool {
        let neutral = self.weights.neutral(self.meaning);
        self.standing.iter().any(|s| s.observation.target > neutral && s.observation.weight > 0.0)
    }

    /// The visitor's vector as of now.
    pub fn fold_in(&self, model: &Model) -> Folded {
        self.fold_in.solve(model)
    }

    /// Why `item` has its score: every own item with its share, largest first.
    pub fn explain(&self, model: &Model, folded: &Folded, item: u32) -> Vec<Reason> {
        let shares = folded.shares(model, item, self.standing.iter().map(|s| &s.observation));
        let reasons: Vec<Reason> = (self.standing.iter().zip(shares))
            .map(|(standing, share)| Reason { item: standing.item(), kind: standing.kind, share })
            .collect();
        order::by_falling(reasons.iter().map(|reason| reason.share)).map(|at| reasons[at]).collect()
    }
}
