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

use super::{Epoch, Interactions, Observer, Snapshot, Trained, init, ranges};
use crate::error::{Error, Problem, Result};
use crate::model::{Algorithm, Factors, Recipe};
use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
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
        ranges::descent(self.learning_rate, self.regularization)?;
        if !(self.decay > 0.0 && self.decay <= 1.0) {
            return Err(Error::argument("decay", "a number above 0 and up to 1", self.decay));
        }
        Ok(())
    }
}

/// Learns vectors and biases from ratings.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used,
/// [`Problem::Diverged`] when the learning rate is too large for the data.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let mut parameters = Parameters::new(interactions, options);
    let mut ratings: Vec<(u32, u32, f32)> = interactions.matrix.iter().collect();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed ^ ORDER);
    let mut rate = options.learning_rate;
    let mut history = Vec::new();
    for number in 1..=options.epochs {
        ratings.shuffle(&mut random);
        let squares: f64 = ratings.iter().map(|&rating| parameters.step(rating, rate, options)).sum();
        let epoch = Epoch { epoch: number, loss: squares / ratings.len() as f64 };
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
    users: Array2<f32>,
    items: Array2<f32>,
    user_biases: Vec<f32>,
    item_biases: Vec<f32>,
}

impl Parameters {
    fn new(interactions: &Interactions, options: &Options) -> Self {
        let values = &interactions.matrix.values;
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
        Parameters {
            mean: mean as f32,
            users: init::factors(interactions.users(), options.dim, options.dim, options.seed),
            items: init::factors(
                interactions.items(),
                options.dim,
                options.dim,
                options.seed.wrapping_add(1),
            ),
            user_biases: vec![0.0; interactions.users()],
            item_biases: vec![0.0; interactions.items()],
        }
    }

    /// One step; returns the squared error before it.
    fn step(&mut self, (user, item, rating): (u32, u32, f32), rate: f32, options: &Options) -> f64 {
        let (user, item) = (user as usize, item as usize);
        let (user_bias, item_bias) = (&mut self.user_biases[user], &mut self.item_biases[item]);
        let (mut p, mut q) = (self.users.row_mut(user), self.items.row_mut(item));
        let error = rating - (self.mean + *user_bias + *item_bias + p.dot(&q));
        let shrink = options.regularization;
        for (p, q) in p.iter_mut().zip(q.iter_mut()) {
            let (old_p, old_q) = (*p, *q);
            *p += rate * (error * old_q - shrink * old_p);
            *q += rate * (error * old_p - shrink * old_q);
        }
        *user_bias += rate * (error - shrink * *user_bias);
        *item_bias += rate * (error - shrink * *item_bias);
        f64::from(error * error)
    }

    fn snapshot(&self) -> Snapshot<'_> {
        Snapshot {
            users: self.users.view(),
            items: self.items.view(),
            user_biases: Some(&self.user_biases),
            item_biases: Some(&self.item_biases),
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
        let items = super::factors(interactions, self.items, recipe, further);
        let items = Factors { biases: Some(self.item_biases), ..items };
        Trained { items, users: self.users, user_biases: Some(self.user_biases), history }
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
