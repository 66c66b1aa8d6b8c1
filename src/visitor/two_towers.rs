//! The fold-in of a two-tower model: one pass of the visitor's past items through its user tower.
//!
//! The tower reads the mean m of the items' vectors v, each counted by what its event weighs and speaks for it; what
//! speaks against an item does not enter, as training never saw that.
//!
//! A score is not linear in m, but it has exact shares all the same: the gradient, averaged along the straight way from
//! a visitor without a past (m = 0) to this one, times each item's part of m (integrated gradients: Sundararajan, Taly
//! and Yan, "Axiomatic attribution for deep networks", 2017). They add up to what the past brings.

use super::fold_in::{Folded, Origin};
use super::observation::{Observation, Part};
use super::tower::Tower;
use crate::model::{Items, Model};

/// What the tower will read.
#[derive(Clone, Debug)]
pub(super) struct TwoTowers {
    tower: Tower,
    /// As the tower reads them; empty where they are not known.
    traits: Vec<f32>,
    /// With the weights that observations keep.
    lasting: Sum,
    /// With the weights that they have besides for a while.
    fading: Sum,
}

/// Vectors, each times its weight.
#[derive(Clone, Debug)]
struct Sum {
    /// [dim]
    items: Vec<f64>,
    weight: f64,
}

/// How a visitor's vector came out of the tower.
#[derive(Clone, Debug)]
pub(super) struct Way {
    tower: Tower,
    /// Of each hidden unit's output, on average on the way from no past, [hidden].
    slopes: Vec<f64>,
    /// Of all that m is the mean of.
    weight: f64,
}

/// Less than any event weighs: what is left of several that were taken out.
const NOTHING: f64 = 1e-9;

impl TwoTowers {
    #[inline(never)]
    pub(super) fn new(model: &Model) -> TwoTowers {
        let tower = Tower::open(model).ok().flatten().expect("checked when the model was opened");
        let none = Sum { items: vec![0.0; model.dim()], weight: 0.0 };
        TwoTowers { tower, traits: Vec::new(), lasting: none.clone(), fading: none }
    }

    /// How many numbers describe traits.
    #[inline(never)]
    pub(super) fn beliefs(&self) -> usize {
        self.tower.traits_width()
    }

    #[inline(never)]
    pub(super) fn believe(&mut self, traits: &[f32]) {
        self.traits = traits.to_vec();
    }

    /// Takes an observation in with a part of its weight.
    #[inline(never)]
    pub(super) fn add(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        self.accumulate(items, observation, 1.0, part);
    }

    /// Takes out what was added; `part` is what has not faded since.
    #[inline(never)]
    pub(super) fn remove(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        self.accumulate(items, observation, -1.0, part);
    }

    fn accumulate(&mut self, items: Items<'_>, observation: &Observation, sign: f64, part: Part) {
        let factor = items.factor(observation.item);
        let weight = sign * weight(observation);
        self.lasting.add(&factor, part.lasting * weight);
        self.fading.add(&factor, part.fading * weight);
    }

    #[inline(never)]
    pub(super) fn fade(&mut self, factor: f64) {
        self.fading.weight *= factor;
        self.fading.items.iter_mut().for_each(|sum| *sum *= factor);
    }

    #[inline(never)]
    pub(super) fn solve(&self, model: &Model) -> Folded {
        let weight = self.lasting.weight + self.fading.weight;
        let sums = self.lasting.items.iter().zip(&self.fading.items);
        let mean = match weight > NOTHING {
            true => sums.map(|(lasting, fading)| (lasting + fading) / weight).collect(),
            false => vec![0.0; model.dim()],
        };
        let slopes = self.tower.slopes(&mean, &self.traits);
        let way = Way { tower: self.tower.clone(), slopes, weight };
        let vector = self.tower.pass(mean, &self.traits);
        Folded { vector, offset: model.recipe().mean, origin: Origin::TwoTowers(way) }
    }
}

impl Sum {
    fn add(&mut self, factor: &[f32], weight: f64) {
        self.weight += weight;
        self.items.iter_mut().zip(factor).for_each(|(sum, &v)| *sum += weight * f64::from(v));
    }
}

fn weight(observation: &Observation) -> f64 {
    f64::from(observation.weight) * f64::from(observation.target.max(0.0))
}

/// What each observation brings to the score of `item`.
#[inline(never)]
pub(super) fn shares(items: Items<'_>, way: &Way, item: u32, observations: &[&Observation]) -> Vec<f32> {
    let gradient = way.tower.gradient(&way.slopes, &items.factor(item));
    let share = |observation: &&Observation| {
        let factor = items.factor(observation.item);
        let product: f64 = factor.iter().zip(&gradient).map(|(&v, g)| f64::from(v) * g).sum();
        (weight(observation) / way.weight.max(NOTHING) * product) as f32
    };
    observations.iter().map(share).collect()
}
