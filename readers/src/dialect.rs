//! How the fields of a text are written: what stands between them, quotes, and lines that are no records.
//!
//! The separator is what makes the lines agree, not what the first line has: each candidate cuts the beginning of
//! the file, and the one whose records have the same number of fields wins.

mod separator;
mod trial;

use super::names::{NAMES, normalized};
use trial::Trial;

pub(super) use separator::Separator;

/// How a text is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dialect {
    pub separator: Separator,
    pub quote: Option<u8>,
    /// A quote within quotes has a backslash before it.
    pub escape: bool,
    /// Lines before the first record, by kind.
    pub comments: usize,
    /// Titles and blank lines; whether any was a title.
    pub titles: usize,
    pub titled: bool,
    /// The header has no name for the first column, as R writes it.
    pub row_names: bool,
}

/// Separators in the order of preference where nothing else decides.
const CANDIDATES: [Separator; 8] = [
    Separator::Byte(b'\t'),
    Separator::Colons,
    Separator::Byte(b';'),
    Separator::Byte(b','),
    Separator::Byte(b'|'),
    Separator::Byte(b'~'),
    Separator::Byte(b'^'),
    Separator::Byte(0x01),
];

/// Lines that may stand before the first record.
const MAX_LEAD: usize = 20;

/// How much text is cut on trial.
const TRIED: usize = 1 << 16;

/// The dialect of a text that begins so; `one_column` where each line is one field unless a separator shows.
pub(super) fn sniff(text: &str, one_column: bool) -> Dialect {
    let text = match text.len() > TRIED {
        true => {
            let end = text.floor_char_boundary(TRIED);
            text[..end].rfind('\n').map_or(&text[..end], |last| &text[..last])
        }
        false => text,
    };
    let (told, text) = told(text);
    let comments = comments(text);
    let body = skip_lines(text, comments);
    let tried = |separator: &Separator| {
        [Some(b'"'), None, Some(b'\'')].map(|quote| Trial::of(body, *separator, quote))
    };
    let best = |trials: [Trial; 3]| {
        let [double, none, single] = trials;
        let first = if double.is_quoted(&none) { double } else { none };
        if single.is_quoted(&first) && first.quoted == 0 { single } else { first }
    };
    let separators = told.map_or(CANDIDATES.to_vec(), |told| vec![told]);
    let mut trials: Vec<Trial> = separators.iter().map(|separator| best(tried(separator))).collect();
    trials.retain(|trial| trial.width > 1 && trial.agreement >= 0.5);
    // Blanks stand between words, too: they separate fields where nothing else does without cutting quotes or decimal
    // numbers in two.
    let others: Vec<&Trial> = trials.iter().filter(|trial| !trial.cuts_quotes()).collect();
    if !one_column && others.iter().all(|trial| trial.separator == Separator::Byte(b',')) {
        let blanks = best(tried(&Separator::Blanks));
        let separates = others.is_empty() || blanks.has_decimal_commas();
        if separates && blanks.width > 1 && blanks.agreement >= 0.8 && !blanks.cuts_quotes() {
            trials = vec![blanks];
        }
    }
    // `max_by` takes the last of equals.
    let winner = trials.into_iter().rev().max_by(|a, b| a.merit().total_cmp(&b.merit()));
    let mut winner = winner.unwrap_or_else(|| {
        let plain = Separator::Byte(b',');
        best([Some(b'"'), None, Some(b'\'')].map(|quote| Trial::of(body, plain, quote)))
    });
    winner.lead();
    Dialect {
        separator: winner.separator,
        quote: match winner.separator {
            // Commas and semicolons are quoted somewhere, if not in the beginning.
            Separator::Byte(b',' | b';') => winner.quote.or(Some(b'"')),
            Separator::Byte(_) | Separator::Blanks => winner.quote,
            Separator::Colons => None,
        },
        escape: winner.quote.is_some() && is_escaped(body, winner.separator),
        comments: comments + usize::from(told.is_some()),
        titles: winner.titles,
        titled: winner.titled,
        row_names: winner.row_names,
    }
}

/// Excel's `sep=;` in the first line, and the text after it.
fn told(text: &str) -> (Option<Separator>, &str) {
    let Some((line, rest)) = text.split_once('\n') else { return (None, text) };
    let line = line.trim_end().trim_matches('"');
    let is_told = line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("sep="));
    match line.as_bytes() {
        [_, _, _, b'=', separator] if is_told => (Some(Separator::Byte(*separator)), rest),
        _ => (None, text),
    }
}

/// Lines in front that begin with `#`; the last of them is kept where it names the columns.
fn comments(text: &str) -> usize {
    let mut lead = 0;
    let mut named = false;
    for line in text.lines().take(1000) {
        let line = line.trim_start();
        if line.is_empty() {
            lead += 1;
        } else if let Some(comment) = line.strip_prefix('#') {
            lead += 1;
            let fields = comment.split(['\t', ',', ';', '|']).collect::<Vec<_>>();
            named = fields.len() > 1
                && fields.iter().all(|name| !name.trim().contains(' '))
                && roles(&fields) > 0;
        } else {
            break;
        }
    }
    match text.lines().take(lead).any(|line| line.trim_start().starts_with('#')) {
        true => lead - usize::from(named),
        false => 0,
    }
}

fn skip_lines(text: &str, lines: usize) -> &str {
    (0..lines).fold(text, |text, _| text.split_once('\n').map_or("", |(_, rest)| rest))
}

/// How many roles the names say.
fn roles(names: &[impl AsRef<str>]) -> usize {
    let names: Vec<String> = names.iter().map(|name| normalized(name.as_ref())).collect();
    let has = |known: &[String]| names.iter().any(|name| known.contains(name));
    let known = &*NAMES;
    [&known.user, &known.item, &known.value, &known.time, &known.event, &known.title, &known.genres]
        .into_iter()
        .filter(|known| has(known))
        .count()
}

/// A backslash before a quote in the middle of a field.
fn is_escaped(text: &str, separator: Separator) -> bool {
    let bytes = text.as_bytes();
    let after = |at: usize| bytes.get(at + 2).copied();
    let ends = |byte: u8| matches!(byte, b'\n' | b'\r' | b'"') || separator == Separator::Byte(byte);
    bytes
        .windows(2)
        .enumerate()
        .any(|(at, pair)| pair == b"\\\"" && after(at).is_some_and(|byte| !ends(byte)))
}
