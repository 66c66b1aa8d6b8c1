//! The exact fold-in where the loss is a weighted squared error: iALS and SGD.
//!
//! **iALS** (Rendle, Krichene, Zhang, Koren: "Revisiting the Performance of iALS on Item Recommendation
//! Benchmarks", 2021, section 3). With the item factors q fixed, the visitor's vector p minimises
//!
//! ```text
//! sum over observations of w (y - p·q)²  +  alpha0 · sum over all items of (p·q)²  +  reg · |p|²
//! reg = lambda · (sum of w + alpha0 · items)^nu
//! ```
//!
//! It is the solution of `(alpha0 G + Σ w q qᵀ + reg I) p = Σ w y q`, with G the items' Gram matrix. The same
//! regularisation as in training: folding a training user's own history in gives that user's trained vector.
//!
//! **SGD** predicts the rating `mean + b_i + b + p·q` and learns the visitor's bias b beside the vector. That is
//! the same system with `q` extended by a 1 and `p` by b, the target `rating - mean - b_i`, alpha0 = 0 and
//! nu = 1 (an SGD pass shrinks a user's parameters once a rating).
//!
//! A belief about the visitor before the first event is the mean m of a Gaussian
//! prior with the precision `S = alpha0 G + reg I` and adds `S m` to the right-hand side.
//!
//! An event adds one outer product to the sums and its vector costs one factorisation, whatever the number of
//! events before. What the items as a whole contribute, G and how many there are, is read when the vector is solved, so
//! that a visitor's sums hold whichever items come and go.

use super::cholesky::Cholesky;
use super::fold_in::{Folded, Origin, Slope};
use super::observation::{Meaning, Observation, Part};
use super::power::power;
use crate::model::{Items, Model};

/// Sums over a visitor's observations. A system has `n` equations: dim, and one for the bias in SGD.
#[derive(Clone, Debug)]
pub(super) struct Ridge {
    /// The mean of the prior, [dim]; empty: none.
    mean: Vec<f32>,
    /// With the weights that observations keep.
    lasting: Sums,
    /// With the weights that they have besides for a while.
    fading: Sums,
}

#[derive(Clone, Debug)]
struct Sums {
    /// Σ w q qᵀ, the upper triangle of [n, n].
    observed: Vec<f64>,
    /// Σ w y q, [n].
    targets: Vec<f64>,
    /// Σ w
    weight: f64,
}

impl Ridge {
    pub(super) fn new(model: &Model) -> Ridge {
        let n = model.dim() + usize::from(has_bias(model));
        Ridge { mean: Vec::new(), lasting: Sums::new(n), fading: Sums::new(n) }
    }

    /// Takes `mean` [dim] for the mean of the prior, whose precision is `S = alpha0 G + reg I` as before the first
    /// event: then the vector is the mean.
    pub(super) fn believe(&mut self, mean: &[f32]) {
        self.mean = mean.to_vec();
    }

    pub(super) fn add(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        self.accumulate(items, observation, 1.0, part);
    }

    /// Takes out what was added, as far as it has not faded since.
    pub(super) fn remove(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        self.accumulate(items, observation, -1.0, part);
    }

    pub(super) fn fade(&mut self, factor: f64) {
        let Sums { observed, targets, weight } = &mut self.fading;
        *weight *= factor;
        observed.iter_mut().chain(targets).for_each(|sum| *sum *= factor);
    }

    fn accumulate(&mut self, items: Items<'_>, observation: &Observation, sign: f64, part: Part) {
        let row = row(items, observation.item);
        let target = target(items, observation);
        let weight = sign * f64::from(observation.weight);
        for (sums, part) in [(&mut self.lasting, part.lasting), (&mut self.fading, part.fading)] {
            if part != 0.0 {
                sums.add(&row, target, part * weight);
            }
        }
    }

    pub(super) fn solve(&self, items: Items<'_>) -> Folded {
        let Ridge { mean, lasting, fading } = self;
        let (recipe, dim, n) = (items.model.recipe(), items.model.dim(), lasting.targets.len());
        let alpha = f64::from(recipe.unobserved_weight);
        let ridge = |weight: f64| {
            f64::from(recipe.regularization) * power(weight, f64::from(recipe.frequency_exponent))
        };
        let mut solution: Vec<f64> = sum(&lasting.targets, &fading.targets).collect();
        let mut a: Vec<f64> = sum(&lasting.observed, &fading.observed).collect();
        let of_unobserved = alpha * items.in_gram() as f64;
        if !has_bias(items.model) {
            let unobserved: Vec<f64> = items.gram().into_iter().map(|v| alpha * v).collect();
            let of_none = ridge(of_unobserved);
            for (i, &own) in mean.iter().enumerate() {
                let row = unobserved[i * dim..][..dim].iter().zip(mean);
                let product: f64 = row.map(|(v, &m)| v * f64::from(m)).sum();
                solution[i] += product + of_none * f64::from(own);
            }
            a.iter_mut().zip(unobserved).for_each(|(a, unobserved)| *a += unobserved);
        }
        let base = ridge((lasting.weight + fading.weight).max(0.0) + of_unobserved);
        a.iter_mut().step_by(n + 1).for_each(|v| *v += base);
        let system = Cholesky::new(a, n);
        system.solve(&mut solution);
        let bias = solution.get(dim).copied().unwrap_or(0.0);
        Folded {
            vector: solution[..dim].iter().map(|&v| v as f32).collect(),
            offset: recipe.mean + bias as f32,
            origin: Origin::Ridge(system),
        }
    }
}

fn sum<'a>(lasting: &'a [f64], fading: &'a [f64]) -> impl Iterator<Item = f64> + use<'a> {
    lasting.iter().zip(fading).map(|(lasting, fading)| lasting + fading)
}

impl Sums {
    fn new(n: usize) -> Sums {
        Sums { observed: vec![0.0; n * n], targets: vec![0.0; n], weight: 0.0 }
    }

    fn add(&mut self, row: &[f64], target: f64, weight: f64) {
        self.weight += weight;
        for (i, &a) in row.iter().enumerate() {
            let scaled = weight * a;
            self.targets[i] += scaled * target;
            for (sum, &b) in self.observed[i * row.len() + i..].iter_mut().zip(&row[i..]) {
                *sum += scaled * b;
            }
        }
    }
}

/// With `p = A⁻¹ Σ w y q`, the score `p·x` is the sum of `w y (x · A⁻¹ q)` over the observations (Hu, Koren,
/// Volinsky 2008, section 5).
pub(super) fn shares(
    items: Items<'_>,
    system: &Cholesky,
    item: u32,
    observations: &[&Observation],
) -> Vec<f32> {
    let mut influence = row(items, item);
    system.solve(&mut influence);
    let share = |observation: &&Observation| {
        let product: f64 = row(items, observation.item).iter().zip(&influence).map(|(q, x)| q * x).sum();
        (f64::from(observation.weight) * target(items, observation) * product) as f32
    };
    observations.iter().map(share).collect()
}

/// With `e` the error of what is predicted, half of an observation's `w e²` falls by `w e`. At the solution the
/// whole objective, with what p and the unobserved cost, is the sum of `w y e`.
pub(super) fn slopes(items: Items<'_>, folded: &Folded, observations: &[Observation]) -> Vec<Slope> {
    let bias = folded.offset - items.model.recipe().mean;
    let vector: Vec<f64> = folded.vector.iter().map(|&v| f64::from(v)).collect();
    let slope = |observation: &Observation| {
        let factor = items.factor(observation.item);
        let product: f32 = factor.iter().zip(&folded.vector).map(|(q, p)| q * p).sum();
        let target = target(items, observation) as f32;
        let pull = observation.weight * (target - product - bias);
        Slope::of_score(target * pull, pull.into(), &vector)
    };
    observations.iter().map(slope).collect()
}

/// Whether the visitor has a bias of their own.
fn has_bias(model: &Model) -> bool {
    Meaning::of(model) == Meaning::Rating
}

/// What the visitor's parameters are multiplied with for an item, [n].
fn row(items: Items<'_>, item: u32) -> Vec<f64> {
    let factor = items.factor(item).into_iter().map(f64::from);
    factor.chain(has_bias(items.model).then_some(1.0)).collect()
}

/// What the product with the visitor's parameters should be.
fn target(items: Items<'_>, observation: &Observation) -> f64 {
    let known = match has_bias(items.model) {
        true => items.model.recipe().mean + items.bias(observation.item),
        false => 0.0,
    };
    f64::from(observation.target - known)
}
