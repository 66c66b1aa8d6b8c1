//! The exact fold-in of a visitor who was never in the training data.
//!
//! With the item factors q fixed, the visitor's vector p is the one that minimises the part of iALS's
//! objective that it stands in (Rendle, Krichene, Zhang, Koren: "Revisiting the Performance of iALS on Item
//! Recommendation Benchmarks", 2021, section 3):
//!
//! ```text
//! sum over observations of w (y - p·q)²  +  alpha0 · sum over all items of (p·q)²  +  reg · |p|²
//! reg = lambda · (sum of w + alpha0 · items)^nu
//! ```
//!
//! It is the solution of `(alpha0 G + Σ w q qᵀ + reg I) p = Σ w y q`, with G the items' Gram matrix. The same
//! regularisation as in training: folding a training user's own history in gives that user's trained vector.
//!
//! An event adds one outer product to the sums and its vector costs one factorisation, whatever the number of
//! events before.

use super::cholesky::Cholesky;
use super::event::Observation;
use crate::model::Model;

/// Sums over a visitor's observations, kept up to date as they come and go.
#[derive(Clone, Debug)]
pub struct FoldIn {
    /// alpha0 G, the upper triangle of [dim, dim].
    unobserved: Vec<f64>,
    /// Σ w q qᵀ, the upper triangle of [dim, dim].
    observed: Vec<f64>,
    /// Σ w y q, [dim].
    targets: Vec<f64>,
    /// Σ w
    weight: f64,
    regularization: f64,
    exponent: f64,
    /// alpha0 · items
    unobserved_weight: f64,
    dim: usize,
}

impl FoldIn {
    /// A visitor without observations.
    pub fn new(model: &Model) -> FoldIn {
        let recipe = model.recipe();
        let alpha = f64::from(recipe.unobserved_weight);
        let dim = model.dim();
        FoldIn {
            unobserved: model.gram().iter().map(|&v| alpha * f64::from(v)).collect(),
            observed: vec![0.0; dim * dim],
            targets: vec![0.0; dim],
            weight: 0.0,
            regularization: f64::from(recipe.regularization),
            exponent: f64::from(recipe.frequency_exponent),
            unobserved_weight: alpha * model.items() as f64,
            dim,
        }
    }

    /// Takes an observation in.
    pub fn add(&mut self, model: &Model, observation: &Observation) {
        self.accumulate(model, observation, 1.0);
    }

    /// Takes an observation out that was added before.
    pub fn remove(&mut self, model: &Model, observation: &Observation) {
        self.accumulate(model, observation, -1.0);
    }

    fn accumulate(&mut self, model: &Model, observation: &Observation, sign: f64) {
        let factor = model.factor(observation.item);
        let weight = sign * f64::from(observation.weight);
        self.weight += weight;
        for (i, &a) in factor.iter().enumerate() {
            let scaled = weight * f64::from(a);
            self.targets[i] += scaled * f64::from(observation.target);
            for (sum, &b) in self.observed[i * self.dim + i..].iter_mut().zip(&factor[i..]) {
                *sum += scaled * f64::from(b);
            }
        }
    }

    /// The visitor's vector as of now.
    pub fn solve(&self) -> Folded {
        let base = (self.weight.max(0.0) + self.unobserved_weight).powf(self.exponent);
        let mut a: Vec<f64> = self.unobserved.iter().zip(&self.observed).map(|(u, o)| u + o).collect();
        a.iter_mut().step_by(self.dim + 1).for_each(|v| *v += self.regularization * base);
        let system = Cholesky::new(a, self.dim);
        let mut solution = self.targets.clone();
        system.solve(&mut solution);
        Folded { vector: solution.into_iter().map(|v| v as f32).collect(), system }
    }
}

/// A solved visitor: the vector, and the system it came from, which explains scores.
#[derive(Clone, Debug)]
pub struct Folded {
    vector: Vec<f32>,
    system: Cholesky,
}

impl Folded {
    /// The visitor's vector, [dim].
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }

    /// What each observation adds to the score of `item`: with `p = A⁻¹ Σ w y q`, the score `p·x` is the sum
    /// of `w y (x · A⁻¹ q)` over the observations (Hu, Koren, Volinsky 2008, section 5). The parts add up to
    /// the score.
    pub fn shares<'a>(
        &self,
        model: &'a Model,
        item: u32,
        observations: impl IntoIterator<Item = &'a Observation>,
    ) -> Vec<f32> {
        let mut influence: Vec<f64> = model.factor(item).into_iter().map(f64::from).collect();
        self.system.solve(&mut influence);
        let mut factor = vec![0f32; model.dim()];
        let share = |observation: &Observation| {
            model.factor_into(observation.item, &mut factor);
            let product: f64 = factor.iter().zip(&influence).map(|(&q, x)| f64::from(q) * x).sum();
            (f64::from(observation.weight * observation.target) * product) as f32
        };
        observations.into_iter().map(share).collect()
    }
}
