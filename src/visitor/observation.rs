//! What the fold-in is told.

use crate::decimal;
use crate::model::{Algorithm, Model};

/// What one event says for the fold-in: the score that the item should get, and how much that matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The item's row.
    pub item: u32,
    /// As [`Meaning`] says; training's observed pairs have 1, or their rating.
    pub target: f32,
    /// Weight of the loss; training's observed pairs have 1.
    pub weight: f32,
}

impl Observation {
    /// The same with another weight.
    pub(super) fn times(&self, factor: f64) -> Observation {
        Observation { weight: (f64::from(self.weight) * factor) as f32, ..*self }
    }
}

/// How much of an observation's weight counts: 1 of a fresh one, less of an old one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// For good.
    pub(super) lasting: f64,
    /// Besides, for a while.
    pub(super) fading: f64,
}

impl Part {
    pub(super) const WHOLE: Part = Part { lasting: 1.0, fading: 0.0 };

    pub(super) fn total(self) -> f64 {
        self.lasting + self.fading
    }
}

/// What the targets of a model mean.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meaning {
    /// 1 for liked, -1 for disliked.
    Preference,
    /// Ratings, as they were in training.
    Rating,
}

impl Meaning {
    /// As the model's training had them.
    pub fn of(model: &Model) -> Meaning {
        if model.recipe().algorithm == Algorithm::Sgd { Meaning::Rating } else { Meaning::Preference }
    }
}

/// How a model's training counted an interaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interaction {
    meaning: Meaning,
    /// What its value adds to the weight.
    confidence: f32,
}

impl Interaction {
    pub(super) fn of(model: &Model) -> Interaction {
        Interaction {
            meaning: Meaning::of(model),
            confidence: model
                .metadata()
                .get("confidence")
                .and_then(|text| decimal::parse(text))
                .unwrap_or(0.0),
        }
    }

    /// What each unit of a value adds to the weight.
    pub(super) fn confidence(self) -> f32 {
        self.confidence
    }

    pub(super) fn observe(self, item: u32, value: f32) -> Observation {
        Observation {
            item,
            target: if self.meaning == Meaning::Rating { value } else { 1.0 },
            weight: 1.0 + self.confidence * value,
        }
    }
}
