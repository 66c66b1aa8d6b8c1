//! The hyperparameters of each task, tuned on a validation part of its training data.

use foldin::train::{ials, sgd};

/// Rankings on MovieLens 100K.
pub fn hundred_thousand(dim: usize, seed: u64) -> ials::Options {
    ials::Options {
        dim,
        epochs: 16,
        unobserved_weight: 0.4,
        regularization: 0.015,
        seed,
        ..ials::Options::default()
    }
}

/// Rankings on MovieLens 1M.
pub fn one_million(dim: usize, seed: u64) -> ials::Options {
    ials::Options {
        dim,
        epochs: 16,
        unobserved_weight: 0.18,
        regularization: 0.008,
        seed,
        ..ials::Options::default()
    }
}

/// Ratings of MovieLens 100K.
pub fn ratings(seed: u64) -> sgd::Options {
    sgd::Options { dim: 64, epochs: 40, learning_rate: 0.02, decay: 0.96, regularization: 0.08, seed }
}

/// Regularisations that EASE may choose from.
pub const EASE: [f64; 4] = [200.0, 300.0, 500.0, 1000.0];
