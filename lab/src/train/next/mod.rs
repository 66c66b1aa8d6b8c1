//! What comes next: item factors that learn from the order of events.
//!
//! A user's events `x_1..x_t` make the vector
//!
//! ```text
//! u_t = sum_j w(t - j) E[x_j] / sqrt(1 + sum_j w(t - j))        score_i = E_i . u_t + b_i
//! ```

mod adam;
mod batches;
mod curve;
mod held_out;
mod softmax;
mod step;
mod tiles;

use super::vector::TILE;
use super::{Epoch, Interactions, Observer, Snapshot, Trained, init, ranges};
use batches::Epochs;
use curve::Parameters;
use foldin::error::{Error, Problem, Result};
use foldin::model::{Algorithm, Factors, Recipe, Tensor};
use held_out::HeldOut;
use ndarray::{Array2, ArrayView2, s};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use step::{Batch, Learner};

/// Hyperparameters of `next`.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Passes over the events, at most; at least 1.
    pub epochs: usize,
    /// Distances that have a weight of their own, 1 to 1000.
    pub places: usize,
    /// Positions a step.
    pub batch: usize,
    /// Items that stand for all others in the softmax; None: all items.
    pub negatives: Option<usize>,
    /// Length of Adam's steps.
    pub learning_rate: f32,
    /// Share of the events that are hidden.
    pub dropout: f32,
    /// Weight decay of the factors.
    pub regularization: f32,
    /// Epochs without gain.
    pub patience: usize,
    /// The file's order is that of the events.
    pub in_order: bool,
    /// Of everything random.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            epochs: 60,
            places: 50,
            batch: 1024,
            negatives: None,
            learning_rate: 3e-3,
            dropout: 0.2,
            regularization: 0.0,
            patience: 4,
            in_order: false,
            seed: 1,
        }
    }
}

fn first(options: &Options, items: usize) -> Parameters {
    let dim = options.dim.next_multiple_of(TILE);
    let count = items.next_multiple_of(TILE);
    let mut rows = init::factors(items, options.dim, dim, options.seed).into_raw_vec_and_offset().0;
    let spread = (options.dim as f32).sqrt();
    rows.iter_mut().for_each(|value| *value *= spread);
    rows.resize(count * dim, 0.0);
    let mut biases = vec![0.0; items];
    biases.resize(count, step::NEVER);
    let weight = |distance: usize| ((-(distance as f32) / 5.0).exp() + 0.05).ln();
    let mut curve: Vec<f32> = (0..=options.places).map(weight).collect();
    curve.push(0.0);
    Parameters { dim, rows, biases, curve }
}

/// Learns.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    let sequences = interactions.sequences()?;
    let items = interactions.items();
    let repeat = sequences.repeat();
    let all: Vec<&[u32]> =
        (0..sequences.users()).map(|user| sequences.of(user)).filter(|s| s.len() > 1).collect();
    let (mut learn, mut users) = (Vec::new(), Vec::new());
    for sequence in &all {
        if let [before @ .., last] = sequence
            && before.len() > 1
        {
            learn.push(before);
            users.push((before, *last));
        }
    }
    let held_out = HeldOut { users, repeat };
    let env = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<f32>().ok());
    let full = env("FULL").is_some();
    let (mut best, mut stale, mut chosen) = (0.0, 0, Vec::new());
    let mut history = Vec::new();
    let mut final_parameters = first(options, items);
    let started = std::time::Instant::now();
    let knob = |name: &str, default: f32| env(name).unwrap_or(default);
    let (decay_to, late, per_user, warm) =
        (knob("DECAY", 1.0), knob("LATE", 0.0), knob("PERUSER", 0.0), knob("WARM", 0.0));
    let once = knob("MASK", 1.0) > 0.0 && !repeat;
    let halve = knob("NEWER", 0.0);
    let mut best_learner: Option<Learner> = None;
    for stage in [false, true] {
        if stage && !full {
            break;
        }
        let epochs = Epochs::new(if stage { all.clone() } else { learn.clone() });
        let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
        let mut learner = match best_learner.take() {
            Some(learner) if stage && warm > 0.0 => learner,
            _ => Learner::new(first(options, items), items),
        };
        let most = if stage && warm > 0.0 {
            warm as usize
        } else if stage {
            history.len().saturating_sub(stale)
        } else {
            options.epochs
        };
        for number in 1..=most {
            let mut loss = 0.0;
            let batches = epochs.shuffled(options.batch, &mut random);
            let count = batches.len();
            for (at, batch) in batches.into_iter().enumerate() {
                let progress = ((number - 1) as f32 + at as f32 / count as f32)
                    / if stage { most } else { options.epochs } as f32;
                let rate = if stage && warm > 0.0 {
                    options.learning_rate * (1.0 - progress)
                } else {
                    options.learning_rate
                        * (decay_to
                            + (1.0 - decay_to) * 0.5 * (1.0 + (std::f32::consts::PI * progress).cos()))
                };
                let mut parts =
                    Batch { segments: Vec::new(), targets: Vec::new(), weights: Vec::new(), once };
                for segment in batch {
                    let (length, newest) = epochs.shape(segment);
                    let (from, to) = (segment.1, segment.2);
                    let of_user = (length as f32).powf(-per_user);
                    let fresh =
                        if halve > 0.0 { (-(1.0 - newest / all.len() as f32) * halve).exp() } else { 1.0 };
                    parts.weights.extend(
                        (from..to).map(|p| fresh * of_user * (((p + 1) as f32) / length as f32).powf(late)),
                    );
                    let (segment, targets) = epochs.segment(segment, options.dropout, &mut random);
                    parts.segments.push(segment);
                    parts.targets.extend_from_slice(targets);
                }
                let sum: f32 = parts.weights.iter().sum();
                parts.weights.iter_mut().for_each(|w| *w /= sum);
                loss += learner.step(&parts, options.negatives, (rate, options.regularization), &mut random)
                    / count as f64;
            }
            let gain = held_out.gain(&learner.parameters);
            let at10 = held_out
                .ranks(&learner.parameters)
                .iter()
                .map(|&r| if r < 10 { 1.0 / (r as f64 + 2.0).log2() } else { 0.0 })
                .sum::<f64>()
                / held_out.users.len() as f64;
            eprintln!(
                "epoch {number}: loss {loss:.4} gain {gain:.5} @10 {at10:.5} {:.1} s",
                started.elapsed().as_secs_f64()
            );
            if stage {
                final_parameters = learner.parameters.clone();
                continue;
            }
            history.push(Epoch { epoch: number, loss });
            if gain > best || decay_to < 1.0 {
                (best, stale, chosen) = (gain, 0, vec![]);
                final_parameters = learner.parameters.clone();
                if warm > 0.0 {
                    best_learner = Some(learner.clone());
                }
            } else {
                stale += 1;
                if stale >= options.patience {
                    break;
                }
            }
        }
    }
    let _: Vec<f32> = chosen;
    let p = final_parameters;
    let root = p.scale().sqrt();
    let values = Array2::from_shape_fn((items, options.dim), |(i, d)| root * p.rows[i * p.dim + d]);
    let recipe = Recipe {
        algorithm: Algorithm::Next,
        unobserved_weight: 0.0,
        regularization: options.regularization,
        frequency_exponent: 0.0,
        mean: 0.0,
    };
    let factors = super::factors(interactions, values, recipe, [("seed", options.seed.to_string())]);
    let factors = Factors {
        biases: Some(p.biases[..items].to_vec()),
        rooms: vec![Tensor::f32s("next.weights", &p.weights())],
        ..factors
    };
    let _ = observer;
    Ok(Trained {
        items: factors,
        users: Array2::zeros((interactions.users(), options.dim)),
        user_biases: None,
        history,
    })
}
