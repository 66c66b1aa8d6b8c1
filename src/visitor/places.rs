//! The places of a visitor's events where order counts.

use super::event::Event;
use super::standing::Standing;

/// What counts, in the order of its times.
///
/// Events in a row on one item share a place: the latest opinion on it (like, dislike, rate) counts there if there is
/// one, else the strongest of what was done with it. An opinion takes the places back that the item had before, and
/// those older than they move up: who dislikes what they looked at no longer counts as having looked. Any other return
/// to an item has a place of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Vec<Standing>);

impl Places {
    /// Oldest first.
    pub(super) fn as_slice(&self) -> &[Standing] {
        &self.0
    }

    /// Lets in an event that is no older than any other. The places, from 0, that are taken out before it becomes the
    /// newest one, in turn; None: it does not count.
    pub(super) fn enter(&mut self, new: Standing) -> Option<Vec<usize>> {
        let same = |place: &Standing| place.event.item == new.event.item;
        let mut taken = Vec::new();
        if let Some(last) = self.0.last().filter(|last| same(last)) {
            if !new.outweighs(last) {
                return None;
            }
            self.0.pop();
            taken.push(self.0.len());
        }
        if new.event.kind.is_opinion() {
            while let Some(at) = self.0.iter().rposition(same) {
                self.0.remove(at);
                taken.push(at);
            }
        }
        self.0.push(new);
        Some(taken)
    }

    /// Whether an event counts, for events asked about in the order of their times.
    pub(super) fn in_turn(&self) -> impl FnMut(&Event) -> bool {
        let mut places = self.0.iter().peekable();
        move |event| places.next_if(|place| place.event == *event).is_some()
    }
}
