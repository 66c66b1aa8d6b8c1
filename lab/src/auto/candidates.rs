//! What is tried.

use crate::train::ials;
use crate::train::short;

/// Which of iALS's two weights may be tried at other values, because nobody gave them.
#[derive(Clone, Copy, Debug)]
pub struct Free {
    /// [`ials::Options::unobserved_weight`]
    pub unobserved_weight: bool,
    /// [`ials::Options::regularization`]
    pub regularization: bool,
}

/// Steps away from what suits the density: the unobserved weight and the regularisation, each times so much. Data of the
/// same density differ by as much in what is best for them, hardly by more.
const STEPS: [(f32, f32); 4] = [(1.0, 1.0), (1.0, 3.0), (1.0, 0.3), (0.3, 1.0)];

/// Settings of iALS around `suited`, which comes first.
pub fn ladder(suited: &ials::Options, free: Free) -> Vec<ials::Options> {
    let step = |value: f32, by: f32| if by == 1.0 { value } else { short(f64::from(value * by)) };
    let allowed = |(weight, regularization): &(f32, f32)| {
        (free.unobserved_weight || *weight == 1.0) && (free.regularization || *regularization == 1.0)
    };
    let at = |(weight, regularization)| ials::Options {
        unobserved_weight: step(suited.unobserved_weight, weight),
        regularization: step(suited.regularization, regularization),
        ..suited.clone()
    };
    STEPS.into_iter().filter(allowed).map(at).collect()
}
