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

use super::strata::{self, Entry, Part, Row, Side};
use super::vector::dot;
use super::{Csr, Epoch, Interactions, Observer, Snapshot, Trained, ranges};
use crate::simd;
use foldin::error::{Problem, Result};
use foldin::model::{Algorithm, Factors, Recipe};
use pulp::{Simd, WithSimd};
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
    /// Length of the first epoch's steps, above 0.
    pub learning_rate: f32,
    /// What the length is multiplied by after each epoch, above 0 and up to 1.
    pub decay: f32,
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
            epochs: 120,
            learning_rate: 0.05,
            decay: 0.98,
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
        ranges::descent(self.learning_rate, self.decay, self.regularization)
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
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let mut users = Side::new(interactions.users(), options.dim, random.random());
    let mut items = Side::new(interactions.items(), options.dim, random.random());
    let counts = interactions.item_counts();
    let mut rate = options.learning_rate;
    let mut history = Vec::new();
    for number in 1..=options.epochs {
        let loss =
            strata::epoch(matrix, &mut users, &mut items, random.random(), |users, items, pairs, random| {
                let others = Others::new(matrix, &items.ids, options.sampling, &counts);
                let shrink = options.regularization;
                simd::run(Descent { users, items, pairs, others, random, rate, shrink })
            });
        let epoch = Epoch { epoch: number, loss: loss / matrix.entries() as f64 };
        if !(users.is_finite() && items.is_finite()) {
            return Err(Problem::Diverged {
                epoch: number,
                what: "a factor",
                remedy: "use a smaller --learning-rate",
            }
            .into());
        }
        history.push(epoch);
        let snapshot = Snapshot {
            item_biases: Some(&items.biases),
            ..Snapshot::of_vectors(users.vectors(), items.vectors())
        };
        if observer.epoch(epoch, &snapshot).is_break() {
            break;
        }
        rate *= options.decay;
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
        ("decay", options.decay.to_string()),
        ("sampling", options.sampling.name().to_owned()),
        ("seed", options.seed.to_string()),
    ];
    let (values, biases) = items.into_parts();
    let items = super::factors(interactions, values, recipe, further);
    let items = Factors { biases: Some(biases), ..items };
    Ok(Trained { items, users: users.into_parts().0, user_biases: None, history })
}

/// The items of a part, to draw from.
struct Others<'a> {
    matrix: &'a Csr,
    ids: Vec<u32>,
    /// Where items are drawn by popularity, the interactions of all items up to each of `ids`.
    sums: Option<Vec<u32>>,
}

impl<'a> Others<'a> {
    fn new(matrix: &'a Csr, ids: &[u32], sampling: Sampling, counts: &[u32]) -> Self {
        let sums = || {
            let counts = ids.iter().map(|&id| counts[id as usize]);
            counts
                .scan(0, |sum, count| {
                    *sum += count;
                    Some(*sum)
                })
                .collect()
        };
        Others { matrix, ids: ids.to_vec(), sums: (sampling == Sampling::Popular).then(sums) }
    }

    /// The place of an item that the user did not choose; None after 32 draws of chosen ones.
    fn draw(&self, user: u32, random: &mut Xoshiro256PlusPlus) -> Option<usize> {
        let (chosen, _) = self.matrix.row(user as usize);
        let mut draw = || match &self.sums {
            None => random.random_range(0..self.ids.len()),
            Some(sums) => {
                let drawn = random.random_range(0..sums[sums.len() - 1]);
                sums.partition_point(|&sum| sum <= drawn)
            }
        };
        (0..32).map(|_| draw()).find(|&place| chosen.binary_search(&self.ids[place]).is_err())
    }
}

/// A step for each pair of a user and a chosen item; returns the sum of the losses before them.
struct Descent<'a, 'u, 'i> {
    users: &'a mut Part<'u>,
    items: &'a mut Part<'i>,
    pairs: &'a [Entry],
    others: Others<'a>,
    random: &'a mut Xoshiro256PlusPlus,
    rate: f32,
    shrink: f32,
}

impl WithSimd for Descent<'_, '_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Descent { users, items, pairs, others, random, rate, shrink } = self;
        let mut loss = 0.0;
        for &(user, chosen, _) in pairs {
            if let Some(other) = others.draw(users.ids[user as usize], random) {
                let [chosen, other] =
                    items.rows.get_disjoint_mut([chosen as usize, other]).expect("two items");
                loss += step(simd, &mut users.rows[user as usize], chosen, other, (rate, shrink));
            }
        }
        loss
    }
}

/// One step; returns the loss before it.
#[inline(always)]
fn step<S: Simd>(
    simd: S,
    user: &mut Row,
    chosen: &mut Row,
    other: &mut Row,
    (rate, shrink): (f32, f32),
) -> f64 {
    let lead = dot(simd, user.vector, chosen.vector) - dot(simd, user.vector, other.vector);
    let margin = *chosen.bias - *other.bias + lead;
    let pull = rate / (1.0 + libm::expf(margin));
    let keep = 1.0 - rate * shrink;
    let [up, down, kept] = [simd.splat_f32s(pull), simd.splat_f32s(-pull), simd.splat_f32s(keep)];
    let vectors = S::as_mut_simd_f32s(chosen.vector).0.iter_mut().zip(S::as_mut_simd_f32s(other.vector).0);
    for (p, (liked, passed)) in S::as_mut_simd_f32s(user.vector).0.iter_mut().zip(vectors) {
        let (old, lead) = (*p, simd.sub_f32s(*liked, *passed));
        *p = simd.mul_add_e_f32s(up, lead, simd.mul_f32s(kept, old));
        *liked = simd.mul_add_e_f32s(up, old, simd.mul_f32s(kept, *liked));
        *passed = simd.mul_add_e_f32s(down, old, simd.mul_f32s(kept, *passed));
    }
    *chosen.bias = keep * *chosen.bias + pull;
    *other.bias = keep * *other.bias - pull;
    libm::log1p(libm::exp(f64::from(-margin)))
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
