//! Explicit feedback: matrix factorisation with biases by stochastic gradient descent.
//!
//! A rating is predicted as `mean + b_u + b_i + p.q`. With `e` the rating less its prediction, one step over
//! an observed rating is
//!
//! ```text
//! p += rate (e q - reg p)      b_u += rate (e - reg b_u)
//! q += rate (e p - reg q)      b_i += rate (e - reg b_i)
//! ```
//!
//! all from the old values: the gradient of `sum e^2 / 2 + reg / 2 (|p|^2 + |q|^2 + b_u^2 + b_i^2)` over the
//! observed ratings. Koren, Bell and Volinsky, "Matrix factorization techniques for recommender systems"
//! (2009).

use super::strata::{self, Entry, Part, Side};
use super::vector::{dot, exchange};
use super::{Epoch, Interactions, Observer, Snapshot, Trained, ranges};
use crate::simd;
use foldin::error::{Problem, Result};
use foldin::model::{Algorithm, Factors, Recipe};
use pulp::{Simd, WithSimd};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Hyperparameters of SGD.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Passes over the ratings, at least 1.
    pub epochs: usize,
    /// Length of the first epoch's steps, above 0.
    pub learning_rate: f32,
    /// What the length is multiplied by after each epoch, above 0 and up to 1.
    pub decay: f32,
    /// L2 regularisation of vectors and biases, 0 or more.
    pub regularization: f32,
    /// Of the first vectors and the order of the ratings.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { dim: 64, epochs: 40, learning_rate: 0.02, decay: 0.96, regularization: 0.08, seed: 1 }
    }
}

impl Options {
    fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        ranges::size(self.dim, self.epochs)?;
        ranges::descent(self.learning_rate, self.decay, self.regularization)
    }
}

/// Learns vectors and biases from ratings.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used,
/// [`Problem::Diverged`] when the learning rate is too large for the data.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let matrix = &interactions.matrix;
    let mut parameters = Parameters::new(interactions, options);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed ^ ORDER);
    let mut rate = options.learning_rate;
    let mut history = Vec::new();
    for number in 1..=options.epochs {
        let Parameters { mean, users, items } = &mut parameters;
        let squares = strata::epoch(matrix, users, items, random.random(), |users, items, ratings, _| {
            let descent =
                Descent { mean: *mean, users, items, ratings, rate, shrink: options.regularization };
            simd::run(descent)
        });
        let epoch = Epoch { epoch: number, loss: squares / matrix.entries() as f64 };
        if !epoch.loss.is_finite() {
            return Err(Problem::Diverged {
                epoch: number,
                what: "the squared error",
                remedy: "use a smaller --learning-rate",
            }
            .into());
        }
        history.push(epoch);
        if observer.epoch(epoch, &parameters.snapshot()).is_break() {
            break;
        }
        rate *= options.decay;
    }
    Ok(parameters.finish(interactions, options, history))
}

/// Keeps the order of the ratings apart from the first vectors.
const ORDER: u64 = 0x006f_7264_6572;

struct Parameters {
    mean: f32,
    users: Side,
    items: Side,
}

impl Parameters {
    fn new(interactions: &Interactions, options: &Options) -> Self {
        let values = &interactions.matrix.values;
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
        Parameters {
            mean: mean as f32,
            users: Side::new(interactions.users(), options.dim, options.seed),
            items: Side::new(interactions.items(), options.dim, options.seed.wrapping_add(1)),
        }
    }

    fn snapshot(&self) -> Snapshot<'_> {
        Snapshot {
            users: self.users.vectors(),
            items: self.items.vectors(),
            user_biases: Some(&self.users.biases),
            item_biases: Some(&self.items.biases),
            mean: self.mean,
        }
    }

    fn finish(self, interactions: &Interactions, options: &Options, history: Vec<Epoch>) -> Trained {
        let recipe = Recipe {
            algorithm: Algorithm::Sgd,
            unobserved_weight: 0.0,
            regularization: options.regularization,
            frequency_exponent: 1.0,
            mean: self.mean,
        };
        let further = [
            ("epochs", history.len().to_string()),
            ("learning_rate", options.learning_rate.to_string()),
            ("decay", options.decay.to_string()),
            ("seed", options.seed.to_string()),
        ];
        let (values, biases) = self.items.into_parts();
        let items = super::factors(interactions, values, recipe, further);
        let items = Factors { biases: Some(biases), ..items };
        let (users, user_biases) = self.users.into_parts();
        Trained { items, users, user_biases: Some(user_biases), history }
    }
}

/// A step for each rating; returns the sum of the squared errors before them.
struct Descent<'a, 'u, 'i> {
    mean: f32,
    users: &'a mut Part<'u>,
    items: &'a mut Part<'i>,
    ratings: &'a [Entry],
    rate: f32,
    shrink: f32,
}

impl WithSimd for Descent<'_, '_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Descent { mean, users, items, ratings, rate, shrink } = self;
        let mut squares = 0.0;
        for &(user, item, rating) in ratings {
            let (user, item) = (&mut users.rows[user as usize], &mut items.rows[item as usize]);
            let error = rating - (mean + *user.bias + *item.bias + dot(simd, user.vector, item.vector));
            let (keep, pull) = (1.0 - rate * shrink, rate * error);
            exchange(simd, keep, pull, pull, user.vector, item.vector);
            *user.bias = keep * *user.bias + pull;
            *item.bias = keep * *item.bias + pull;
            squares += f64::from(error * error);
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use super::super::unobserved;
    use super::*;

    /// The classic example: zeros are missing.
    const RATINGS: [[f32; 4]; 5] =
        [[5., 3., 0., 1.], [4., 0., 0., 1.], [1., 1., 0., 5.], [1., 0., 0., 4.], [5., 5., 0., 2.]];

    fn seed_example() -> Interactions {
        let cells = RATINGS.iter().enumerate().flat_map(|(user, row)| {
            row.iter().enumerate().map(move |(item, &rating)| (user as u32, item as u32, rating))
        });
        let entries: Vec<_> = cells.filter(|&(.., rating)| rating > 0.0).collect();
        let ids = |letter, count| (1..=count).map(|number| format!("{letter}{number}")).collect();
        Interactions::from_entries(ids("u", 5), ids("d", 4), &entries, None)
    }

    #[test]
    fn observed_cells_of_the_seed_example_come_back() {
        let interactions = seed_example();
        let options =
            Options { dim: 2, epochs: 5000, learning_rate: 0.01, decay: 1.0, regularization: 0.002, seed: 1 };
        let trained = train(&interactions, &options, &mut unobserved).unwrap();
        for (user, item, rating) in interactions.matrix.iter() {
            let (user, item) = (user as usize, item as usize);
            let biases =
                trained.user_biases.as_ref().unwrap()[user] + trained.items.biases.as_ref().unwrap()[item];
            let product = trained.users.row(user).dot(&trained.items.values.row(item));
            let predicted = trained.items.recipe.mean + biases + product;
            assert!((predicted - rating).abs() < 0.15, "user {user}, item {item}: {predicted} for {rating}");
        }
    }

    #[test]
    fn a_learning_rate_that_diverges_is_an_error() {
        let options = Options { learning_rate: 50.0, ..Options::default() };
        let error = train(&seed_example(), &options, &mut unobserved).unwrap_err();
        assert_eq!(error.code(), "diverged");
    }
}
