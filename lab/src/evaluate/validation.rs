//! The one figure that trainings are compared by, and the early stopping that follows it.

use super::judge::best_first;
use super::{Fold, Split, metrics};
use crate::parallel;
use crate::train::{Epoch, Interactions, Observer, Options, Snapshot};
use foldin::error::{Error, Result};
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// What the hidden interactions are for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Goal {
    /// To come first: NDCG@10, the higher the better.
    Ranking,
    /// To be predicted: RMSE, the lower the better.
    Ratings,
}

impl Goal {
    /// Of the algorithm that has these options.
    pub fn of(options: &Options) -> Goal {
        if matches!(options, Options::Sgd(_)) { Goal::Ratings } else { Goal::Ranking }
    }

    /// The metric's name, as in reports.
    pub fn metric(self) -> &'static str {
        match self {
            Goal::Ranking => "ndcg@10",
            Goal::Ratings => "rmse",
        }
    }

    /// The figure of a training that failed.
    pub fn worst(self) -> f64 {
        match self {
            Goal::Ranking => 0.0,
            Goal::Ratings => f64::MAX,
        }
    }

    /// Whether `new` is better.
    pub fn improves(self, new: f64, old: f64) -> bool {
        self.best_first(new, old).is_lt()
    }

    /// The order of two figures.
    pub fn best_first(self, a: f64, b: f64) -> Ordering {
        match self {
            Goal::Ranking => b.total_cmp(&a),
            Goal::Ratings => a.total_cmp(&b),
        }
    }
}

/// How one epoch did on what was hidden.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Validated {
    /// From 1.
    pub epoch: usize,
    /// On what was learned from.
    pub loss: f64,
    /// On what was hidden, by the goal's metric.
    pub value: f64,
}

/// Interactions that are hidden from a training to see when it has learned enough.
#[derive(Debug)]
pub struct Validation {
    fold: Fold,
    goal: Goal,
    /// The users that are judged, evenly among all.
    users: Vec<usize>,
}

/// Users that an epoch is judged by: enough for three digits, few enough to take less time than the epoch.
const MOST_USERS: usize = 2000;

impl Validation {
    /// Hides a random `share` of the interactions.
    ///
    /// # Errors
    /// As [`Split::folds`]; the option is called `validation`.
    pub fn new(interactions: &Interactions, share: f64, seed: u64, goal: Goal) -> Result<Validation> {
        if !(share > 0.0 && share < 1.0) {
            return Err(Error::argument("validation", "a share between 0 and 1", share));
        }
        let fold = Split::Random { hidden: share }.folds(interactions, seed)?.swap_remove(0);
        let users = fold.users();
        let stride = users.len().div_ceil(MOST_USERS);
        Ok(Validation { fold, goal, users: users.into_iter().step_by(stride).collect() })
    }

    /// What may be learned from.
    pub fn train(&self) -> &Interactions {
        &self.fold.train
    }

    /// What is measured.
    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// The goal's metric for parameters as they are during training, each user with their own vector.
    pub fn judge(&self, parameters: &Snapshot<'_>) -> f64 {
        let of_users = |of_user: &(dyn Fn(usize) -> f64 + Sync)| -> f64 {
            parallel::map(self.users.clone(), of_user).iter().sum()
        };
        match self.goal {
            Goal::Ranking => of_users(&|user| self.ndcg(user, parameters)) / self.users.len() as f64,
            Goal::Ratings => {
                let ratings: usize = self.users.iter().map(|&user| self.fold.hidden.row(user).0.len()).sum();
                (of_users(&|user| self.squared_error(user, parameters)) / ratings as f64).sqrt()
            }
        }
    }

    fn ndcg(&self, user: usize, parameters: &Snapshot<'_>) -> f64 {
        let scores = parameters.predictions(user);
        let (given, hidden) = (self.fold.given.matrix.row(user).0, self.fold.hidden.row(user).0);
        let mut list: Vec<u32> =
            (0..scores.len() as u32).filter(|item| given.binary_search(item).is_err()).collect();
        best_first(&mut list, 10, &scores);
        let hits: Vec<bool> = list.iter().map(|item| hidden.binary_search(item).is_ok()).collect();
        metrics::ndcg(&hits, 10, hidden.len())
    }

    fn squared_error(&self, user: usize, parameters: &Snapshot<'_>) -> f64 {
        let predictions = parameters.predictions(user);
        let (hidden, actual) = self.fold.hidden.row(user);
        let predicted: Vec<f32> = hidden.iter().map(|&item| predictions[item as usize]).collect();
        metrics::squared_error(&predicted, actual)
    }
}

/// Ends a training when the validation has not improved for `patience` epochs.
#[derive(Debug)]
pub struct EarlyStopping<'a> {
    validation: &'a Validation,
    patience: usize,
    history: Vec<Validated>,
    best: Option<Validated>,
}

impl<'a> EarlyStopping<'a> {
    /// With a patience of at least 1.
    pub fn new(validation: &'a Validation, patience: usize) -> EarlyStopping<'a> {
        EarlyStopping { validation, patience: patience.max(1), history: Vec::new(), best: None }
    }

    /// The best epoch so far; None before the first.
    pub fn best(&self) -> Option<Validated> {
        self.best
    }

    /// All epochs so far.
    pub fn history(&self) -> &[Validated] {
        &self.history
    }
}

impl Observer for EarlyStopping<'_> {
    fn epoch(&mut self, epoch: Epoch, parameters: &Snapshot<'_>) -> ControlFlow<()> {
        let value = self.validation.judge(parameters);
        let validated = Validated { epoch: epoch.epoch, loss: epoch.loss, value };
        self.history.push(validated);
        if self.best.is_none_or(|best| self.validation.goal.improves(value, best.value)) {
            self.best = Some(validated);
        }
        let best = self.best.map_or(0, |best| best.epoch);
        if epoch.epoch - best >= self.patience { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
