//! A visitor's events and all that follows from them, kept in step.

use super::counted::Counted;
use super::event::{Event, EventKind};
use super::fine_tune::{FineTune, FineTuning};
use super::fold_in::{FoldIn, Folded};
use super::history::{History, MAX_EVENTS};
use super::observation::{Meaning, Observation, Part};
use super::standing::Standing;
use super::weights::EventWeights;
use crate::error::{Error, Result};
use crate::model::{Delta, Items, Model};
use crate::order;

/// The events of one visitor on one model.
///
/// An item counts once: the latest opinion on it (like, dislike, rate) if there is one, else the strongest of
/// what was done with it. Old events weigh less; how old they are is told from the visitor's newest one, which has
/// its whole weight.
///
/// In a model of what comes next the order of events counts instead of their age, and an item as often as the visitor
/// came back to it: events in a row on one item share a place, where the latest opinion or else the strongest deed
/// counts; an opinion takes back the places that its item had before.
///
/// At most [`super::MAX_EVENTS`] are kept. When there would be more, the history is summarised: the newest
/// [`super::RECENT_EVENTS`] stay, of the older ones only what counts, and of that the newest
/// [`super::SUMMARY_EVENTS`]. What is left out that way no longer takes part in anything.
#[derive(Clone, Debug)]
pub struct Profile {
    history: History,
    counted: Counted,
    weights: EventWeights,
    meaning: Meaning,
    /// What is believed of the visitor before the first event, as [`FoldIn::believing`] takes it; empty: nothing.
    belief: Vec<f32>,
    fold_in: FoldIn,
    /// When the weights in `fold_in` hold: the time of the newest event.
    now: f64,
    delta: Delta,
}

/// One event's part in a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// The row of the visitor's own item.
    pub item: u32,
    /// What the visitor did with it.
    pub kind: EventKind,
    /// Its part of the score; the parts of all reasons add up to the score, less what a
    /// belief from before the first event brings.
    pub share: f32,
}

impl Profile {
    /// A visitor who has done nothing yet.
    pub fn new(model: &Model, weights: EventWeights) -> Profile {
        Profile {
            history: History::default(),
            counted: Counted::new(model),
            weights,
            meaning: Meaning::of(model),
            fold_in: FoldIn::new(model),
            belief: Vec::new(),
            now: f64::NEG_INFINITY,
            delta: Delta::default(),
        }
    }

    /// A visitor who did all of this, in any order: the same as one who [recorded](Profile::record) it, made faster.
    ///
    /// # Errors
    /// As [`EventWeights::check`] and [`EventWeights::observe`].
    pub fn of(model: &Model, weights: EventWeights, events: &[Event]) -> Result<Profile> {
        weights.check()?;
        let mut profile = Profile::new(model, weights);
        if events.len() > MAX_EVENTS {
            profile.record(model, events)?;
            return Ok(profile);
        }
        events.iter().try_for_each(|event| profile.observe(event).map(drop))?;
        profile.history = History::of(events);
        profile.recount(model.into());
        Ok(profile)
    }

    /// Believes something of the visitor before the first event, and until events outweigh it: a prior mean [dim], or,
    /// in a two-tower model, their traits as its tower reads them; nothing, where it is empty. Nothing is believed
    /// unless this is called: scores are then the visitor's own doing, to the last share.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a model that cannot believe, a vector of another length, or one with a number
    /// that is not finite.
    pub fn believe<'a>(&mut self, items: impl Into<Items<'a>>, belief: &[f32]) -> Result<()> {
        let items = items.into();
        let model = items.model;
        let expected = if belief.is_empty() { 0 } else { FoldIn::beliefs(model) };
        if expected == 0 && !belief.is_empty() {
            let able = "a model that can: of `foldin train` with ials or next, or two-tower and --users";
            return Err(Error::argument("prior", able, model.recipe().algorithm.name()));
        }
        if belief.len() != expected || belief.iter().any(|v| !v.is_finite()) {
            return Err(Error::argument("prior", format_args!("{expected} finite numbers"), "others"));
        }
        self.belief = belief.to_vec();
        self.rebuild(items);
        Ok(())
    }

    /// Whether anything is believed of the visitor.
    pub fn believes(&self) -> bool {
        !self.belief.is_empty()
    }

    /// Weighs events with `weights` from now on, those that were recorded too; a rating that is outside the new
    /// scale counts no more.
    ///
    /// # Errors
    /// As [`EventWeights::check`].
    pub fn weigh<'a>(&mut self, items: impl Into<Items<'a>>, weights: EventWeights) -> Result<()> {
        weights.check()?;
        self.weights = weights;
        self.recount(items.into());
        Ok(())
    }

    /// Takes all of `events` in, or none, at the cost of one update of the sums for each that counts. They may
    /// come in any order; where order counts, one that is older than another sums up anew, once for all of `events`.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, and as [`EventWeights::observe`].
    pub fn record<'a>(&mut self, items: impl Into<Items<'a>>, events: &[Event]) -> Result<()> {
        let items = items.into();
        events.iter().try_for_each(|event| items.check_row(event.item))?;
        let observations: Vec<_> = events.iter().map(|event| self.observe(event)).collect::<Result<_>>()?;
        let (mut stale, mut dropped) = (false, false);
        for (&event, observation) in events.iter().zip(observations) {
            self.history.insert(event);
            stale |= self.counted.by_order() && event.time < self.now;
            // What is in the basket depends on what left it, and when.
            stale |= event.kind == EventKind::Uncart || (event.kind == EventKind::Cart && self.has_emptied());
            if event.time > self.now {
                self.fold_in.fade(self.weights.faded(event.time - self.now));
                self.now = event.time;
            }
            if !stale && counts(event.kind, &observation) {
                self.enter(items, Standing { event, observation });
            }
            if self.history.is_full() {
                if stale {
                    self.recount(items);
                }
                dropped |= self.history.summarise(self.counted.in_turn());
                // What is left may be in a row now.
                stale = self.counted.by_order();
            }
        }
        if stale || dropped {
            self.recount(items);
        }
        Ok(())
    }

    /// Takes events back, as if they had never been recorded; how many of them were there. What else was done
    /// with their items counts again.
    pub fn undo<'a>(&mut self, items: impl Into<Items<'a>>, events: &[Event]) -> usize {
        let found = events.iter().filter(|event| self.history.remove(event)).count();
        self.recount(items.into());
        found
    }

    /// Takes back every event on the items that `gone` says yes to; sums up anew where there is one.
    pub fn forget<'a>(&mut self, items: impl Into<Items<'a>>, gone: impl Fn(u32) -> bool) {
        let before = self.events().len();
        self.history.retain(|event| !gone(event.item));
        if self.events().len() < before {
            self.recount(items.into());
        }
    }

    /// What fine-tuning moves: nothing yet, or what it moved before.
    ///
    /// # Errors
    /// As [`FineTune::new`].
    pub fn start_tuning<'a>(&self, items: impl Into<Items<'a>>, options: FineTuning) -> Result<FineTune> {
        FineTune::new(self.items_of(items.into()), self.observations(), &self.belief, options)
    }

    /// Sees the items as fine-tuning moved them, but for those that were taken back meanwhile.
    pub fn finish_tuning<'a>(&mut self, items: impl Into<Items<'a>>, tuned: FineTune) {
        self.delta = tuned.into_delta();
        self.rebuild(items.into());
    }

    /// Sees the items as the model has them again.
    pub fn reset_tuning<'a>(&mut self, items: impl Into<Items<'a>>) {
        self.delta = Delta::default();
        self.rebuild(items.into());
    }

    /// The items as this visitor sees them.
    pub fn items_of<'a>(&'a self, items: impl Into<Items<'a>>) -> Items<'a> {
        Items { delta: Some(&self.delta), ..items.into() }
    }

    /// All events that are kept, by rising time.
    pub fn events(&self) -> &[Event] {
        self.history.events()
    }

    /// The items with events that [hide](EventKind::hides) them, rising.
    pub fn items(&self) -> Vec<u32> {
        match self.events().iter().all(|event| event.kind.hides()) {
            true => self.counted.items(),
            false => self.items_with(&EventKind::hides),
        }
    }

    /// The items with events of the kinds that `counts` says yes to, rising.
    #[inline(never)]
    pub fn items_with(&self, counts: &dyn Fn(EventKind) -> bool) -> Vec<u32> {
        let events = self.standing_events().filter(|event| counts(event.kind));
        let mut items = order::rising(events.map(|event| event.item));
        items.dedup();
        items
    }

    /// The events but those that were taken back by a later one: what left the basket.
    fn standing_events(&self) -> impl Iterator<Item = &Event> {
        let left = self.events().iter().filter(|event| event.kind == EventKind::Uncart);
        let left: Vec<(u32, f64)> = left.map(|event| (event.item, event.time)).collect();
        // By item, of one item the latest last.
        let left: Vec<_> = order::by_rising(left.iter().map(|left| left.0)).map(|at| left[at]).collect();
        let has_left = move |event: &Event| {
            let latest = left[..left.partition_point(|&(item, _)| item <= event.item)].last();
            latest.is_some_and(|&(item, time)| item == event.item && time >= event.time)
        };
        self.events().iter().filter(move |event| match event.kind {
            EventKind::Cart => !has_left(event),
            kind => kind != EventKind::Uncart,
        })
    }

    /// What the events say as of now: by rising item, or oldest first where order counts.
    pub fn observations(&self) -> Vec<Observation> {
        let now = |Standing { event, observation }: &Standing| observation.times(self.part(event).total());
        self.counted.as_slice().iter().map(now).collect()
    }

    /// Whether anything speaks for an item, without which a ranking would only be the least disliked.
    pub fn likes_something(&self) -> bool {
        let neutral = self.weights.neutral(self.meaning);
        let mut observations = self.counted.as_slice().iter().map(|standing| standing.observation);
        observations.any(|observation| observation.target > neutral && observation.weight > 0.0)
    }

    /// The visitor's vector as of now.
    pub fn fold_in<'a>(&self, items: impl Into<Items<'a>>) -> Folded {
        self.fold_in.solve(self.items_of(items.into()))
    }

    /// Why `item` has its score: every own item with its share, largest first.
    pub fn explain<'a>(&self, items: impl Into<Items<'a>>, folded: &Folded, item: u32) -> Vec<Reason> {
        let shares = folded.shares(self.items_of(items.into()), item, &self.observations());
        let counted = self.counted.as_slice();
        let mut reasons: Vec<Reason> = Vec::new();
        for at in order::by_rising(counted.iter().map(|standing| standing.event.item)) {
            let (event, share) = (counted[at].event, shares[at]);
            match reasons.last_mut().filter(|reason| reason.item == event.item) {
                // Another place of the item: what was done with it last stands for all.
                Some(reason) => *reason = Reason { kind: event.kind, share: reason.share + share, ..*reason },
                None => reasons.push(Reason { item: event.item, kind: event.kind, share }),
            }
        }
        order::by_falling(reasons.iter().map(|reason| reason.share)).map(|at| reasons[at]).collect()
    }

    /// How much of its weight an event has as of now.
    fn part(&self, event: &Event) -> Part {
        match self.counted.by_order() {
            true => Part::WHOLE,
            false => self.weights.part(self.now - event.time),
        }
    }

    /// Lets the event count if it outweighs what did.
    fn enter(&mut self, items: Items<'_>, new: Standing) {
        let items = Items { delta: Some(&self.delta), ..items };
        match &mut self.counted {
            Counted::Items(standings) => {
                let Some(old) = standings.enter(new) else { return };
                if let Some(old) = old {
                    let part = self.part(&old.event);
                    self.fold_in.remove_part(items, &old.observation, part);
                }
            }
            Counted::Places(places) => {
                let Some(taken) = places.enter(new) else { return };
                taken.into_iter().for_each(|place| self.fold_in.take(items, place));
            }
        }
        let part = self.part(&new.event);
        self.fold_in.add_part(items, &new.observation, part);
    }

    /// Finds out anew what counts.
    fn recount(&mut self, items: Items<'_>) {
        let standing = |&event: &Event| {
            let observation = self.observe(&event).ok()?;
            counts(event.kind, &observation).then_some(Standing { event, observation })
        };
        self.counted = Counted::of(items.model, self.standing_events().filter_map(standing));
        self.rebuild(items);
    }

    /// Sums up from scratch. What no longer counts is no longer moved either.
    fn rebuild(&mut self, items: Items<'_>) {
        self.delta.retain(|item| self.counted.has(item));
        self.now = self.history.events().last().map_or(f64::NEG_INFINITY, |event| event.time);
        let mut fold_in = FoldIn::believing(items.model, &self.belief);
        for Standing { event, observation } in self.counted.as_slice() {
            fold_in.add_part(self.items_of(items), observation, self.part(event));
        }
        self.fold_in = fold_in;
    }

    /// Whether anything left the basket.
    fn has_emptied(&self) -> bool {
        self.events().iter().any(|event| event.kind == EventKind::Uncart)
    }

    fn observe(&self, event: &Event) -> Result<Observation> {
        self.weights.observe(event, self.meaning)
    }
}

/// Whether an event may count for its item: what only a shop notes down, such as what it showed, does so where it weighs
/// anything, so that it does not stand for an item of which nothing is known.
fn counts(kind: EventKind, observation: &Observation) -> bool {
    kind as u8 <= EventKind::Skip as u8 || observation.weight > 0.0
}
