//! Powers with the same bits everywhere.

/// `base^exponent` for a base of 0 or more, to some fifteen digits. libm's own `pow` has all of them, for the weight of a
/// whole fold-in.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    // 0 times the logarithm of 0 is no number.
    if exponent == 0.0 {
        return 1.0;
    }
    libm::exp(exponent * libm::log(base))
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn a_base_of_nothing_has_powers_too() {
        assert_eq!([power(0.0, 0.0), power(0.0, 2.0), power(5.0, 0.0)], [1.0, 0.0, 1.0]);
    }
}
