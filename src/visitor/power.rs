//! Powers with the same bits everywhere.

/// `base^exponent` for a base above 0, to some fifteen digits. libm's own `pow` has all of them, for the weight of a
/// whole fold-in.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    libm::exp(exponent * libm::log(base))
}
