//! A course of training: epochs of batches, with steps that grow shorter.

use super::batches::{Epochs, Hiding};
use super::curve::Parameters;
use super::options::Options;
use super::step::{Learner, NEVER};
use crate::train::vector::TILE;
use crate::train::{Epoch, init};
use foldin::error::{Problem, Result};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::f64::consts::PI;
use std::ops::ControlFlow;

/// Deviation of the first factors' numbers.
const SPREAD: f32 = 0.1;

/// What is the same in the search for the number of epochs and in the training after it.
pub(super) struct Course<'a> {
    pub options: &'a Options,
    pub items: usize,
    /// Whether what a user had is not sought again.
    pub once: bool,
}

/// Who is told how it goes; any of both may end the course.
pub(super) trait Watcher {
    /// Told after each batch how many epochs are done.
    fn batch(&mut self, epochs: f64) -> ControlFlow<()>;
    /// Told after each epoch.
    fn epoch(&mut self, epoch: Epoch, parameters: &Parameters) -> ControlFlow<()>;
}

impl Course<'_> {
    /// Learns from sequences for up to `epochs` of the options' epochs.
    pub fn run(&self, sequences: &[&[u32]], epochs: usize, watcher: &mut dyn Watcher) -> Result<Parameters> {
        let options = self.options;
        let source = Epochs::new(sequences);
        let (batch, negatives) = (options.batch(source.positions()), options.negatives(self.items));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed ^ DRAWS);
        let mut learner = Learner::new(self.first(), self.items);
        let hiding =
            Hiding { events: options.dropout, numbers: options.vector_dropout, dim: learner.parameters.dim };
        for number in 1..=epochs {
            let batches = source.shuffled(batch, &mut random);
            let mut loss = 0.0;
            for (at, cuts) in batches.iter().enumerate() {
                let done = (number - 1) as f64 + at as f64 / batches.len() as f64;
                let fade = 0.5 + 0.5 * libm::cos(PI * done / options.epochs as f64);
                let length = options.learning_rate * fade as f32;
                let batch = source.batch(cuts, &hiding, self.once, &mut random);
                let found = batch.targets.len() as f64;
                loss +=
                    found * learner.step(&batch, negatives, (length, options.regularization), &mut random);
                if !loss.is_finite() {
                    return Err(diverged(number));
                }
                if watcher.batch(done).is_break() {
                    return Ok(learner.parameters);
                }
            }
            if !learner.parameters.is_finite() {
                return Err(diverged(number));
            }
            let epoch = Epoch { epoch: number, loss: loss / source.positions() as f64 };
            if watcher.epoch(epoch, &learner.parameters).is_break() {
                break;
            }
        }
        Ok(learner.parameters)
    }

    /// Where learning starts: small random factors, no biases, weights that fall with the distance to a floor.
    fn first(&self) -> Parameters {
        let (dim, seed) = (self.options.dim, self.options.seed);
        let (stride, items) = (dim.next_multiple_of(TILE), self.items.next_multiple_of(TILE));
        let mut rows = init::normal(self.items, dim, stride, SPREAD, seed).into_raw_vec_and_offset().0;
        rows.resize(items * stride, 0.0);
        let mut biases = vec![0.0; self.items];
        biases.resize(items, NEVER);
        let weight = |distance: usize| libm::logf(libm::expf(-(distance as f32) / 5.0) + 0.05);
        let curve = (0..=self.options.places).map(weight).chain([0.0]).collect();
        Parameters { dim: stride, rows, biases, curve }
    }
}

/// Keeps what is drawn apart from the first factors.
const DRAWS: u64 = 0x6e65_7874;

fn diverged(epoch: usize) -> foldin::Error {
    Problem::Diverged { epoch, what: "the loss or a factor", remedy: "use a smaller --learning-rate" }.into()
}
