//! Stands in for [`pairwise`](super::pairwise) where it is left out: types without values, so that nothing remains
//! of all that is done with them. A model that needs it is refused when it is opened.

use super::fold_in::{Folded, Slope};
use super::observation::{Observation, Part};
use crate::model::{Items, Model};

#[derive(Clone, Debug)]
pub(super) enum Pairwise {}

/// The visitor's regularisation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ridge {}

impl Pairwise {
    pub(super) fn new(_: &Model) -> Pairwise {
        unreachable!("such a model is not opened")
    }

    pub(super) fn add(&mut self, _: &Observation, _: Part) {
        match *self {}
    }

    pub(super) fn remove(&mut self, _: &Observation) {
        match *self {}
    }

    pub(super) fn fade(&mut self, _: f64) {
        match *self {}
    }

    pub(super) fn solve(&self, _: Items<'_>) -> Folded {
        match *self {}
    }
}

pub(super) fn shares(_: Items<'_>, _: &[f32], ridge: Ridge, _: u32, _: &[&Observation]) -> Vec<f32> {
    match ridge {}
}

pub(super) fn slopes(_: Items<'_>, _: &[f32], ridge: Ridge, _: &[Observation]) -> Vec<Slope> {
    match ridge {}
}
