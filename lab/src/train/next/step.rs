//! One step down the gradient, for one batch.

use super::adam::{Adam, Rate};
use super::curve::{Parameters, Segment};
use super::softmax::{self, BLOCK, Candidates, Gradients};
use super::tiles;
use crate::train::parallel;
use crate::train::vector::TILE;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A score that a softmax gives nothing.
pub(super) const NEVER: f32 = -1e30;

/// What learning moves, and room that each step uses again.
#[derive(Clone)]
pub(super) struct Learner {
    pub parameters: Parameters,
    items: usize,
    moments: [Adam; 3],
    steps: i32,
    panels: Vec<f32>,
    room: Vec<f32>,
    gradients: Gradients,
}

/// A batch: segments, and the item that is sought at each of their positions.
pub(super) struct Batch<'a> {
    pub segments: Vec<Segment<'a>>,
    pub targets: Vec<u32>,
    /// How much each position counts; all together 1.
    pub weights: Vec<f32>,
    /// Whether what was seen is not sought again.
    pub once: bool,
}

impl Learner {
    pub fn new(parameters: Parameters, items: usize) -> Learner {
        let moments = [&parameters.rows, &parameters.biases, &parameters.curve].map(|p| Adam::new(p.len()));
        let (panels, room, gradients) = (Vec::new(), Vec::new(), Gradients::default());
        Learner { parameters, items, moments, steps: 0, panels, room, gradients }
    }

    /// Moves all that is learned; returns the sum of the losses before.
    pub fn step(
        &mut self,
        batch: &Batch<'_>,
        sample: Option<usize>,
        (rate, decay): (f32, f32),
        random: &mut Xoshiro256PlusPlus,
    ) -> f64 {
        self.steps += 1;
        let rates = [rate, rate, rate].map(|rate| Rate::at(self.steps, rate, 0.0));
        let of_rows = Rate::at(self.steps, rate, decay);
        let dim = self.parameters.dim;
        let parameters = &self.parameters;
        let vectors: Vec<Vec<f32>> =
            parallel::map(batch.segments.iter().collect(), |segment: &Segment<'_>| {
                segment.vectors(parameters)
            });
        let mut all = vectors.concat();
        all.resize(batch.targets.len().next_multiple_of(BLOCK) * dim, 0.0);
        let sampled = sample.and_then(|count| Sample::draw(&batch.targets, self.items, count, random));
        let (rows, offsets, targets);
        let mut item_places = Vec::new();
        let candidates = match &sampled {
            None => {
                (rows, offsets, targets) = (Vec::new(), Vec::new(), Vec::new());
                tiles::transpose_panels(&parameters.rows, dim, &mut self.panels);
                let (rows, offsets) = (&parameters.rows[..], &parameters.biases[..]);
                Candidates { rows, panels: &self.panels, offsets, dim, places: None }
            }
            Some(sample) => {
                rows = sample.rows(parameters);
                offsets = sample.offsets(parameters);
                item_places.resize(self.items, u32::MAX);
                sample.items.iter().zip(0u32..).for_each(|(&item, place)| item_places[item as usize] = place);
                targets = batch.targets.iter().map(|item| sample.place(*item)).collect();
                tiles::transpose_panels(&rows, dim, &mut self.panels);
                Candidates {
                    rows: &rows,
                    panels: &self.panels,
                    offsets: &offsets,
                    dim,
                    places: Some(&item_places),
                }
            }
        };
        let places = if sampled.is_some() { &targets[..] } else { &batch.targets };
        let loss =
            softmax::descend(&candidates, &mut all, places, scale, &mut self.room, &mut self.gradients);
        let mut starts = Vec::new();
        batch.segments.iter().fold(0, |start, segment| {
            starts.push(start);
            start + segment.positions.len() * dim
        });
        let of_vectors = &self.gradients.vectors;
        let tasks = batch.segments.iter().zip(&vectors).zip(&starts).collect();
        let backs =
            parallel::map(tasks, |((segment, vectors), &start): ((&Segment<'_>, &Vec<f32>), &usize)| {
                segment.back(parameters, vectors, &of_vectors[start..start + vectors.len()])
            });
        let mut curve = vec![0.0; parameters.curve.len()];
        for back in &backs {
            curve.iter_mut().zip(&back.curve).for_each(|(sum, value)| *sum += value);
        }
        let inputs = batch.segments.iter().zip(&backs).flat_map(|(segment, back)| {
            let items = segment.seen.iter().map(|&at| segment.events[at as usize]);
            items.zip(back.rows.chunks_exact(dim))
        });
        let [of_items, of_biases, of_curve] = &mut self.moments;
        match sampled {
            None => {
                for (item, row) in inputs {
                    let out = &mut self.gradients.rows[item as usize * dim..][..dim];
                    out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
                }
                of_items.step(of_rows, &self.gradients.rows, &mut self.parameters.rows);
                of_biases.step(rates[1], &self.gradients.offsets, &mut self.parameters.biases);
                self.parameters.biases[self.items..].fill(NEVER);
            }
            Some(sample) => {
                let mut touched: Vec<(u32, &[f32])> = inputs.collect();
                let of_sample = sample.items.iter().copied().zip(self.gradients.rows.chunks_exact(dim));
                touched.extend(of_sample);
                touched.sort_by_key(|(item, _)| *item);
                let mut gradient = vec![0.0; dim];
                for rows in touched.chunk_by(|a, b| a.0 == b.0) {
                    gradient.fill(0.0);
                    for (_, row) in rows {
                        gradient.iter_mut().zip(*row).for_each(|(sum, value)| *sum += value);
                    }
                    of_items.step_row(of_rows, rows[0].0 as usize, &gradient, &mut self.parameters.rows);
                }
                for (&item, value) in sample.items.iter().zip(&self.gradients.offsets) {
                    of_biases.step_row(rates[1], item as usize, &[*value], &mut self.parameters.biases);
                }
            }
        }
        of_curve.step(rates[2], &curve, &mut self.parameters.curve);
        loss
    }
}

/// The batch's own targets, and of all other items a few that stand for all of them: what the exponentials of the
/// others sum up to is estimated without bias.
struct Sample {
    /// Rising.
    items: Vec<u32>,
    /// Whether it is a target.
    own: Vec<bool>,
    /// The logarithm of how many others one stands for.
    correction: f32,
}

impl Sample {
    /// With `count` others; None where that would be all of them.
    fn draw(targets: &[u32], items: usize, count: usize, random: &mut Xoshiro256PlusPlus) -> Option<Sample> {
        let mut own = targets.to_vec();
        own.sort_unstable();
        own.dedup();
        let others = items - own.len();
        if own.len() + count >= items / 2 {
            return None;
        }
        let mut drawn = std::collections::BTreeSet::new();
        while drawn.len() < count {
            let item = random.random_range(0..items as u32);
            if own.binary_search(&item).is_err() {
                drawn.insert(item);
            }
        }
        let correction = (others as f32 / count as f32).ln();
        let mut all: Vec<(u32, bool)> = own.into_iter().map(|item| (item, true)).collect();
        all.extend(drawn.into_iter().map(|item| (item, false)));
        all.sort_unstable();
        let (items, own) = all.into_iter().unzip();
        Some(Sample { items, own, correction })
    }

    fn place(&self, item: u32) -> u32 {
        self.items.binary_search(&item).expect("a target") as u32
    }

    fn rows(&self, parameters: &Parameters) -> Vec<f32> {
        let mut rows = Vec::with_capacity(self.items.len().next_multiple_of(TILE) * parameters.dim);
        self.items.iter().for_each(|&item| rows.extend_from_slice(parameters.row(item)));
        rows.resize(rows.capacity(), 0.0);
        rows
    }

    fn offsets(&self, parameters: &Parameters) -> Vec<f32> {
        let offset = |(&item, &own): (&u32, &bool)| {
            parameters.biases[item as usize] + if own { 0.0 } else { self.correction }
        };
        let mut offsets: Vec<f32> = self.items.iter().zip(&self.own).map(offset).collect();
        offsets.resize(self.items.len().next_multiple_of(TILE), NEVER);
        offsets
    }
}
