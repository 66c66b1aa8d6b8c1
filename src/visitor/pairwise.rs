//! The fold-in of BPR: the pairwise loss it was trained with, the items fixed.
//!
//! With `x = y (p·(q_i - q_j) + b_i - b_j)` for an observed item i (y = 1 liked, y = -1 disliked) and another item j, the
//! visitor's vector p minimises
//!
//! ```text
//! sum over observations of w (mean over the others of ln(1 + e^-x))  +  lambda / 2 · sum of w · |p|²
//! ```
//!
//! which is what training's sampled steps do to a user's vector on average (Rendle, Freudenthaler, Gantner and
//! Schmidt-Thieme, "BPR: Bayesian personalized ranking from implicit feedback", 2009). The loss is strictly
//! convex, so that Newton's method finds its one minimum. The others are not drawn but chosen evenly along the
//! rows, which fall by norm: the same visitor always gets the same vector. Where training drew them by
//! popularity they weigh by it.

use super::cholesky::Cholesky;
use super::fold_in::{Folded, Origin, Slope};
use super::observation::{Observation, Part};
use crate::model::{Items, Model};

/// The most others that an observed item is compared with: what a visitor costs grows with them.
const OTHERS: usize = 256;

/// A regularisation below this counts as this: without any, a visitor whose items all score above the others
/// has no finite vector.
const LEAST: f64 = 1e-4;

/// Near the minimum each step of Newton's method doubles the correct digits; this is only to end in any case.
const MOST_STEPS: usize = 40;

/// The visitor's regularisation.
pub(super) type Ridge = f64;

#[derive(Clone, Debug)]
pub(super) struct Pairwise {
    /// With how much of its weight each has.
    observations: Vec<(Observation, Part)>,
    regularization: f64,
}

impl Pairwise {
    #[inline(never)]
    pub(super) fn new(model: &Model) -> Pairwise {
        Pairwise {
            observations: Vec::new(),
            regularization: f64::from(model.recipe().regularization).max(LEAST),
        }
    }

    #[inline(never)]
    pub(super) fn add(&mut self, observation: &Observation, part: Part) {
        self.observations.push((*observation, part));
    }

    #[inline(never)]
    pub(super) fn remove(&mut self, observation: &Observation) {
        if let Some(at) = self.observations.iter().position(|(o, _)| o == observation) {
            self.observations.remove(at);
        }
    }

    #[inline(never)]
    pub(super) fn fade(&mut self, factor: f64) {
        self.observations.iter_mut().for_each(|(_, part)| part.fading *= factor);
    }

    #[inline(never)]
    pub(super) fn solve(&self, items: Items<'_>) -> Folded {
        let now = |(observation, part): &(Observation, Part)| observation.times(part.total());
        let observations: Vec<Observation> = self.observations.iter().map(now).collect();
        let observations: Vec<&Observation> = observations.iter().filter(|o| o.weight > 0.0).collect();
        let weight: f64 = observations.iter().map(|o| f64::from(o.weight)).sum();
        let pairs = Pairs::new(items, &observations);
        let ridge = self.regularization * weight;
        let mut vector = vec![0.0; items.model.dim()];
        if weight > 0.0 && !pairs.others.is_empty() {
            descend(&pairs, ridge, &mut vector);
        }
        Folded {
            vector: vector.into_iter().map(|v| v as f32).collect(),
            offset: 0.0,
            origin: Origin::Pairwise(ridge),
        }
    }
}

/// Moves `vector` to the minimum: Newton's steps, halved until they lead down.
fn descend(pairs: &Pairs, ridge: f64, vector: &mut Vec<f64>) {
    let mut loss = pairs.loss(ridge, vector);
    for _ in 0..MOST_STEPS {
        let (gradient, hessian) = pairs.slope(ridge, vector);
        let mut step = gradient.clone();
        Cholesky::new(hessian, step.len()).solve(&mut step);
        let drop: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        // Half of it is what the step gains at most.
        if drop <= 1e-14 * loss {
            return;
        }
        let mut length = 1.0;
        loop {
            let next: Vec<f64> = vector.iter().zip(&step).map(|(v, s)| v - length * s).collect();
            let reached = pairs.loss(ridge, &next);
            if reached <= loss - 0.25 * length * drop {
                (*vector, loss) = (next, reached);
                break;
            }
            length /= 2.0;
            if length < 1e-6 {
                return;
            }
        }
    }
}

/// At the minimum `ridge p` is the sum of the observations' pulls, so that the score `p·x` is the sum of their
/// products with `x`.
#[inline(never)]
pub(super) fn shares(
    items: Items<'_>,
    vector: &[f32],
    ridge: Ridge,
    item: u32,
    observations: &[&Observation],
) -> Vec<f32> {
    let pairs = Pairs::new(items, observations);
    let vector: Vec<f64> = vector.iter().map(|&v| f64::from(v)).collect();
    let factor: Vec<f64> = items.factor(item).into_iter().map(f64::from).collect();
    let scores = pairs.scores(&vector);
    let of_others: Vec<f64> = pairs.others.iter().map(|other| dot(&other.item.factor, &factor)).collect();
    let share = |own: &Own| {
        let product = dot(&own.item.factor, &factor);
        let score = own.item.score(&vector);
        let pulls = pairs.others.iter().zip(&of_others).zip(&scores);
        let pull: f64 = pulls
            .map(|((other, x), s)| other.weight * sigmoid(-own.sign * (score - s)) * (product - x))
            .sum();
        (own.weight * own.sign * pull / ridge) as f32
    };
    pairs.own.iter().map(share).collect()
}

/// The loss of an observation's pairs, with its part of what the vector costs. Half of it falls by half the share
/// of the pairs that are in the wrong order.
#[inline(never)]
pub(super) fn slopes(
    items: Items<'_>,
    vector: &[f32],
    ridge: Ridge,
    observations: &[Observation],
) -> Vec<Slope> {
    let pairs = Pairs::new(items, &observations.iter().collect::<Vec<_>>());
    let vector: Vec<f64> = vector.iter().map(|&v| f64::from(v)).collect();
    let scores = pairs.scores(&vector);
    let length = ridge / 2.0 * dot(&vector, &vector) / pairs.own.len() as f64;
    let slope = |own: &Own| {
        let score = own.item.score(&vector);
        let leads = pairs.others.iter().zip(&scores).map(|(other, s)| (other.weight, own.sign * (score - s)));
        let (loss, wrong) = leads.fold((0.0, 0.0), |(loss, wrong), (weight, lead)| {
            (loss + weight * softplus(-lead), wrong + weight * sigmoid(-lead))
        });
        let pull = own.weight * own.sign * wrong / 2.0;
        Slope::of_score((own.weight * loss + length) as f32, pull, &vector)
    };
    pairs.own.iter().map(slope).collect()
}

/// The observed items and the others they are compared with.
pub(super) struct Pairs {
    pub(super) own: Vec<Own>,
    others: Vec<Other>,
}

pub(super) struct Item {
    pub(super) factor: Vec<f64>,
    bias: f64,
}

impl Item {
    fn score(&self, vector: &[f64]) -> f64 {
        dot(&self.factor, vector) + self.bias
    }
}

pub(super) struct Own {
    pub(super) item: Item,
    /// 1 above the others, -1 below.
    sign: f64,
    weight: f64,
}

pub(super) struct Other {
    item: Item,
    /// All together weigh 1.
    weight: f64,
}

impl Pairs {
    pub(super) fn new(items: Items<'_>, observations: &[&Observation]) -> Pairs {
        let model = items.model;
        let named = |row: u32| Item {
            factor: items.factor(row).into_iter().map(f64::from).collect(),
            bias: f64::from(items.bias(row)),
        };
        let own = observations.iter().map(|o| Own {
            item: named(o.item),
            sign: if o.target > 0.0 { 1.0 } else { -1.0 },
            weight: f64::from(o.weight),
        });
        let count = OTHERS.min(items.len());
        let popular = model.metadata().get("sampling").is_some_and(|name| name == "popular");
        let weighed = popular && model.counts().is_some();
        let mut others: Vec<Other> = (0..count)
            .map(|k| items.nth(k * items.len() / count))
            .filter(|&row| observations.iter().all(|o| o.item != row))
            .map(|row| Other {
                item: named(row),
                weight: if weighed { f64::from(items.interactions(row)) } else { 1.0 },
            })
            .collect();
        let sum: f64 = others.iter().map(|other| other.weight).sum();
        if sum > 0.0 {
            others.iter_mut().for_each(|other| other.weight /= sum);
        }
        Pairs { own: own.collect(), others }
    }

    /// The loss of one observation's pairs for a visitor with this vector, how fast it falls as the observed item's score
    /// rises, and its gradient in the vector, [dim].
    pub(super) fn one(&self, own: &Own, vector: &[f64]) -> (f64, f64, Vec<f64>) {
        let score = own.item.score(vector);
        let (mut loss, mut pull) = (0.0, 0.0);
        let mut gradient = vec![0.0; vector.len()];
        for other in &self.others {
            let lead = own.sign * (score - other.item.score(vector));
            let wrong = own.sign * own.weight * other.weight * sigmoid(-lead);
            loss += own.weight * other.weight * softplus(-lead);
            pull += wrong;
            add_scaled(wrong, &other.item.factor, &mut gradient);
        }
        add_scaled(-pull, &own.item.factor, &mut gradient);
        (loss, pull, gradient)
    }

    /// The others' scores.
    fn scores(&self, vector: &[f64]) -> Vec<f64> {
        self.others.iter().map(|other| other.item.score(vector)).collect()
    }

    fn loss(&self, ridge: f64, vector: &[f64]) -> f64 {
        let scores = self.scores(vector);
        let of_own = |own: &Own| {
            let score = own.item.score(vector);
            let pairs = self.others.iter().zip(&scores);
            own.weight * pairs.map(|(o, s)| o.weight * softplus(-own.sign * (score - s))).sum::<f64>()
        };
        self.own.iter().map(of_own).sum::<f64>() + ridge / 2.0 * dot(vector, vector)
    }

    /// Gradient [n], and the upper triangle of the Hessian [n, n], of the loss. A pair's curvature is
    /// `c (q_i - q_j)(q_i - q_j)ᵀ`, multiplied out so that there is one outer product an item and not one a pair.
    fn slope(&self, ridge: f64, vector: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let n = vector.len();
        let scores = self.scores(vector);
        let mut gradient: Vec<f64> = vector.iter().map(|v| ridge * v).collect();
        let mut hessian = vec![0.0; n * n];
        hessian.iter_mut().step_by(n + 1).for_each(|v| *v = ridge);
        let mut other_pulls = vec![0.0; self.others.len()];
        let mut other_curvatures = vec![0.0; self.others.len()];
        for own in &self.own {
            let score = own.item.score(vector);
            let (mut pull, mut curvature, mut mixed) = (0.0, 0.0, vec![0.0; n]);
            for (j, (other, s)) in self.others.iter().zip(&scores).enumerate() {
                let part = sigmoid(-own.sign * (score - s));
                let weight = own.weight * other.weight * part;
                let c = weight * (1.0 - part);
                pull += own.sign * weight;
                curvature += c;
                other_pulls[j] += own.sign * weight;
                other_curvatures[j] += c;
                add_scaled(c, &other.item.factor, &mut mixed);
            }
            add_scaled(-pull, &own.item.factor, &mut gradient);
            // c q qᵀ - q mᵀ - m qᵀ
            let side: Vec<f64> = own.item.factor.iter().zip(&mixed).map(|(q, m)| curvature * q - m).collect();
            add_outer(1.0, &own.item.factor, &side, &mut hessian);
            add_outer(-1.0, &mixed, &own.item.factor, &mut hessian);
        }
        for ((other, pull), curvature) in self.others.iter().zip(other_pulls).zip(other_curvatures) {
            add_scaled(pull, &other.item.factor, &mut gradient);
            add_outer(curvature, &other.item.factor, &other.item.factor, &mut hessian);
        }
        (gradient, hessian)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add_scaled(scale: f64, x: &[f64], y: &mut [f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

/// Adds `scale a bᵀ` to the upper triangle.
fn add_outer(scale: f64, a: &[f64], b: &[f64], matrix: &mut [f64]) {
    for (i, a) in a.iter().enumerate() {
        add_scaled(scale * a, &b[i..], &mut matrix[i * b.len() + i..][..b.len() - i]);
    }
}

/// `1 / (1 + e^-x)`; 0 or 1 far out. By `libm`, which gives the same bits in the browser.
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// `ln(1 + e^x)`
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}
