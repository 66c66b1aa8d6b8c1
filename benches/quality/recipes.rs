//! The hyperparameters of each task, tuned on a validation part of its training data.

use foldin_lab::train::{Csr, bpr, ials, sgd};

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

/// The NCF benchmark on MovieLens 1M. Chosen by NDCG@10 on three parts of the training pairs, one in forty of each user's
/// hidden and at least one, as the mean over all draws of 99 negatives. Two ways of hiding, because the last interaction
/// is none drawn at random (popularity reaches an HR@10 of 0.56 there, and 0.45 on the benchmark): all alike, and with
/// chances of count^-0.32, so that popularity reaches 0.45 too. Popularity exponents of 0.1, 0.2 and 0.25 have 0.6116,
/// 0.6109 and 0.6095 by the first, 0.5480, 0.5522 and 0.5536 by the second; an activity exponent of 0.2 adds 0.0009 and
/// 0.0002 to 0.2.
pub fn ncf(seed: u64) -> ials::Options {
    ials::Options {
        dim: 192,
        epochs: 12,
        unobserved_weight: 0.2,
        popularity_exponent: 0.2,
        activity_exponent: 0.2,
        regularization: 0.0085,
        seed,
        ..ials::Options::default()
    }
}

/// The same, learning from genres and years too. By the two ways of hiding, features alone add 0.0010 and 0.0018 to
/// NDCG@10 (0.0001 on the benchmark itself), and weights of 2 and 5 add 0.0009 by the first; each year and each five years
/// as a feature, instead of ten spans that overlap, are as good. Genres crossed with decades add 0.0007 and 0.0008 more, in
/// each of four parts by both ways (0.0007 on the benchmark itself). Pairs of genres and words of titles do not help.
pub fn ncf_with_content(seed: u64, content: Csr) -> ials::Options {
    ials::Options { content, content_weight: 3.0, ..ncf(seed) }
}

/// Unseen users of MovieLens 1M.
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

/// Rankings on MovieLens 100K by pairs: the defaults, which did best on a fifth of the training part, hidden (NDCG@10
/// 0.231; a regularisation of 0.01 0.207, of 0.03 0.222; steps of one length 0.223, and those for half the epochs 0.216).
pub fn pairs(seed: u64) -> bpr::Options {
    bpr::Options { seed, ..bpr::Options::default() }
}

/// Ratings of MovieLens 100K.
pub fn ratings(seed: u64) -> sgd::Options {
    sgd::Options { dim: 64, epochs: 40, learning_rate: 0.02, decay: 0.96, regularization: 0.08, seed }
}

/// Regularisations that EASE may choose from.
pub const EASE: [f64; 6] = [100.0, 200.0, 300.0, 500.0, 1000.0, 2000.0];
