//! Where factors come from. Each algorithm takes [`Interactions`] and its options and returns [`Trained`];
//! all of them also compile to wasm. Natively they run on all cores; a seed gives the same factors whatever the number
//! of threads.

mod axes;
mod blocks;
pub mod bpr;
mod density;
mod gradients;
mod gram;
pub mod ials;
mod init;
mod interactions;
pub mod next;
mod ranges;
mod row;
mod sequences;
pub mod sgd;
mod strata;
mod symmetric;
#[cfg(feature = "deep")]
pub mod two_tower;
mod vector;

pub(crate) use density::short;
pub use interactions::{Csr, Entries, Interactions, Repeat};
pub use sequences::Sequences;

use foldin::error::Result;
use foldin::model::{CatalogColumns, Factors, Recipe};
use ndarray::{Array2, ArrayView2};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What training gives.
#[derive(Clone, Debug)]
pub struct Trained {
    /// What is packed and served.
    pub items: Factors,
    /// [users, dim]; thrown away by `foldin train`, because visitors are folded in.
    pub users: Array2<f32>,
    /// Added to a user's predictions, [users]; only SGD learns it.
    pub user_biases: Option<Vec<f32>>,
    /// One entry an epoch.
    pub history: Vec<Epoch>,
}

/// How one epoch went.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Epoch {
    /// From 1.
    pub epoch: usize,
    /// The objective that the algorithm minimises, an interaction.
    pub loss: f64,
}

/// The parameters after an epoch.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// [users, dim]
    pub users: ArrayView2<'a, f32>,
    /// [items, dim]
    pub items: ArrayView2<'a, f32>,
    /// [users], where the algorithm learns them.
    pub user_biases: Option<&'a [f32]>,
    /// [items], where the algorithm learns them.
    pub item_biases: Option<&'a [f32]>,
    /// Added to every prediction.
    pub mean: f32,
}

impl<'a> Snapshot<'a> {
    /// Of an algorithm without biases.
    fn of_vectors(users: ArrayView2<'a, f32>, items: ArrayView2<'a, f32>) -> Self {
        Snapshot { users, items, user_biases: None, item_biases: None, mean: 0.0 }
    }

    /// What is predicted for a user, [items].
    pub fn predictions(&self, user: usize) -> Vec<f32> {
        let mut predictions = self.items.dot(&self.users.row(user)).to_vec();
        let offset = self.mean + self.user_biases.map_or(0.0, |biases| biases[user]);
        predictions.iter_mut().for_each(|prediction| *prediction += offset);
        if let Some(biases) = self.item_biases {
            predictions.iter_mut().zip(biases).for_each(|(prediction, bias)| *prediction += bias);
        }
        predictions
    }
}

/// Told after each epoch; may end the training early, which then returns what it has.
pub trait Observer {
    /// What to do next, seeing the epoch's loss and the parameters as they are now.
    fn epoch(&mut self, epoch: Epoch, parameters: &Snapshot<'_>) -> ControlFlow<()>;

    /// What to do next, `share` of the whole training being done, 0 to 1. Only algorithms whose epochs are long say so, in
    /// between and from the start.
    fn progress(&mut self, _share: f64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Epoch, &Snapshot<'_>) -> ControlFlow<()>> Observer for F {
    fn epoch(&mut self, epoch: Epoch, parameters: &Snapshot<'_>) -> ControlFlow<()> {
        self(epoch, parameters)
    }
}

/// The observer of a training that nobody watches.
pub fn unobserved(_: Epoch, _: &Snapshot<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// An algorithm with its hyperparameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Options {
    /// [`ials::train`]
    Ials(ials::Options),
    /// [`sgd::train`]
    Sgd(sgd::Options),
    /// [`bpr::train`]
    Bpr(bpr::Options),
    /// [`next::train`]
    Next(next::Options),
    /// [`two_tower::train`]
    #[cfg(feature = "deep")]
    TwoTower(two_tower::Options),
}

impl Options {
    /// Epochs it trains for, unless the observer ends it.
    pub fn epochs(&self) -> usize {
        match self {
            Options::Ials(options) => options.epochs,
            Options::Sgd(options) => options.epochs,
            Options::Bpr(options) => options.epochs,
            Options::Next(options) => options.epochs,
            #[cfg(feature = "deep")]
            Options::TwoTower(options) => options.epochs,
        }
    }

    /// Of everything random in it.
    pub fn seed(&self) -> u64 {
        match self {
            Options::Ials(options) => options.seed,
            Options::Sgd(options) => options.seed,
            Options::Bpr(options) => options.seed,
            Options::Next(options) => options.seed,
            #[cfg(feature = "deep")]
            Options::TwoTower(options) => options.seed,
        }
    }

    /// The same, for just so many epochs.
    pub fn with_epochs(mut self, epochs: usize) -> Options {
        match &mut self {
            Options::Ials(options) => options.epochs = epochs,
            Options::Sgd(options) => options.epochs = epochs,
            Options::Bpr(options) => options.epochs = epochs,
            Options::Next(options) => (options.epochs, options.patience) = (epochs, 0),
            #[cfg(feature = "deep")]
            Options::TwoTower(options) => options.epochs = epochs,
        }
        self
    }
}

/// Learns with the algorithm that `options` names.
///
/// # Errors
/// As [`ials::train`] and its like.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    match options {
        Options::Ials(options) => ials::train(interactions, options, observer),
        Options::Sgd(options) => sgd::train(interactions, options, observer),
        Options::Bpr(options) => bpr::train(interactions, options, observer),
        Options::Next(options) => next::train(interactions, options, observer),
        #[cfg(feature = "deep")]
        Options::TwoTower(options) => two_tower::train(interactions, options, observer),
    }
}

/// Item factors with what the interactions tell of the items, and further hyperparameters for the metadata.
/// The catalogue is the caller's to add.
fn factors<const N: usize>(
    interactions: &Interactions,
    values: Array2<f32>,
    recipe: Recipe,
    hyperparameters: [(&str, String); N],
) -> Factors {
    let mut metadata = BTreeMap::from(hyperparameters.map(|(key, value)| (key.to_owned(), value)));
    metadata.insert("users".into(), interactions.users().to_string());
    metadata.insert("interactions".into(), interactions.matrix.entries().to_string());
    Factors {
        values,
        ids: Some(interactions.item_ids.clone()),
        biases: None,
        counts: Some(interactions.item_counts()),
        trend: None,
        together: None,
        recipe,
        catalog: CatalogColumns::default(),
        rooms: Vec::new(),
        metadata,
    }
}
