//! Bayesian personalised ranking: what a user chose should score above what they did not.
//!
//! For an observed item `i` and a sampled unobserved item `j` of a user, with `x = b_i - b_j + p.(q_i - q_j)`
//! and `g = 1 / (1 + e^x)`, a step is
//!
//! ```text
//! p += rate (g (q_i - q_j) - reg p)    q_i += rate (g p - reg q_i)    q_j += rate (-g p - reg q_j)
//!                                      b_i += rate (g - reg b_i)      b_j += rate (-g - reg b_j)
//! ```
//!
//! all from the old values: the gradient of `-ln sigma(x)` with L2 regularisation. Rendle, Freudenthaler,
//! Gantner and Schmidt-Thieme, "BPR: Bayesian personalized ranking from implicit feedback" (2009);
//! popularity-weighted negatives as in Rendle and Freudenthaler (2014), section 3.

use super::{Csr, Epoch, Interactions, Observer, Snapshot, Trained, init, ranges};
use crate::error::{Problem, Result};
use crate::model::{Algorithm, Factors, Recipe};
use ndarray::{Array2, ArrayViewMut1};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// How unobserved items are drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sampling {
    /// Each item as often.
    Uniform,
    /// Items as often as they occur.
    Popular,
}

/// Hyperparameters of BPR.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Passes over the interactions, at least 1.
    pub epochs: usize,
    /// Length of the steps, above 0.
    pub learning_rate: f32,
    /// L2 regularisation, 0 or more.
    pub regularization: f32,
    /// How unobserved items are drawn.
    pub sampling: Sampling,
    /// Of the first vectors, the order of the interactions and the negatives.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            epochs: 60,
            learning_rate: 0.05,
            regularization: 0.02,
            sampling: Sampling::Uniform,
            seed: 1,
        }
    }
}

impl Options {
    fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        ranges::size(self.dim, self.epochs)?;
        ranges::descent(self.learning_rate, self.regularization)
    }
}

impl Sampling {
    /// The name in options and metadata.
    pub fn name(self) -> &'static str {
        match self {
            Sampling::Uniform => "uniform",
            Sampling::Popular => "popular",
        }
    }
}

/// Learns vectors from what users chose; values do not matter. Users who chose everything teach nothing.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used,
/// [`Problem::Diverged`] when the learning rate is too large for the data.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let matrix = &interactions.matrix;
    let mut pairs: Vec<(u32, u32)> = matrix.iter().map(|(user, item, _)| (user, item)).collect();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let mut users = init::factors(interactions.users(), options.dim, options.dim, random.random());
    let mut items = init::factors(interactions.items(), options.dim, options.dim, random.random());
    let mut biases = vec![0.0; interactions.items()];
    let mut history = Vec::new();
    for number in 1..=options.epochs {
        pairs.shuffle(&mut random);
        let mut loss = 0.0;
        for &(user, chosen) in &pairs {
            if let Some(other) = negative(matrix, user, interactions.items(), options.sampling, &mut random) {
                let triple = (user as usize, chosen as usize, other as usize);
                loss += step(&mut users, &mut items, &mut biases, triple, options);
            }
        }
        let epoch = Epoch { epoch: number, loss: loss / pairs.len() as f64 };
        if !users.iter().chain(&items).chain(&biases).all(|value| value.is_finite()) {
            return Err(Problem::Diverged {
                epoch: number,
                what: "a factor",
                remedy: "use a smaller --learning-rate",
            }
            .into());
        }
        history.push(epoch);
        let snapshot =
            Snapshot { item_biases: Some(&biases), ..Snapshot::of_vectors(users.view(), items.view()) };
        if observer.epoch(epoch, &snapshot).is_break() {
            break;
        }
    }
    let recipe = Recipe {
        algorithm: Algorithm::Bpr,
        unobserved_weight: 0.0,
        regularization: options.regularization,
        frequency_exponent: 1.0,
        mean: 0.0,
    };
    let further = [
        ("epochs", history.len().to_string()),
        ("learning_rate", options.learning_rate.to_string()),
        ("sampling", options.sampling.name().to_owned()),
        ("seed", options.seed.to_string()),
    ];
    let items = super::factors(interactions, items, recipe, further);
    let items = Factors { biases: Some(biases), ..items };
    Ok(Trained { items, users, user_biases: None, history })
}

/// An item that the user did not choose; None after 32 draws of chosen ones.
fn negative(
    matrix: &Csr,
    user: u32,
    items: usize,
    sampling: Sampling,
    random: &mut Xoshiro256PlusPlus,
) -> Option<u32> {
    let (chosen, _) = matrix.row(user as usize);
    let mut draw = || match sampling {
        Sampling::Uniform => random.random_range(0..items as u32),
        Sampling::Popular => matrix.columns[random.random_range(0..matrix.entries())],
    };
    (0..32).map(|_| draw()).find(|item| chosen.binary_search(item).is_err())
}

/// One step; returns the loss before it.
fn step(
    users: &mut Array2<f32>,
    items: &mut Array2<f32>,
    biases: &mut [f32],
    (user, chosen, other): (usize, usize, usize),
    options: &Options,
) -> f64 {
    let mut p = users.row_mut(user);
    let (mut liked, mut passed): (ArrayViewMut1<f32>, ArrayViewMut1<f32>) =
        items.multi_slice_mut((ndarray::s![chosen, ..], ndarray::s![other, ..]));
    let margin = biases[chosen] - biases[other] + p.dot(&liked) - p.dot(&passed);
    let pull = 1.0 / (1.0 + margin.exp());
    let (rate, shrink) = (options.learning_rate, options.regularization);
    for ((p, liked), passed) in p.iter_mut().zip(liked.iter_mut()).zip(passed.iter_mut()) {
        let (old_p, old_liked, old_passed) = (*p, *liked, *passed);
        *p += rate * (pull * (old_liked - old_passed) - shrink * old_p);
        *liked += rate * (pull * old_p - shrink * old_liked);
        *passed -= rate * (pull * old_p + shrink * old_passed);
    }
    biases[chosen] += rate * (pull - shrink * biases[chosen]);
    biases[other] -= rate * (pull + shrink * biases[other]);
    f64::from(-margin).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::super::unobserved;
    use super::*;

    /// Everybody chose the items of their own half.
    fn halves() -> Interactions {
        let pairs = (0..20).flat_map(|user| (0..20).map(move |item| (user, item, 1.0)));
        let entries: Vec<_> =
            pairs.filter(|(user, item, _)| user / 10 == item / 10 && user != item).collect();
        let ids = |count: u32| (0..count).map(|number| number.to_string()).collect();
        Interactions::from_entries(ids(20), ids(20), &entries, None)
    }

    #[test]
    fn an_unseen_item_of_the_own_half_comes_before_all_of_the_other() {
        for sampling in [Sampling::Uniform, Sampling::Popular] {
            let options = Options { dim: 8, sampling, ..Options::default() };
            let trained = train(&halves(), &options, &mut unobserved).unwrap();
            let scores = trained.users.dot(&trained.items.values.t());
            for user in 0..20 {
                let others = (0..20).filter(|item| item / 10 != user / 10);
                let best = others.map(|item| scores[[user, item]]).fold(f32::MIN, f32::max);
                assert!(scores[[user, user]] > best, "user {user}, {sampling:?}");
            }
        }
    }

    #[test]
    fn a_user_who_chose_everything_teaches_nothing() {
        let entries = [(0, 0, 1.0), (0, 1, 1.0)];
        let ids = || vec!["0".into(), "1".into()];
        let interactions = Interactions::from_entries(vec!["0".into()], ids(), &entries, None);
        let trained = train(&interactions, &Options::default(), &mut unobserved).unwrap();
        assert_eq!(trained.history[0].loss, 0.0);
    }

    #[test]
    fn a_learning_rate_that_diverges_is_an_error() {
        let options = Options { learning_rate: 1e30, ..Options::default() };
        assert_eq!(train(&halves(), &options, &mut unobserved).unwrap_err().code(), "diverged");
    }
}
