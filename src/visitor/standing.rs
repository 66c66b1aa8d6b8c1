//! What counts for each item: of all events on it, one.

use super::event::Event;
use super::observation::Observation;
use crate::error::Result;

/// What counts for one item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) event: Event,
    /// At the event's own time.
    pub(super) observation: Observation,
}

/// The latest opinion on an item counts (like, dislike, rate) if there is one, else the strongest of what was
/// done with it. Which one that is does not depend on the order in which events arrive, but for those of the
/// very same time.
#[derive(Clone, Debug, Default)]
pub(super) struct Standings(Vec<Standing>);

impl Standings {
    /// By rising item.
    pub(super) fn as_slice(&self) -> &[Standing] {
        &self.0
    }

    /// Whether something counts for the item.
    pub(super) fn has(&self, item: u32) -> bool {
        self.find(item).is_ok()
    }

    /// Whether the event is the one that counts for its item.
    pub(super) fn counts(&self, event: &Event) -> bool {
        self.find(event.item).is_ok_and(|at| self.0[at].event == *event)
    }

    /// Lets the event count if it outweighs what did, which then comes back; None: it does not count.
    pub(super) fn enter(&mut self, new: Standing) -> Option<Option<Standing>> {
        match self.find(new.event.item) {
            Err(at) => {
                self.0.insert(at, new);
                Some(None)
            }
            Ok(at) if new.outweighs(&self.0[at]) => Some(Some(std::mem::replace(&mut self.0[at], new))),
            Ok(_) => None,
        }
    }

    fn find(&self, item: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&item, |standing| standing.event.item)
    }
}

impl Standing {
    pub(super) fn outweighs(&self, old: &Standing) -> bool {
        match (self.event.kind.is_opinion(), old.event.kind.is_opinion()) {
            (true, true) => self.event.time >= old.event.time,
            (true, false) => true,
            (false, true) => false,
            // By weights that do not fade: what weighs more at one time may weigh less at another.
            (false, false) => {
                let strength = |s: &Standing| (s.observation.weight, s.event.time);
                strength(self) > strength(old)
            }
        }
    }
}
