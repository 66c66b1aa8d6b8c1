//! Fields that hold numbers, or nothing.

use super::bad_lines::Bad;

/// Which sign stands before the decimals.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    /// `4.5`; commas stand between thousands.
    #[default]
    Point,
    /// `4,5`; points stand between thousands.
    Comma,
}

/// Whether a field says that there is nothing, in the words of databases and languages.
pub(super) fn is_null(text: &str) -> bool {
    const WORDS: [&str; 9] = ["\\n", "null", "nan", "none", "<na>", "nat", "#n/a", "(null)", "<null>"];
    match text.as_bytes() {
        [] => true,
        // Most ids are numbers, and all are looked at.
        [b'0'..=b'9', ..] => false,
        _ => text.len() <= 6 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)),
    }
}

/// The same where a number is expected: `-` and `NA`, too, which as an id may mean something.
pub(super) fn is_no_number(text: &str) -> bool {
    const WORDS: [&str; 8] = ["-", "--", "na", "n/a", "nil", "?", ".", "unknown"];
    is_null(text) || text.len() <= 7 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

impl Decimal {
    /// What the numbers of a column show: a comma before anything but three digits is no thousands' comma.
    pub(super) fn of<'a>(fields: impl Iterator<Item = &'a str>, commas_separate: bool) -> Decimal {
        let (mut with_comma, mut decimal) = (false, false);
        for field in fields.filter(|field| !is_no_number(field)) {
            let bare = field.trim_start_matches(['-', '+']);
            if let Some((whole, rest)) = bare.split_once(',') {
                with_comma = true;
                let is_grouped = grouped(bare.split('.').next().unwrap_or(bare), ',');
                decimal |= !is_grouped
                    && whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                    && !rest.contains(',');
            }
        }
        match decimal || (with_comma && !commas_separate) {
            true => Decimal::Comma,
            false => Decimal::Point,
        }
    }

    /// The number, where the field holds one.
    pub(super) fn parse(self, text: &str) -> Option<f32> {
        if let Ok(value) = text.parse::<f32>() {
            let is_word = text.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'));
            return (value.is_finite() && !is_word)
                .then_some(value)
                .filter(|_| self == Decimal::Point || !grouped(text, '.'))
                .or_else(|| self.with_groups(text));
        }
        self.with_groups(text)
    }

    fn with_groups(self, text: &str) -> Option<f32> {
        let (point, group) = match self {
            Decimal::Point => ('.', ','),
            Decimal::Comma => (',', '.'),
        };
        let text: String =
            text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
        let (whole, decimals) = match text.split_once(point) {
            Some((whole, decimals)) => (whole, decimals),
            None => (text.as_str(), ""),
        };
        let unsigned = whole.trim_start_matches(['-', '+']);
        if unsigned.contains(group) && !grouped(unsigned, group) {
            return None;
        }
        let plain = format!("{}.{decimals}", whole.replace(group, ""));
        let is_number = plain
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        plain.parse().ok().filter(|value: &f32| value.is_finite() && is_number)
    }

    /// The number, None where there is none.
    pub(super) fn read(self, text: &str, what: &str) -> Result<Option<f32>, Bad> {
        match self.parse(text) {
            Some(value) => Ok(Some(value)),
            None if is_no_number(text) => Ok(None),
            None => Err(Bad::new(format!("{what}: expected a finite number"), format!("{text:?}"))),
        }
    }
}

/// Whether `group` stands before three digits each time: `3,496`.
fn grouped(text: &str, group: char) -> bool {
    let text = text.trim_start_matches(['-', '+']);
    let mut parts = text.split(group);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = parts.next().is_some_and(|first| digits(first) && first.len() <= 3);
    let rest: Vec<&str> = parts.collect();
    first && !rest.is_empty() && rest.iter().all(|part| digits(part) && part.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_between_digits_are_read_by_the_column() {
        let of = |fields: &[&str], commas| Decimal::of(fields.iter().copied(), commas);
        assert_eq!(of(&["4,5", "3,5"], false), Decimal::Comma);
        assert_eq!(of(&["4,5", "3"], true), Decimal::Comma);
        assert_eq!(of(&["3,496", "1,200", "12"], true), Decimal::Point);
        assert_eq!(of(&["3.5", "NULL"], false), Decimal::Point);
        for (decimal, text, value) in [
            (Decimal::Point, "3,496", Some(3496.0)),
            (Decimal::Point, "1,234,567.5", Some(1_234_567.5)),
            (Decimal::Point, "4,5", None),
            (Decimal::Point, "nan", None),
            (Decimal::Point, "infinity", None),
            (Decimal::Point, "-1e3", Some(-1000.0)),
            (Decimal::Comma, "4,5", Some(4.5)),
            (Decimal::Comma, "1.234,5", Some(1234.5)),
            (Decimal::Comma, "1.234", Some(1234.0)),
            (Decimal::Comma, "3", Some(3.0)),
        ] {
            assert_eq!(decimal.parse(text), value, "{decimal:?} {text}");
        }
    }
}
