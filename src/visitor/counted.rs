//! What counts of a visitor's events: one for each item, or, where the model learned from order, one for each place.

use super::event::Event;
use super::places::Places;
use super::standing::{Standing, Standings};
use crate::model::{Algorithm, Model};
use crate::order;

/// What counts, as the model's algorithm takes it.
#[derive(Clone, Debug)]
pub(super) enum Counted {
    /// By rising item.
    Items(Standings),
    /// Oldest first.
    Places(Places),
}

impl Counted {
    /// Nothing yet.
    pub(super) fn new(model: &Model) -> Counted {
        match model.recipe().algorithm {
            Algorithm::Next => Counted::Places(Places::default()),
            _ => Counted::Items(Standings::default()),
        }
    }

    /// What counts of these, which come oldest first.
    pub(super) fn of(model: &Model, known: impl IntoIterator<Item = Standing>) -> Counted {
        let mut counted = Counted::new(model);
        for standing in known {
            match &mut counted {
                Counted::Items(standings) => drop(standings.enter(standing)),
                Counted::Places(places) => drop(places.enter(standing)),
            }
        }
        counted
    }

    /// Whether it is the order of events that counts, and not their age.
    pub(super) fn by_order(&self) -> bool {
        matches!(self, Counted::Places(_))
    }

    pub(super) fn as_slice(&self) -> &[Standing] {
        match self {
            Counted::Items(standings) => standings.as_slice(),
            Counted::Places(places) => places.as_slice(),
        }
    }

    /// The items of which something counts, rising.
    pub(super) fn items(&self) -> Vec<u32> {
        let mut items: Vec<u32> = self.as_slice().iter().map(|standing| standing.event.item).collect();
        if self.by_order() {
            items = order::rising(items);
            items.dedup();
        }
        items
    }

    /// Whether something counts for the item.
    pub(super) fn has(&self, item: u32) -> bool {
        match self {
            Counted::Items(standings) => standings.has(item),
            Counted::Places(places) => places.as_slice().iter().any(|place| place.event.item == item),
        }
    }

    /// Whether an event counts, for events asked about in the order of their times.
    pub(super) fn in_turn(&self) -> Box<dyn FnMut(&Event) -> bool + '_> {
        match self {
            Counted::Items(standings) => Box::new(|event| standings.counts(event)),
            Counted::Places(places) => Box::new(places.in_turn()),
        }
    }
}
