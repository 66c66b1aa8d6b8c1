//! Sequences cut into segments, and segments shuffled into batches.

use super::curve::Segment;
use super::step::Batch;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Positions of a segment, at most: what one task takes.
const SEGMENT: usize = 64;

/// Events before a segment that are looked at, at most: a user's time grows with their events, not with the square.
const CONTEXT: usize = 4096;

/// Some positions of a sequence, each of which seeks the event after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    sequence: u32,
    from: u32,
    to: u32,
}

impl Cut {
    fn positions(self) -> usize {
        (self.to - self.from) as usize
    }
}

/// What is hidden at random while learning.
pub(super) struct Hiding {
    /// Share of the earlier events.
    pub events: f32,
    /// Share of a vector's numbers.
    pub numbers: f32,
    /// Numbers of a vector.
    pub dim: usize,
}

/// All events to be found: every one but a sequence's first.
pub(super) struct Epochs<'a> {
    sequences: &'a [&'a [u32]],
    cuts: Vec<Cut>,
    positions: usize,
}

impl<'a> Epochs<'a> {
    pub fn new(sequences: &'a [&'a [u32]]) -> Epochs<'a> {
        let mut cuts = Vec::new();
        for (sequence, events) in (0..).zip(sequences) {
            let positions = events.len().saturating_sub(1);
            // Of nearly the same length, so that none is of a position or two.
            let parts = positions.div_ceil(SEGMENT);
            let start = |part: usize| (positions * part / parts) as u32;
            cuts.extend((0..parts).map(|part| Cut { sequence, from: start(part), to: start(part + 1) }));
        }
        let positions = cuts.iter().map(|cut| cut.positions()).sum();
        Epochs { sequences, cuts, positions }
    }

    /// How many events are to be found.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// All cuts in random order, in batches of about `batch` positions.
    pub fn shuffled(&self, batch: usize, random: &mut Xoshiro256PlusPlus) -> Vec<Vec<Cut>> {
        let mut order = self.cuts.clone();
        order.shuffle(random);
        let count = (self.positions / batch).max(1);
        let (mut batches, mut done) = (vec![Vec::new(); count], 0);
        for cut in order {
            batches[done * count / self.positions].push(cut);
            done += cut.positions();
        }
        batches.retain(|batch| !batch.is_empty());
        batches
    }

    /// The cuts' events and what they seek, with what is hidden at random.
    pub fn batch(
        &self,
        cuts: &[Cut],
        hiding: &Hiding,
        once: bool,
        random: &mut Xoshiro256PlusPlus,
    ) -> Batch<'a> {
        let dropout = hiding.events;
        let segments = Vec::with_capacity(cuts.len());
        let mut batch = Batch { segments, targets: Vec::new(), once, kept: Vec::new() };
        for &Cut { sequence, from, to } in cuts {
            let sequence = self.sequences[sequence as usize];
            let (from, to) = (from as usize, to as usize);
            let start = from.saturating_sub(CONTEXT);
            let events = &sequence[start..to];
            let seen = (0..events.len() as u32).filter(|_| random.random::<f32>() >= dropout).collect();
            let weight = 1.0 / (1.0 - dropout);
            batch.segments.push(Segment { events, seen, weight, positions: from - start..to - start });
            batch.targets.extend_from_slice(&sequence[from + 1..=to]);
        }
        if hiding.numbers > 0.0 {
            let kept =
                |_| if random.random::<f32>() < hiding.numbers { 0.0 } else { 1.0 / (1.0 - hiding.numbers) };
            batch.kept = (0..batch.targets.len() * hiding.dim).map(kept).collect();
        }
        batch
    }
}
