//! The hyperparameters of each task, tuned on a validation part of its training data.

use foldin::train::{ials, sgd};

/// Rankings on MovieLens 100K.
pub fn hundred_thousand(dim: usize, seed: u64) -> ials::Options {
    ials::Options {
        dim,
        epochs: 16,
        unobserved_weight: 0.3,
        regularization: 0.01,
        seed,
        ..ials::Options::default()
    }
}

/// Rankings on MovieLens 1M.
pub fn one_million(dim: usize, seed: u64) -> ials::Options {
    ials::Options {
        dim,
        epochs: 16,
        unobserved_weight: 0.3,
        regularization: 0.003,
        seed,
        ..ials::Options::default()
    }
}

/// The last interaction among 99 negatives on MovieLens 1M.
pub fn ncf(dim: usize, seed: u64) -> ials::Options {
    one_million(dim, seed)
}

/// Ratings of MovieLens 100K.
pub fn ratings(seed: u64) -> sgd::Options {
    sgd::Options { seed, ..sgd::Options::default() }
}

/// Regularisations that EASE may choose from.
pub const EASE: [f64; 5] = [50.0, 100.0, 200.0, 400.0, 800.0];
