//! A number of bytes on the command line.

use std::fmt;
use std::str::FromStr;

/// A number of bytes: `1000`, `500kB`, `1MB` or `64G`, powers of 1000, or with an `i`, as `512MiB`, of 1024.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size(pub u64);

const UNITS: [(&str, u32); 5] = [("", 0), ("K", 1), ("M", 2), ("G", 3), ("T", 4)];

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Size, &'static str> {
        let expected = "expected a number of bytes such as 500kB, 1.5MB, 64G or 512MiB";
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim_start().to_ascii_uppercase();
        let unit = unit.strip_suffix('B').unwrap_or(&unit);
        let (unit, base) = unit.strip_suffix('I').map_or((unit, 1000f64), |unit| (unit, 1024.0));
        let (_, power) = UNITS.into_iter().find(|&(name, _)| name == unit).ok_or(expected)?;
        let number: f64 = number.parse().map_err(|_| expected)?;
        let bytes = number * base.powi(power as i32);
        // Above, not every whole number has an f64 of its own.
        if bytes > (1u64 << 53) as f64 || (power == 0 && (base == 1024.0 || number.fract() != 0.0)) {
            return Err(expected);
        }
        Ok(Size(bytes as u64))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1000_and_with_an_i_of_1024() {
        let sizes = [
            ("0", 0),
            ("20000000", 20_000_000),
            ("12B", 12),
            ("500kB", 500_000),
            ("1.5 MB", 1_500_000),
            ("64G", 64_000_000_000),
            ("2KiB", 2048),
            ("1Mi", 1 << 20),
            ("1TiB", 1 << 40),
        ];
        for (text, bytes) in sizes {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "-1", "nan", "inf", "1e3", "many", "MB", "1XB", "1.5", "1iB", "1..2M", "1 M B", "99999T"]
        {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
