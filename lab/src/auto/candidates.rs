//! Settings of iALS that are tried.

use crate::train::{ials, short};

/// An option of iALS that is tried at other values, because nobody gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    /// [`ials::Options::unobserved_weight`]
    UnobservedWeight,
    /// [`ials::Options::regularization`]
    Regularization,
    /// [`ials::Options::popularity_exponent`]
    PopularityExponent,
}

impl Axis {
    /// All axes, in the order in which they are searched: each from the best so far.
    pub const ALL: [Axis; 3] = [Axis::UnobservedWeight, Axis::Regularization, Axis::PopularityExponent];

    /// `from` with other values of this option. Data of the same density differ by these factors in what is best for
    /// them, hardly by more.
    pub fn steps(self, from: &ials::Options) -> Vec<ials::Options> {
        let times = |value: f32, factor: f32| short(f64::from(value * factor));
        match self {
            Axis::UnobservedWeight => {
                vec![ials::Options { unobserved_weight: times(from.unobserved_weight, 0.3), ..from.clone() }]
            }
            Axis::Regularization => [3.0, 0.3]
                .map(|by| ials::Options { regularization: times(from.regularization, by), ..from.clone() })
                .into(),
            Axis::PopularityExponent => {
                vec![ials::Options { popularity_exponent: 0.25, ..from.clone() }]
            }
        }
    }
}
