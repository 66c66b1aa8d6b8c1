//! What comes next: users or sessions are followed event by event, and each event is to be found from those before it.

use super::interval::Part;
use super::tally::{RMSE, Tally};
use super::{Interaction, Protocol, Ranker, metrics};
use crate::parallel;
use crate::train::Interactions;
use foldin::error::Result;
use std::collections::HashMap;

/// One user's events, oldest first, and which of them are to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// What happened, and whether it is looked for before it is told.
    pub events: Vec<(Interaction, bool)>,
}

impl Walk {
    /// The walks of all users of `test`, whose events are to be found; what `known` has of the same users is told at its
    /// time (where either has no times, before all of `test`). Both number the items alike. An event that is in both, at
    /// the same time, is only told.
    pub fn all(known: &Interactions, test: &Interactions) -> Vec<Walk> {
        let users: HashMap<&str, usize> = known.user_ids.iter().map(String::as_str).zip(0..).collect();
        let timed = known.times.is_some() && test.times.is_some();
        let walk = |(user, id): (usize, &String)| {
            let mut events = users.get(id.as_str()).map_or(Vec::new(), |&user| told(known, user, false));
            for (event, looked_for) in told(test, user, true) {
                let met = timed && events.iter().any(|(other, _)| same(other, &event));
                if !met {
                    events.push((event, looked_for));
                }
            }
            if timed {
                // Stable: of one time what is known comes first.
                events.sort_by(|(a, _), (b, _)| a.time.unwrap_or(0.0).total_cmp(&b.time.unwrap_or(0.0)));
            }
            Walk { events }
        };
        test.user_ids.iter().enumerate().map(walk).collect()
    }

    /// Whether it asks for anything. The first event of all has nothing before it.
    fn asks(&self) -> bool {
        self.events.iter().skip(1).any(|&(_, looked_for)| looked_for)
    }
}

fn same(a: &Interaction, b: &Interaction) -> bool {
    (a.item, a.time) == (b.item, b.time)
}

fn told(interactions: &Interactions, user: usize, looked_for: bool) -> Vec<(Interaction, bool)> {
    let history = interactions.history(user);
    let given = history.given();
    let event = |at: usize| {
        let time = given.times.map(|times| times[at]);
        (Interaction { item: given.items[at], value: given.values[at], time }, looked_for)
    };
    (0..given.items.len()).map(event).collect()
}

/// Measures HR@k, MRR@k and NDCG@k of each next event among all items, and RMSE where values are predicted. Each event
/// counts alike, so that who did more counts more; intervals are over users. Of equal scores the lower item comes first.
#[derive(Debug)]
pub struct Replay<'a> {
    /// Whom to follow.
    pub walks: &'a [Walk],
    /// Cutoffs, each at least 1.
    pub ks: &'a [usize],
    /// Whether an item may come again. Otherwise items that were had before are left out of the rankings, and events on
    /// them are not looked for.
    pub repeats: bool,
    /// Lowest and highest value: no prediction lies outside.
    pub range: (f32, f32),
}

/// What is measured at every cutoff.
const AT_K: [&str; 3] = ["hr", "mrr", "ndcg"];

impl Protocol for Replay<'_> {
    fn tally(&self) -> Tally {
        let at_k = self.ks.iter().flat_map(|k| AT_K.map(|name| format!("{name}@{k}")));
        Tally::new(at_k.chain([RMSE.into()]).collect())
    }

    fn run(&self, ranker: &dyn Ranker, tally: &mut Tally, tick: &(dyn Fn() + Sync)) -> Result<()> {
        let judge = |user: usize| {
            let parts = self.judge(ranker, &self.walks[user])?;
            tick();
            Ok((user, parts))
        };
        let judged = parallel::try_map(self.users(), judge)?;
        let asked = judged.into_iter().filter(|(_, parts)| parts[0].count > 0.0);
        asked.for_each(|(user, parts)| tally.add(user, parts));
        Ok(())
    }
}

impl Replay<'_> {
    /// The walks that ask for something.
    pub fn users(&self) -> Vec<usize> {
        (0..self.walks.len()).filter(|&user| self.walks[user].asks()).collect()
    }

    /// How many events are to be found.
    pub fn questions(&self) -> usize {
        let asked = |walk: &Walk| {
            let mut seen = Seen::default();
            let mut count = 0;
            for &(event, looked_for) in &walk.events {
                count += usize::from(self.asks(&seen, event.item, looked_for));
                seen.add(event.item);
            }
            count
        };
        self.walks.iter().map(asked).sum()
    }

    fn asks(&self, seen: &Seen, item: u32, looked_for: bool) -> bool {
        looked_for && !seen.items.is_empty() && (self.repeats || !seen.has(item))
    }

    fn judge(&self, ranker: &dyn Ranker, walk: &Walk) -> Result<Vec<Part>> {
        let most = self.ks.iter().copied().max().unwrap_or(0);
        let mut follower = ranker.follow();
        let mut seen = Seen::default();
        let mut parts = vec![Part::default(); AT_K.len() * self.ks.len() + 1];
        for &(event, looked_for) in &walk.events {
            let scores = match self.asks(&seen, event.item, looked_for) {
                true => Some(follower.scores()?),
                false => None,
            };
            if let Some(scores) = scores {
                let left_out: &[u32] = if self.repeats { &[] } else { &seen.items };
                // What no training knew is found nowhere.
                let place = place(&scores, event.item, left_out).unwrap_or(most).min(most);
                let hits: Vec<bool> = (0..=place).map(|at| at == place && place < most).collect();
                for (parts, &k) in parts.chunks_exact_mut(AT_K.len()).zip(self.ks) {
                    parts[0].add_value(metrics::hit_rate(&hits, k));
                    parts[1].add_value(metrics::reciprocal_rank(&hits, k));
                    parts[2].add_value(metrics::ndcg(&hits, k, 1));
                }
                if let Some(predicted) = follower.predict(event.item)?.filter(|_| known(&scores, event.item))
                {
                    let predicted = predicted.clamp(self.range.0, self.range.1);
                    let error = metrics::squared_error(&[predicted], &[event.value]);
                    parts.last_mut().expect("one of the error").add_value(error);
                }
            }
            seen.add(event.item);
            follower.see(event)?;
        }
        Ok(parts)
    }
}

/// Whether training had the item.
fn known(scores: &[f32], item: u32) -> bool {
    (item as usize) < scores.len()
}

/// How many items are before `item`, but for those `left_out`; None for an item without a score.
fn place(scores: &[f32], item: u32, left_out: &[u32]) -> Option<usize> {
    let score = *scores.get(item as usize)?;
    let before = |other: u32, of_other: f32| of_other > score || (of_other == score && other < item);
    let all = (0..).zip(scores).filter(|&(other, &of_other)| before(other, of_other)).count();
    let left = left_out.iter().filter(|&&o| scores.get(o as usize).is_some_and(|&s| before(o, s))).count();
    Some(all - left)
}

/// The items that a user had, each once.
#[derive(Default)]
struct Seen {
    items: Vec<u32>,
    set: std::collections::HashSet<u32>,
}

impl Seen {
    fn has(&self, item: u32) -> bool {
        self.set.contains(&item)
    }

    fn add(&mut self, item: u32) {
        if self.set.insert(item) {
            self.items.push(item);
        }
    }
}
