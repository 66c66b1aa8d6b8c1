//! Decimal numbers as text, both ways. The standard library's are exact to the last bit of every number, which
//! weighs more in the browser than the whole fold-in; messages and hyperparameters need less.

use std::fmt;

/// A number in a message: up to six decimals.
pub struct Decimal(pub f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decimal(number) = *self;
        if number.is_nan() {
            return f.write_str("NaN");
        }
        f.write_str(if number < 0.0 { "-" } else { "" })?;
        if number.abs() >= 1e12 {
            return f.write_str(if number.is_infinite() { "infinity" } else { "more than 10^12" });
        }
        let millionths = (number.abs() * 1e6 + 0.5) as u64;
        let (whole, mut rest) = (millionths / 1_000_000, millionths % 1_000_000);
        write!(f, "{whole}")?;
        let mut digits = 6;
        while rest != 0 && rest.is_multiple_of(10) {
            rest /= 10;
            digits -= 1;
        }
        if rest == 0 { Ok(()) } else { write!(f, ".{rest:0digits$}") }
    }
}

/// Reads a number that is not negative, such as `0.003` or `1e-7`.
///
/// Exact for all that prints an f32 in its shortest form: its digits fit 53 bits, and one rounding to f64 is far
/// too small to move it to another f32.
pub fn parse(text: &str) -> Option<f32> {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((digits, exponent)) => (digits, exponent.parse::<i8>().ok()?),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || decimals.len() > 60 {
        return None;
    }
    let mut mantissa = 0u64;
    let mut scale = i32::from(exponent) - decimals.len() as i32;
    for digit in whole.bytes().chain(decimals.bytes()) {
        let digit = digit.wrapping_sub(b'0');
        match digit {
            // Digits beyond the sixteenth are below any f32.
            0..=9 if mantissa < 900_000_000_000_000 => mantissa = mantissa * 10 + u64::from(digit),
            0..=9 => scale += 1,
            _ => return None,
        }
    }
    let power = 10f64.powi(scale.abs());
    let value = if scale < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    Some(value as f32).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_are_short() {
        let texts = [0.0, 1.0, -2.5, 0.1, 1e-9, 1e15, f64::NEG_INFINITY, f64::NAN, 1999.000001];
        let wanted = ["0", "1", "-2.5", "0.1", "0", "more than 10^12", "-infinity", "NaN", "1999.000001"];
        assert_eq!(texts.map(|number| Decimal(number).to_string()), wanted);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", ".", ".5", "-1", "1e", "1e999", "NaN", "inf", "1,5", "0x1", "1e30 ", "1e99"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_printed_hyperparameter_is_read_back(bits in 0u32..0x7f80_0000) {
            let number = f32::from_bits(bits);
            prop_assume!(number == 0.0 || (1e-12..1e12).contains(&number));
            prop_assert_eq!(parse(&number.to_string()), Some(number));
            prop_assert_eq!(parse(&format!("{number:e}")), Some(number));
        }
    }
}
