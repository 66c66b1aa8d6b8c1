//! How good a recommender is, on interactions that it has not seen.
//!
//! A [`Fold`] is what one experiment may know and what it must find: interactions to train on, and for each
//! user a part that is given and a part that is hidden ([`split`]). A [`Ranker`] scores every item for a user
//! from the given part ([`Given`]: in its order, with its times); a model does so as the browser would, through the
//! same door ([`Served`]), and so do the [`baselines`]. [`Judge`] ranks all items that were not given and measures where
//! the hidden ones stand ([`metrics`], [`beyond`]); [`Ncf`] ranks each hidden item among given negatives, only
//! to compare with papers; [`Replay`] follows users event by event and looks for each next one. A [`Tally`] collects what was measured, user by user, and reports means with their
//! 95 % [`interval`]. [`Validation`] judges a training while it goes on, and [`EarlyStopping`] ends it.
//! [`stability()`] compares a model with the one before it.

mod align;
pub mod baselines;
pub mod beyond;
mod history;
pub mod interval;
mod judge;
pub mod metrics;
mod ncf;
mod quality;
mod replay;
mod served;
pub mod split;
mod stability;
mod tally;
mod validation;

pub use align::{by_users, union, with_items};
pub use history::{Given, History};
pub use judge::Judge;
pub use ncf::Ncf;
pub use quality::ndcg;
pub use replay::{Replay, Walk};
pub use served::Served;
pub use split::{Fold, Split};
pub use stability::{Stability, stability};
pub use tally::{Report, Tally};
pub use validation::{EarlyStopping, Goal, Validated, Validation};

use foldin::error::Result;

/// Anything that scores items for a user of whom some interactions are known.
pub trait Ranker: Sync {
    /// A score for every item of the fold, [items]; the higher the better.
    ///
    /// # Errors
    /// What the recommender refuses.
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>>;

    /// The values (ratings) that are predicted for `items`, so that their errors can be measured; None where none are.
    ///
    /// # Errors
    /// As [`Ranker::scores`].
    fn predict(&self, _given: Given<'_>, _items: &[u32]) -> Result<Option<Vec<f32>>> {
        Ok(None)
    }

    /// The same for a user who is watched: asked after each event, it does not start from the first one again.
    fn follow(&self) -> Box<dyn Follower + '_> {
        Box::new(Remembering { ranker: self, history: History::default() })
    }
}

/// A ranker with one user, event by event.
pub trait Follower {
    /// Takes in what the user did next.
    ///
    /// # Errors
    /// What the recommender refuses.
    fn see(&mut self, event: Interaction) -> Result<()>;

    /// As [`Ranker::scores`], as of now.
    ///
    /// # Errors
    /// As [`Ranker::scores`].
    fn scores(&self) -> Result<Vec<f32>>;

    /// As [`Ranker::predict`] for one item, as of now.
    ///
    /// # Errors
    /// As [`Ranker::scores`].
    fn predict(&self, _item: u32) -> Result<Option<f32>> {
        Ok(None)
    }
}

/// One interaction of a user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interaction {
    /// An item of the fold.
    pub item: u32,
    /// A rating, or 1.
    pub value: f32,
    /// Seconds since 1970; None where only the order is known.
    pub time: Option<f64>,
}

/// Follows a user by asking the ranker with all that is known.
struct Remembering<'a, R: ?Sized> {
    ranker: &'a R,
    history: History,
}

impl<R: Ranker + ?Sized> Follower for Remembering<'_, R> {
    fn see(&mut self, Interaction { item, value, time }: Interaction) -> Result<()> {
        self.history.items.push(item);
        self.history.values.push(value);
        if let Some(time) = time {
            self.history.times.get_or_insert_default().push(time);
        }
        Ok(())
    }

    fn scores(&self) -> Result<Vec<f32>> {
        self.ranker.scores(self.history.given())
    }

    fn predict(&self, item: u32) -> Result<Option<f32>> {
        let predicted = self.ranker.predict(self.history.given(), &[item])?;
        Ok(predicted.and_then(|values| values.first().copied()))
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
