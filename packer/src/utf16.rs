//! Strings from JavaScript, which counts their length in units of UTF-16.

use foldin::error::{Error, Result};

/// The strings that were joined to `text`, of so many units of UTF-16 each.
///
/// # Errors
/// [`foldin::Problem::Argument`] where the lengths do not add up to the text, or cut a character in two.
pub(crate) fn cut<'a>(text: &'a str, lengths: &[u32]) -> Result<Vec<&'a str>> {
    let mut rest = text;
    let pieces = lengths.iter().map(|&length| {
        let (piece, behind) = rest.split_at_checked(end_of(rest, length)?)?;
        rest = behind;
        Some(piece)
    });
    let pieces: Option<Vec<&str>> = pieces.collect();
    let whole = pieces.filter(|_| rest.is_empty());
    whole.ok_or_else(|| Error::argument("ids", "lengths that add up to the text", "others"))
}

/// Where the first `length` units of UTF-16 end.
fn end_of(text: &str, length: u32) -> Option<usize> {
    let length = length as usize;
    if text.as_bytes().get(..length)?.is_ascii() {
        return Some(length);
    }
    let mut ends = text.char_indices().scan(0, |units, (start, char)| {
        *units += char.len_utf16();
        Some((start + char.len_utf8(), *units))
    });
    let (end, _) = ends.find(|&(_, units)| units >= length).filter(|&(_, units)| units == length)?;
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_joined_is_cut_again(strings in prop::collection::vec(".{0,5}", 0..20)) {
            let lengths: Vec<u32> = strings.iter().map(|text| text.encode_utf16().count() as u32).collect();
            let text = strings.concat();
            prop_assert_eq!(cut(&text, &lengths).unwrap(), strings);
        }
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        let wrong: [(&str, &[u32]); 6] = [
            ("abc", &[1, 1]),
            ("abc", &[4]),
            ("abc", &[u32::MAX]),
            ("", &[1]),
            ("a", &[]),
            ("\u{1f3ac}", &[1, 1]),
        ];
        for (text, lengths) in wrong {
            assert_eq!(cut(text, lengths).unwrap_err().field(), Some("ids"), "{text} {lengths:?}");
        }
    }
}
