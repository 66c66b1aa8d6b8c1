//! Implicit alternating least squares.
//!
//! Minimises, over the vectors `p` of users and `q` of items,
//!
//! ```text
//!   sum over observed (u, i) of w (y - p.q)^2  +  alpha0 sum over all (u, i) of (p.q)^2
//! + lambda sum_u (W_u + alpha0 items)^nu |p_u|^2  +  lambda sum_i (W_i + alpha0 users)^nu |q_i|^2
//! ```
//!
//! with `y = 1`, the weight `w` of an interaction and `W` the sum of a user's or an item's weights: Hu, Koren
//! and Volinsky, "Collaborative filtering for implicit feedback datasets" (2008), in the form of Rendle,
//! Krichene, Zhang and Koren, "Revisiting the performance of iALS on item recommendation benchmarks" (2021).
//! With `block` below `dim` a vector is solved a block of coordinates at a time: Rendle et al., "iALS++:
//! speeding up matrix factorization with subspace optimization" (2021).
//!
//! The last half-sweep solves the users exactly for the final items, so that folding in the history of a
//! training user gives that user's vector.

use super::normal::NormalEquations;
use super::symmetric::dot;
use super::{Csr, Epoch, Interactions, Observer, Snapshot, Trained, gram, init, parallel};
use crate::error::{Error, Result};
use crate::model::{Algorithm, MAX_DIM, Recipe};
use ndarray::Array2;

/// Hyperparameters of iALS.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Sweeps over items and users, at least 1.
    pub epochs: usize,
    /// alpha0: the weight of every pair, observed or not; 0 or more.
    pub unobserved_weight: f32,
    /// lambda, 0 or more.
    pub regularization: f32,
    /// nu: how far regularisation grows with a user's or an item's frequency, 0 to 2.
    pub frequency_exponent: f32,
    /// An interaction of value `v` weighs `1 + confidence x v`; 0 or more.
    pub confidence: f32,
    /// Coordinates that are solved together; `dim` or more solves a vector at once.
    pub block: usize,
    /// Of the first vectors.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            epochs: 12,
            unobserved_weight: 0.1,
            regularization: 0.003,
            frequency_exponent: 1.0,
            confidence: 0.0,
            block: MAX_DIM,
            seed: 1,
        }
    }
}

impl Options {
    /// Refuses what lies outside the ranges.
    fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        let number = |field, value: f32, most: f32| match (0.0..=most).contains(&value) {
            true => Ok(()),
            false => Err(Error::argument(field, format!("a number from 0 to {most}"), value)),
        };
        number("unobserved-weight", self.unobserved_weight, 1e6)?;
        number("regularization", self.regularization, 1e6)?;
        number("exponent", self.frequency_exponent, 2.0)?;
        number("confidence", self.confidence, 1e6)?;
        if !(1..=MAX_DIM).contains(&self.dim) {
            return Err(Error::argument("dim", format!("1 to {MAX_DIM}"), self.dim));
        }
        if self.epochs == 0 || self.block == 0 {
            let field = if self.epochs == 0 { "epochs" } else { "block" };
            return Err(Error::argument(field, "at least 1", 0));
        }
        let least = interactions.matrix.values.iter().copied().fold(f32::INFINITY, f32::min);
        if self.confidence > 0.0 && least < 0.0 {
            return Err(Error::argument("confidence", "values of 0 or more to weigh by", least));
        }
        Ok(())
    }

    fn weight(&self, value: f32) -> f32 {
        1.0 + self.confidence * value
    }

    /// Factors by which `p` or `q` of row `row` is regularised, where the other side has `others` rows.
    fn ridge(&self, observed: &Csr, row: usize, others: usize) -> f32 {
        let weights: f32 = observed.row(row).1.iter().map(|&value| self.weight(value)).sum();
        let frequency = weights + self.unobserved_weight * others as f32;
        self.regularization * frequency.powf(self.frequency_exponent)
    }
}

/// Learns vectors of users and items.
///
/// # Errors
/// [`Error::Argument`] for an option outside its range, [`Error::Data`] for interactions that cannot be used,
/// [`Error::Diverged`] should a number be not finite after all.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let by_user = &interactions.matrix;
    let by_item = &by_user.transpose(interactions.items());
    let mut users = init::factors(interactions.users(), options.dim, options.seed);
    let mut items = Array2::zeros((interactions.items(), options.dim));
    let mut history = Vec::new();
    for number in 1..=options.epochs {
        half_sweep(&mut items, &users, by_item, options, options.block);
        half_sweep(&mut users, &items, by_user, options, options.block);
        let epoch = Epoch { epoch: number, loss: loss(&users, &items, by_user, by_item, options) };
        if !epoch.loss.is_finite() {
            return Err(Error::Diverged {
                epoch: number,
                what: "the loss",
                remedy: "use a larger --regularization, or smaller values with --confidence",
            });
        }
        history.push(epoch);
        if observer.epoch(epoch, &Snapshot::of_vectors(&users, &items)).is_break() {
            break;
        }
    }
    if options.block < options.dim {
        half_sweep(&mut users, &items, by_user, options, options.dim);
    }
    let recipe = Recipe {
        algorithm: Algorithm::Ials,
        unobserved_weight: options.unobserved_weight,
        regularization: options.regularization,
        frequency_exponent: options.frequency_exponent,
        mean: 0.0,
    };
    let further = [
        ("epochs", history.len().to_string()),
        ("confidence", options.confidence.to_string()),
        ("seed", options.seed.to_string()),
    ];
    let items = super::factors(interactions, items, recipe, further);
    Ok(Trained { items, users, user_biases: None, history })
}

/// Solves every row of `rows` given `fixed`, the vectors of the other side; row `r` of `observed` has the
/// interactions of row `r`.
fn half_sweep(rows: &mut Array2<f32>, fixed: &Array2<f32>, observed: &Csr, options: &Options, block: usize) {
    let dim = options.dim;
    let gram = gram::scaled(fixed, options.unobserved_weight);
    let fixed = fixed.as_slice().expect("rows in standard layout");
    let rows = rows.as_slice_mut().expect("rows in standard layout");
    let others = fixed.len() / dim;
    let scratch = || (NormalEquations::new(block.min(dim)), Vec::new());
    parallel::each_row(rows, dim, scratch, |number, row, (equations, errors)| {
        let (columns, values) = observed.row(number);
        let ridge = options.ridge(observed, number, others);
        let vector = |column: u32| &fixed[column as usize * dim..][..dim];
        errors.clear();
        if block >= dim {
            row.fill(0.0);
            errors.resize(columns.len(), 1.0);
        } else {
            errors.extend(columns.iter().map(|&column| 1.0 - dot(row, vector(column))));
        }
        for first in (0..dim).step_by(block) {
            let span = first..(first + block).min(dim);
            equations.start(&gram, dim, span.clone(), ridge, row);
            for ((&column, &value), &error) in columns.iter().zip(values).zip(errors.iter()) {
                equations.add(&vector(column)[span.clone()], options.weight(value), error);
            }
            let step = equations.solve();
            row[span.clone()].iter_mut().zip(step).for_each(|(p, step)| *p += step);
            if block < dim {
                for (&column, error) in columns.iter().zip(errors.iter_mut()) {
                    *error -= dot(step, &vector(column)[span.clone()]);
                }
            }
        }
    });
}

/// The objective a interaction.
fn loss(users: &Array2<f32>, items: &Array2<f32>, by_user: &Csr, by_item: &Csr, options: &Options) -> f64 {
    let sides = [(users, by_user, items.nrows()), (items, by_item, users.nrows())];
    let penalties: f64 = sides
        .iter()
        .map(|&(rows, observed, others)| {
            let of_row = |number| f64::from(options.ridge(observed, number, others) * square(rows, number));
            parallel::map_blocks(rows.nrows(), BLOCKS, |range| range.map(of_row).sum::<f64>())
                .iter()
                .sum::<f64>()
        })
        .sum();
    let of_user = |user: usize| {
        let (columns, values) = by_user.row(user);
        let vector = users.row(user);
        let vector = vector.as_slice().expect("rows in standard layout");
        let cells = columns.iter().zip(values).map(|(&item, &value)| {
            let item = items.row(item as usize);
            let error = 1.0 - dot(vector, item.as_slice().expect("rows in standard layout"));
            f64::from(options.weight(value) * error * error)
        });
        cells.sum::<f64>()
    };
    let observed: f64 =
        parallel::map_blocks(users.nrows(), BLOCKS, |range| range.map(of_user).sum::<f64>()).iter().sum();
    let all = gram::inner(&gram::scaled(users, options.unobserved_weight), &gram::scaled(items, 1.0));
    (observed + all + penalties) / by_user.entries() as f64
}

const BLOCKS: usize = 64;

fn square(rows: &Array2<f32>, number: usize) -> f32 {
    let row = rows.row(number);
    row.dot(&row)
}
