//! iALS's two weights where nobody gives them, by how dense the interactions are.
//!
//! What counts are the sums that the objective of [`ials`] adds up: of a user with `W` interactions among `n` items the
//! unobserved pairs weigh `alpha0 n`, and the regularisation `lambda (W + alpha0 n)`. With the density `d = W / n`, an
//! interaction stands against `alpha0 / d` and `lambda (1 + alpha0 / d)`. Fixed weights let both grow without bound where
//! data are sparse, until nothing is learned. So
//!
//! ```text
//! alpha0 = 0.3 sqrt(d / 0.05)                  the unobserved pairs gain on an interaction with the root of 1 / d only
//! lambda (1 + alpha0 / d) = 0.01 (1 + 0.3 / 0.05)     an interaction is regularised alike whatever the density
//! ```
//!
//! and both are what does best on MovieLens where data are as dense as that (0.04 to 0.06), or denser. The rule gives
//! 0.1 and 0.0035 for MovieLens 20M, 0.05 and 0.0019 for the Million Song Dataset; Rendle et al. (2021) searched and found
//! 0.1 and 0.003, 0.02 and 0.002.

use super::{Interactions, ials};

/// The density from which on the defaults stand.
const DENSE: f64 = 0.05;

impl ials::Options {
    /// The defaults, with an unobserved weight and a regularisation that suit the density of `interactions`.
    pub fn suited_to(interactions: &Interactions) -> ials::Options {
        let default = ials::Options::default();
        let density = density(interactions);
        let (weight, regularization) =
            (f64::from(default.unobserved_weight), f64::from(default.regularization));
        let sparser = (density / DENSE).min(1.0);
        let unobserved = weight * sparser.sqrt();
        let strength = regularization * (1.0 + weight / DENSE);
        ials::Options {
            unobserved_weight: short(unobserved),
            regularization: short(strength / (1.0 + unobserved / density)).min(default.regularization),
            ..default
        }
    }
}

/// The share of all pairs of a user and an item that were observed; users without any do not count. 1 where there is
/// nothing.
fn density(interactions: &Interactions) -> f64 {
    let users = interactions.matrix.offsets.windows(2).filter(|ends| ends[0] < ends[1]).count();
    let pairs = users as f64 * interactions.items() as f64;
    if pairs > 0.0 { interactions.matrix.entries() as f64 / pairs } else { 1.0 }
}

/// In two digits: a command line is to be read, and the third digit says nothing.
pub(crate) fn short(value: f64) -> f32 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    if value > 0.0 { (libm::round(value / unit) * unit) as f32 } else { 0.0 }
}
