//! Sequences cut into segments, and segments shuffled into batches.

use super::curve::Segment;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Positions of a segment, at most: what one task takes.
const SEGMENT: usize = 64;

/// Events before a segment that are looked at, at most.
const CONTEXT: usize = 4096;

/// All positions to learn from.
pub(super) struct Epochs<'a> {
    sequences: Vec<&'a [u32]>,
    /// Sequence, first position, end.
    segments: Vec<(u32, u32, u32)>,
    positions: usize,
}

impl<'a> Epochs<'a> {
    /// From sequences whose every event but the first is to be found.
    pub fn new(sequences: Vec<&'a [u32]>) -> Epochs<'a> {
        let mut segments = Vec::new();
        for (number, sequence) in sequences.iter().enumerate() {
            let positions = sequence.len().saturating_sub(1);
            // Of nearly the same length, so that none is of a position or two.
            let parts = positions.div_ceil(SEGMENT);
            let cut = |part: usize| (positions * part / parts) as u32;
            segments.extend((0..parts).map(|part| (number as u32, cut(part), cut(part + 1))));
        }
        let positions = segments.iter().map(|(_, from, to)| (to - from) as usize).sum();
        Epochs { sequences, segments, positions }
    }

    /// Positions of its sequence, and its number.
    pub fn shape(&self, (number, ..): (u32, u32, u32)) -> (usize, f32) {
        (self.sequences[number as usize].len() - 1, number as f32)
    }

    pub fn positions(&self) -> usize {
        self.positions
    }

    /// Segments in random order, in batches of about `batch` positions.
    pub fn shuffled(&self, batch: usize, random: &mut Xoshiro256PlusPlus) -> Vec<Vec<(u32, u32, u32)>> {
        let mut order = self.segments.clone();
        order.shuffle(random);
        let count = (self.positions as f64 / batch as f64).round().max(1.0) as usize;
        let (mut batches, mut done) = (vec![Vec::new(); count], 0);
        for segment in order {
            batches[done * count / self.positions].push(segment);
            done += (segment.2 - segment.1) as usize;
        }
        batches.retain(|batch| !batch.is_empty());
        batches
    }

    /// The segment with each event hidden at the chance `dropout`.
    pub fn segment(
        &self,
        (number, from, to): (u32, u32, u32),
        dropout: f32,
        random: &mut Xoshiro256PlusPlus,
    ) -> (Segment<'a>, &'a [u32]) {
        let sequence = self.sequences[number as usize];
        let (from, to) = (from as usize, to as usize);
        let start = from.saturating_sub(CONTEXT);
        let events = &sequence[start..to];
        let seen = (0..events.len() as u32).filter(|_| random.random::<f32>() >= dropout).collect();
        let positions = from - start..to - start;
        (Segment { events, seen, weight: 1.0 / (1.0 - dropout), positions }, &sequence[from + 1..to + 1])
    }
}
