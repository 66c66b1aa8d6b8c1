//! A visitor's events in the order of their times, bounded.

use super::event::Event;
use crate::order;

/// The most events a history holds. When one more comes, it is summarised.
pub const MAX_EVENTS: usize = 10_000;
/// So many of the newest stay as they are when it is.
pub const RECENT_EVENTS: usize = 1_000;
/// And so many at most of those older ones that count, one an item.
pub const SUMMARY_EVENTS: usize = 8_000;

/// By rising time; of one time in the order in which they were recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct History(Vec<Event>);

impl History {
    pub(super) fn events(&self) -> &[Event] {
        &self.0
    }

    /// By time whatever their order is; of one time in the order in which they are given.
    pub(super) fn of(events: &[Event]) -> History {
        let mut events = events.to_vec();
        events.sort_by(|a, b| a.time.total_cmp(&b.time));
        History(events)
    }

    pub(super) fn insert(&mut self, event: Event) {
        let at = self.0.partition_point(|other| other.time <= event.time);
        self.0.insert(at, event);
    }

    /// Takes out one event that is equal, the newest; whether there was one.
    pub(super) fn remove(&mut self, event: &Event) -> bool {
        let found = self.0.iter().rposition(|other| other == event);
        found.map(|at| self.0.remove(at)).is_some()
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Event) -> bool) {
        self.0.retain(keep);
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() > MAX_EVENTS
    }

    /// Drops of all but the newest events those that do not count, and of what is still too much the oldest, those first
    /// after which the same item comes again: an opinion is not forgotten for the sake of a repetition. Whether any that
    /// counted is gone. `counts` is asked of each, oldest first.
    pub(super) fn summarise(&mut self, counts: impl FnMut(&Event) -> bool) -> bool {
        let mut recent = self.0.split_off(self.0.len().saturating_sub(RECENT_EVENTS));
        self.0.retain(counts);
        let surplus = self.0.len().saturating_sub(SUMMARY_EVENTS);
        let older = self.0.len();
        self.0.append(&mut recent);
        let mut left = surplus;
        if left > 0 {
            let mut comes_again = self.come_again().into_iter().take(older);
            self.0.retain(|_| {
                let drops = left > 0 && comes_again.next() == Some(true);
                left -= usize::from(drops);
                !drops
            });
        }
        self.0.drain(..left);
        surplus > 0
    }

    /// Of each event whether a later one is on the same item.
    fn come_again(&self) -> Vec<bool> {
        let places: Vec<usize> = order::by_rising(self.0.iter().map(|event| event.item)).collect();
        let mut again = vec![false; places.len()];
        for pair in places.windows(2) {
            again[pair[0]] = self.0[pair[0]].item == self.0[pair[1]].item;
        }
        again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visitor::EventKind;

    fn event(item: u32, time: f64) -> Event {
        Event { item, kind: EventKind::View, value: None, time }
    }

    #[test]
    fn events_lie_by_time_and_those_of_one_time_as_they_came() {
        let mut history = History::default();
        for (item, time) in [(1, 5.0), (2, 3.0), (3, 5.0), (4, 4.0)] {
            history.insert(event(item, time));
        }
        assert_eq!(history.events().iter().map(|event| event.item).collect::<Vec<_>>(), [2, 4, 1, 3]);
        assert!(history.remove(&event(1, 5.0)) && !history.remove(&event(1, 5.0)));
    }

    #[test]
    fn a_summary_keeps_the_newest_and_what_counts() {
        let mut history = History::default();
        (0..=MAX_EVENTS as u32).for_each(|item| history.insert(event(item, item.into())));
        assert!(history.is_full());
        assert!(!history.summarise(|event| event.item % 2 == 0));
        let recent_from = (MAX_EVENTS + 1 - RECENT_EVENTS) as u32;
        assert!(history.events().iter().all(|event| event.item >= recent_from || event.item % 2 == 0));
        assert_eq!(history.events().len(), RECENT_EVENTS + recent_from.div_ceil(2) as usize);
    }

    #[test]
    fn what_comes_again_is_dropped_before_the_only_event_on_an_item() {
        let mut history = History::default();
        history.insert(event(7, -1.0));
        (0..MAX_EVENTS as u32).for_each(|time| history.insert(event(time % 2, time.into())));
        assert!(history.summarise(|_| true));
        assert_eq!(history.events().len(), RECENT_EVENTS + SUMMARY_EVENTS);
        assert_eq!(history.events()[0], event(7, -1.0));
        assert_eq!(history.events()[1].time, (MAX_EVENTS - RECENT_EVENTS - SUMMARY_EVENTS + 1) as f64);
    }

    #[test]
    fn when_too_much_counts_the_oldest_is_dropped() {
        let mut history = History::default();
        (0..=MAX_EVENTS as u32).for_each(|item| history.insert(event(item, item.into())));
        assert!(history.summarise(|_| true));
        let dropped = (MAX_EVENTS + 1 - RECENT_EVENTS - SUMMARY_EVENTS) as u32;
        assert_eq!(history.events()[0], event(dropped, dropped.into()));
        assert_eq!(history.events().len(), RECENT_EVENTS + SUMMARY_EVENTS);
    }
}
