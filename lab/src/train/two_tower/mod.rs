//! The deep model: two towers whose inner product is the score, and whose result is again a compact matrix.
//!
//! The **item tower** is an item's own embedding plus a linear map of its content features: `v = e + X C`. It runs
//! once, at the end of training; its output is packed as ordinary item factors. The **user tower** reads the mean m
//! of the vectors of a user's past items and the user's traits t,
//!
//! ```text
//! u = m + W₂ tanh(W₁ [m, t] + b₁) + b₂         score = u·v + b
//! ```
//!
//! and travels beside the factors ([`Tower`]): a visitor's vector is one pass through it, in the browser too.
//! Covington, Adams and Sargin, "Deep neural networks for YouTube recommendations" (2016), with the item's vectors
//! shared between both ends as in Steck's and Liang's autoencoders ("Variational autoencoders for collaborative
//! filtering", 2018, whose dropout of half the history and whose multinomial likelihood are used here).
//!
//! A mini-batch is of users, not of interactions. **Softmax** is over the batch's own items and a uniform sample of
//! the others, which stand for all others by their weight in the denominator; a catalogue that is small enough is
//! taken whole. Only what is hidden from the user tower is asked: what it sees it need not find. **MSE** is on the
//! observed ratings. Gradients come from burn, steps from Adam (Kingma and Ba, 2015).
//!
//! burn rather than candle: on the two cores where both were tried, the same step took 54 ms and 130 ms, the first
//! build 2:44 and 5:10 minutes, with 140 and 158 crates.

mod batch;
mod network;

use super::{Epoch, Interactions, Observer, Snapshot, Trained, init, ranges};
use crate::cold_start::Features;
use crate::cold_start::traits::TOWER;
use batch::Batches;
use foldin::error::{Error, Problem, Result};
use foldin::model::{Algorithm, Factors, Recipe};
use foldin::visitor::Tower;
use ndarray::Array2;
use network::Network;

/// What is minimised.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Loss {
    /// Cross-entropy of a user's items among the catalogue: for rankings.
    Softmax,
    /// Squared error of ratings.
    Mse,
}

impl Loss {
    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Loss::Softmax => "softmax",
            Loss::Mse => "mse",
        }
    }
}

/// What is known of items and users besides their interactions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Content features, [items, width].
    pub items: Option<Array2<f32>>,
    /// What the traits are, and each user's, [users, width].
    pub users: Option<(Features, Array2<f32>)>,
}

/// Hyperparameters of the two towers.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Width of the user tower's hidden layer, at least 1.
    pub hidden: usize,
    /// Passes over the users, at least 1.
    pub epochs: usize,
    /// Users a mini-batch, at least 1.
    pub batch: usize,
    /// Items in a softmax, beside the batch's own.
    pub candidates: usize,
    /// Length of Adam's first step, above 0; the others fall along a line to 0 after the last epoch.
    pub learning_rate: f32,
    /// What Adam adds to a gradient, times the parameter; 0 or more.
    pub regularization: f32,
    /// The share of a history that is hidden from the user tower while training, from 0 to below 1.
    pub dropout: f32,
    /// What is minimised.
    pub loss: Loss,
    /// Of the first parameters, the batches and what is hidden.
    pub seed: u64,
    /// Features and traits.
    pub side: Side,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            hidden: 128,
            epochs: 30,
            batch: 32,
            candidates: 4096,
            learning_rate: 1e-2,
            regularization: 1e-6,
            dropout: 0.5,
            loss: Loss::Softmax,
            seed: 1,
            side: Side::default(),
        }
    }
}

impl Options {
    fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        let least = [("hidden", self.hidden), ("batch", self.batch), ("candidates", self.candidates)];
        if let Some((field, _)) = least.into_iter().find(|(_, value)| *value == 0) {
            return Err(Error::argument(field, "at least 1", 0));
        }
        ranges::size(self.dim, self.epochs)?;
        ranges::descent(self.learning_rate, 1.0, self.regularization)?;
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(Error::argument("dropout", "a share from 0 to below 1", self.dropout));
        }
        let rows = |field, rows: Option<usize>, expected: usize| match rows {
            Some(rows) if rows != expected => Err(Error::argument(field, format!("{expected} rows"), rows)),
            _ => Ok(()),
        };
        rows("items", self.side.items.as_ref().map(Array2::nrows), interactions.items())?;
        rows("users", self.side.users.as_ref().map(|(_, rows)| rows.nrows()), interactions.users())
    }
}

/// Learns both towers.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used,
/// [`Problem::Diverged`] when the learning rate is too large for the data.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let mean = match options.loss {
        Loss::Softmax => 0.0,
        Loss::Mse => interactions.matrix.values.iter().sum::<f32>() / interactions.matrix.entries() as f32,
    };
    let mut batches = Batches::new(interactions, options, mean);
    let mut network = Network::new(interactions, options);
    let mut history = Vec::new();
    let mut towers = network.towers(interactions, options)?;
    let steps = options.epochs * batches.count();
    let mut rates = (0..steps).map(|step| options.learning_rate * (1.0 - step as f32 / steps as f32));
    for number in 1..=options.epochs {
        let (mut loss, mut weight) = (0.0, 0.0);
        for batch in batches.epoch() {
            let count = batch.interactions() as f64;
            let rate = rates.next().expect("one a batch");
            loss += network.step(batch, rate) * count;
            weight += count;
        }
        let epoch = Epoch { epoch: number, loss: loss / weight };
        towers = network.towers(interactions, options)?;
        if !epoch.loss.is_finite() || !towers.is_finite() {
            return Err(Problem::Diverged {
                epoch: number,
                what: "the loss or a parameter",
                remedy: "use a smaller --learning-rate",
            }
            .into());
        }
        history.push(epoch);
        if observer.epoch(epoch, &towers.snapshot(mean)).is_break() {
            break;
        }
    }
    finish(interactions, options, towers, history, mean)
}

/// What both towers make of all items and users.
pub(super) struct Towers {
    /// [items, dim]
    items: Array2<f32>,
    /// [items]
    biases: Vec<f32>,
    /// [users, dim]
    users: Array2<f32>,
    tower: Tower,
}

impl Towers {
    fn is_finite(&self) -> bool {
        self.items.iter().chain(&self.biases).chain(&self.users).all(|v| v.is_finite())
    }

    fn snapshot(&self, mean: f32) -> Snapshot<'_> {
        Snapshot {
            users: self.users.view(),
            items: self.items.view(),
            user_biases: None,
            item_biases: Some(&self.biases),
            mean,
        }
    }
}

fn finish(
    interactions: &Interactions,
    options: &Options,
    towers: Towers,
    history: Vec<Epoch>,
    mean: f32,
) -> Result<Trained> {
    let recipe = Recipe {
        algorithm: Algorithm::TwoTower,
        unobserved_weight: 0.0,
        regularization: options.regularization,
        frequency_exponent: 0.0,
        mean,
    };
    let further = [
        ("epochs", history.len().to_string()),
        ("hidden", options.hidden.to_string()),
        ("batch", options.batch.to_string()),
        ("learning_rate", options.learning_rate.to_string()),
        ("loss", options.loss.name().to_string()),
        ("seed", options.seed.to_string()),
    ];
    let items = super::factors(interactions, towers.items, recipe, further);
    let mut rooms = towers.tower.tensors()?;
    rooms.extend(options.side.users.iter().flat_map(|(traits, _)| traits.tensors(TOWER)));
    let items = Factors { biases: Some(towers.biases), rooms, ..items };
    Ok(Trained { items, users: towers.users, user_biases: None, history })
}
