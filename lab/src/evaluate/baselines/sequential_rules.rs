//! What followed what.

use super::item_weights::{from_rows, largest};
use crate::evaluate::{Follower, Given, Interaction, Ranker};
use crate::parallel;
use crate::train::{Csr, Sequences};
use foldin::error::Result;

/// Sequential rules: an item's score is how often it followed the user's last one, up to `steps` events later, each time
/// counted by one over the distance; the `rules` best of each item are kept (Ludewig and Jannach, "Evaluation of
/// session-based recommendation algorithms", 2018, section 3.1.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialRules {
    /// How far an event looks ahead.
    pub steps: usize,
    /// How many followers of an item are kept.
    pub rules: usize,
}

impl Default for SequentialRules {
    fn default() -> Self {
        SequentialRules { steps: 10, rules: 20 }
    }
}

/// Rules that were counted.
#[derive(Debug)]
pub struct Rules {
    /// [items, items], from an item to those after it.
    weights: Csr,
}

impl SequentialRules {
    /// Counts what follows each of `items` items.
    pub fn train(self, sequences: &Sequences, items: usize) -> Rules {
        let mut places: Vec<Vec<(u32, u32)>> = vec![Vec::new(); items];
        for user in 0..sequences.users() {
            let of_user = (0..).zip(sequences.of(user));
            of_user.for_each(|(at, &item)| places[item as usize].push((user as u32, at)));
        }
        let followers = |weights: &mut Vec<f32>, places: Vec<(u32, u32)>| {
            let mut met = Vec::new();
            for (user, at) in places {
                let after = sequences.of(user as usize).iter().skip(at as usize + 1).take(self.steps);
                for (distance, &item) in (1u16..).zip(after) {
                    let weight = &mut weights[item as usize];
                    if *weight == 0.0 {
                        met.push(item);
                    }
                    *weight += 1.0 / f32::from(distance);
                }
            }
            let row = met.into_iter().map(|item| (item, std::mem::take(&mut weights[item as usize])));
            largest(row.collect(), self.rules)
        };
        let rows = parallel::map_with(places, || vec![0.0; items], followers);
        Rules { weights: from_rows(rows) }
    }
}

impl Rules {
    fn after(&self, last: Option<u32>) -> Vec<f32> {
        let mut scores = vec![0.0; self.weights.rows()];
        if let Some(last) = last.filter(|&last| (last as usize) < scores.len()) {
            let (items, weights) = self.weights.row(last as usize);
            items.iter().zip(weights).for_each(|(&item, &weight)| scores[item as usize] = weight);
        }
        scores
    }
}

impl Ranker for Rules {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        Ok(self.after(given.items.last().copied()))
    }

    fn follow(&self) -> Box<dyn Follower + '_> {
        Box::new(Last { rules: self, item: None })
    }
}

/// A user, of whom the last item is all that counts.
struct Last<'a> {
    rules: &'a Rules,
    item: Option<u32>,
}

impl Follower for Last<'_> {
    fn see(&mut self, event: Interaction) -> Result<()> {
        self.item = Some(event.item);
        Ok(())
    }

    fn scores(&self) -> Result<Vec<f32>> {
        Ok(self.rules.after(self.item))
    }
}
