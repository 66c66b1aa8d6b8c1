//! How good a recommender is, on interactions that it has not seen.
//!
//! A [`Fold`] is what one experiment may know and what it must find: interactions to train on, and for each
//! user a part that is given and a part that is hidden ([`split`]). A [`Ranker`] scores every item for a user
//! from the given part; a model does so as the browser would, by fold-in and through the score room
//! ([`Served`]), and so do the [`baselines`]. [`Judge`] ranks all items that were not given and measures where
//! the hidden ones stand ([`metrics`], [`beyond`]); [`Ncf`] ranks each hidden item among given negatives, only
//! to compare with papers. A [`Tally`] collects what was measured, user by user, and reports means with their
//! 95 % [`interval`]. [`Validation`] judges a training while it goes on, and [`EarlyStopping`] ends it.
//! [`stability()`] compares a model with the one before it.

mod align;
pub mod baselines;
pub mod beyond;
pub mod interval;
mod judge;
pub mod metrics;
mod ncf;
mod quality;
mod served;
pub mod split;
mod stability;
mod tally;
mod validation;

pub use align::{by_users, union, with_items};
pub use judge::Judge;
pub use ncf::Ncf;
pub use quality::ndcg;
pub use served::Served;
pub use split::{Fold, Split};
pub use stability::{Stability, stability};
pub use tally::{Report, Tally};
pub use validation::{EarlyStopping, Goal, Validated, Validation};

use foldin::error::Result;

/// What is known of a user: items, rising, and a value each.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Items of the fold.
    pub items: &'a [u32],
    /// As long as `items`.
    pub values: &'a [f32],
}

/// Anything that scores items for a user of whom some interactions are known.
pub trait Ranker: Sync {
    /// A score for every item of the fold, [items]; the higher the better.
    ///
    /// # Errors
    /// What the recommender refuses.
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>>;

    /// Whether a score is a predicted value (a rating), so that its error can be measured.
    fn predicts_values(&self) -> bool {
        false
    }
}

/// A way to measure rankers.
pub trait Protocol {
    /// An empty tally of what is measured.
    fn tally(&self) -> Tally;

    /// Judges every user of the fold who has something hidden; `tick` is called after each one.
    ///
    /// # Errors
    /// What the ranker refuses.
    fn run(&self, ranker: &dyn Ranker, tally: &mut Tally, tick: &(dyn Fn() + Sync)) -> Result<()>;
}
