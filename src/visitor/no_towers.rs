//! Stands in for [`two_towers`](super::two_towers) where they are left out, as [`no_pairs`](super::pairwise) does for
//! pairs.

use super::fold_in::{Folded, Slope};
use super::observation::{Observation, Part};
use crate::model::{Items, Model};

#[derive(Clone, Debug)]
pub(super) enum TwoTowers {}

/// How a visitor's vector came out of the tower.
#[derive(Clone, Debug)]
pub(super) enum Way {}

impl TwoTowers {
    pub(super) fn new(_: &Model) -> TwoTowers {
        unreachable!("such a model is not opened")
    }

    pub(super) fn beliefs(&self) -> usize {
        match *self {}
    }

    pub(super) fn believe(&mut self, _: &[f32]) {
        match *self {}
    }

    pub(super) fn add(&mut self, _: Items<'_>, _: &Observation, _: Part) {
        match *self {}
    }

    pub(super) fn remove(&mut self, _: Items<'_>, _: &Observation, _: Part) {
        match *self {}
    }

    pub(super) fn fade(&mut self, _: f64) {
        match *self {}
    }

    pub(super) fn solve(&self, _: &Model) -> Folded {
        match *self {}
    }
}

pub(super) fn shares(_: Items<'_>, way: &Way, _: u32, _: &[&Observation]) -> Vec<f32> {
    match *way {}
}

pub(super) fn slopes(way: &Way) -> Vec<Slope> {
    match *way {}
}
