//! The fold-in of a visitor who was never in the training data: the loss that the model was trained with, in the
//! part that a visitor's vector stands in, minimised with the item factors held fixed.
//!
//! One door for every algorithm; the model's recipe says which loss lies behind it: the squared errors of iALS
//! and SGD have a solution in closed form ([`ridge`](super::ridge)), BPR's pairs are solved by Newton's method
//! ([`pairwise`](super::pairwise)), and two towers and models of what comes next bring their own way to a vector
//! ([`two_towers`](super::two_towers), [`next`](super::next)).

use super::cholesky::Cholesky;
use super::next::{Next, Weighing};
use super::observation::{Interaction, Meaning, Observation, Part};
use super::pairwise::Pairwise;
use super::ridge::Ridge;
use super::two_towers::{TwoTowers, Way};
use crate::model::{Algorithm, Items, Model};

/// A visitor's observations, kept up to date as they come and go.
#[derive(Clone, Debug)]
pub struct FoldIn(Loss);

#[derive(Clone, Debug)]
enum Loss {
    Ridge(Ridge),
    Pairwise(Pairwise),
    TwoTowers(Box<TwoTowers>),
    Next(Next),
}

impl FoldIn {
    /// A visitor without observations.
    pub fn new(model: &Model) -> FoldIn {
        FoldIn(match model.recipe().algorithm {
            Algorithm::Bpr => Loss::Pairwise(Pairwise::new(model)),
            Algorithm::TwoTower => Loss::TwoTowers(Box::new(TwoTowers::new(model))),
            Algorithm::Next => Loss::Next(Next::new(model)),
            Algorithm::Ials | Algorithm::Sgd | Algorithm::External => Loss::Ridge(Ridge::new(model)),
        })
    }

    /// A visitor without observations of whom something is believed; nothing where `belief` is empty. The squared
    /// error of iALS and the sum of a model of what comes next have a place for a mean [dim], a user tower for the
    /// traits that it reads; the others for nothing.
    pub fn believing(model: &Model, belief: &[f32]) -> FoldIn {
        let mut visitor = FoldIn::new(model);
        match (&mut visitor.0, Meaning::of(model)) {
            (Loss::Ridge(ridge), Meaning::Preference) => ridge.believe(belief),
            (Loss::TwoTowers(towers), _) => towers.believe(belief),
            (Loss::Next(next), _) => next.believe(belief),
            _ => {}
        }
        visitor
    }

    /// How many numbers [`FoldIn::believing`] takes for a visitor of this model; 0 where it has no place for any.
    pub fn beliefs(model: &Model) -> usize {
        match (FoldIn::new(model).0, Meaning::of(model)) {
            (Loss::Ridge(_), Meaning::Preference) => model.dim(),
            (Loss::TwoTowers(towers), _) => towers.beliefs(),
            (Loss::Next(_), _) => model.dim(),
            _ => 0,
        }
    }

    /// A user with these interactions (row, value), oldest first, each counted as training counted it.
    pub fn of_history(model: &Model, history: &[(u32, f32)]) -> FoldIn {
        let interaction = Interaction::of(model);
        let mut visitor = FoldIn::new(model);
        for &(item, value) in history {
            visitor.add(model, &interaction.observe(item, value));
        }
        visitor
    }

    /// Takes an observation in; where order counts, after all others.
    pub fn add<'a>(&mut self, items: impl Into<Items<'a>>, observation: &Observation) {
        self.add_part(items.into(), observation, Part::WHOLE);
    }

    /// Takes an observation out that was added before.
    pub fn remove<'a>(&mut self, items: impl Into<Items<'a>>, observation: &Observation) {
        self.remove_part(items.into(), observation, Part::WHOLE);
    }

    /// Takes an observation in with a part of its weight; where order counts, with all of it.
    pub(super) fn add_part(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        match &mut self.0 {
            Loss::Ridge(ridge) => ridge.add(items, observation, part),
            Loss::Pairwise(pairwise) => pairwise.add(observation, part),
            Loss::TwoTowers(towers) => towers.add(items, observation, part),
            Loss::Next(next) => next.push(items, observation),
        }
    }

    /// Takes it out again; `part` is what has not faded of it.
    pub(super) fn remove_part(&mut self, items: Items<'_>, observation: &Observation, part: Part) {
        match &mut self.0 {
            Loss::Ridge(ridge) => ridge.remove(items, observation, part),
            Loss::Pairwise(pairwise) => pairwise.remove(observation),
            Loss::TwoTowers(towers) => towers.remove(items, observation, part),
            Loss::Next(next) => next.remove(items, observation),
        }
    }

    /// Takes out the observation that was added as number `place`, from 0, of those that are in; only where order
    /// counts.
    pub(super) fn take(&mut self, items: Items<'_>, place: usize) {
        if let Loss::Next(next) = &mut self.0 {
            next.take(items, place);
        }
    }

    /// Multiplies what fades of the observations' weights.
    pub(super) fn fade(&mut self, factor: f64) {
        match &mut self.0 {
            Loss::Ridge(ridge) => ridge.fade(factor),
            Loss::Pairwise(pairwise) => pairwise.fade(factor),
            Loss::TwoTowers(towers) => towers.fade(factor),
            Loss::Next(_) => {}
        }
    }

    /// The visitor's vector as of now.
    pub fn solve<'a>(&self, items: impl Into<Items<'a>>) -> Folded {
        let items = items.into();
        match &self.0 {
            Loss::Ridge(ridge) => ridge.solve(items),
            Loss::Pairwise(pairwise) => pairwise.solve(items),
            Loss::TwoTowers(towers) => towers.solve(items.model),
            Loss::Next(next) => next.solve(items),
        }
    }
}

/// A solved visitor: the vector, and what it came from, which explains scores.
#[derive(Clone, Debug)]
pub struct Folded {
    pub(super) vector: Vec<f32>,
    /// Added to every score: a rating model's mean with the visitor's bias; 0 elsewhere.
    pub(super) offset: f32,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug)]
pub(super) enum Origin {
    Ridge(Cholesky),
    /// What a pull on the vector is divided by.
    Pairwise(super::pairwise::Ridge),
    TwoTowers(Way),
    Next(Weighing),
}

impl Folded {
    /// The visitor's vector, [dim].
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }

    /// What is added to every inner product to make it a predicted rating; 0 where the model predicts none.
    pub fn offset(&self) -> f32 {
        self.offset
    }

    /// What each observation adds to the score of `item`. The parts add up to the inner product with the
    /// visitor's vector (an item's own bias is nobody's doing), in a rating model with the visitor's bias too; in a
    /// two-tower model to what that is more than without a past; where something is believed of the visitor, to what
    /// it does not bring. Where order counts, the observations come as they were added.
    pub fn shares<'a>(
        &self,
        items: impl Into<Items<'a>>,
        item: u32,
        observations: impl IntoIterator<Item = &'a Observation>,
    ) -> Vec<f32> {
        let items = items.into();
        let observations: Vec<&Observation> = observations.into_iter().collect();
        match &self.origin {
            Origin::Ridge(system) => super::ridge::shares(items, system, item, &observations),
            Origin::Pairwise(regularization) => {
                super::pairwise::shares(items, &self.vector, *regularization, item, &observations)
            }
            Origin::TwoTowers(way) => super::two_towers::shares(items, way, item, &observations),
            Origin::Next(weighing) => super::next::shares(items, weighing, item, &observations),
        }
    }

    /// Where each observation stands on the slope of the loss.
    pub(super) fn slopes(&self, items: Items<'_>, observations: &[Observation]) -> Vec<Slope> {
        match &self.origin {
            Origin::Ridge(_) => super::ridge::slopes(items, self, observations),
            Origin::Pairwise(ridge) => super::pairwise::slopes(items, &self.vector, *ridge, observations),
            Origin::Next(weighing) => super::following::slopes(items, weighing, observations),
            Origin::TwoTowers(_) => unreachable!("refused when a tuning starts"),
        }
    }
}

/// One observation's part of what fine-tuning minimises.
#[derive(Clone, Debug)]
pub(super) struct Slope {
    pub(super) loss: f32,
    /// How fast half the whole loss falls as the factor's numbers rise, [dim].
    pub(super) fall: Vec<f32>,
}

impl Slope {
    /// Of a loss that knows a factor by its score alone: half of it falls by `pull` as the score rises.
    pub(super) fn of_score(loss: f32, pull: f64, vector: &[f64]) -> Slope {
        Slope { loss, fall: vector.iter().map(|v| (pull * v) as f32).collect() }
    }
}
