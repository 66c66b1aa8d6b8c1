//! Where factors come from. Each algorithm takes [`Interactions`] and its options and returns [`Trained`];
//! all of them also compile to wasm. Natively they run on all cores; a seed gives the same factors whatever
//! the number of threads.

mod interactions;

pub use interactions::{Csr, Interactions};

use crate::model::Factors;
use ndarray::Array2;
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
    /// The objective that the algorithm minimises, a user-item pair or an observed cell as it defines it.
    pub loss: f64,
}

/// Told after each epoch; may end the training early, which then returns what it has.
pub trait Observer {
    /// `users` and `items` are the factors as they are now.
    fn epoch(&mut self, epoch: Epoch) -> ControlFlow<()>;
}

impl<F: FnMut(Epoch) -> ControlFlow<()>> Observer for F {
    fn epoch(&mut self, epoch: Epoch) -> ControlFlow<()> {
        self(epoch)
    }
}
