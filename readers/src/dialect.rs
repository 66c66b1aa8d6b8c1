//! How the fields of a text are written: what stands between them, quotes, and lines that are no records.
//!
//! The separator is what makes the lines agree, not what the first line has: each candidate cuts the beginning of
//! the file, and the one whose records have the same number of fields wins.

use super::names::{NAMES, normalized};
use std::fmt;

/// What stands between two fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Separator {
    Byte(u8),
    /// `::`, as MovieLens has it.
    Colons,
    /// One blank or several.
    Blanks,
}

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
const CANDIDATES: [Separator; 6] = [
    Separator::Byte(b'\t'),
    Separator::Colons,
    Separator::Byte(b';'),
    Separator::Byte(b','),
    Separator::Byte(b'|'),
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

/// The beginning of a file, cut in one way.
#[derive(Clone)]
struct Trial {
    separator: Separator,
    quote: Option<u8>,
    /// [records][fields], without the quotes around them.
    records: Vec<Vec<String>>,
    /// Lines of each record.
    lines: Vec<usize>,
    /// Fields between quotes.
    quoted: usize,
    /// Fields that begin with a quote, and do not end with it.
    broken: usize,
    /// Fields of most records, and the share of records that have so many.
    width: usize,
    agreement: f64,
    titles: usize,
    titled: bool,
    row_names: bool,
}

impl Trial {
    fn of(text: &str, separator: Separator, quote: Option<u8>) -> Trial {
        let mut trial = Trial {
            separator,
            quote,
            records: Vec::new(),
            lines: Vec::new(),
            quoted: 0,
            broken: 0,
            width: 0,
            agreement: 0.0,
            titles: 0,
            titled: false,
            row_names: false,
        };
        let mut rest = text;
        while !rest.is_empty() && trial.records.len() < 500 {
            let (record, lines, after) = trial.record(rest);
            rest = after;
            trial.records.push(record);
            trial.lines.push(lines);
        }
        trial.measure();
        trial
    }

    /// Whether most records have a field that begins or ends within quotes.
    fn cuts_quotes(&self) -> bool {
        let is_cut = |field: &String| field.matches('"').count() % 2 == 1;
        let cut = self.records.iter().filter(|record| record.iter().any(is_cut)).count();
        2 * cut > self.records.len()
    }

    /// Whether fields have commas, and those only between two digits, once a field.
    fn has_decimal_commas(&self) -> bool {
        let mut fields = self.records.iter().flatten().filter(|field| field.contains(',')).peekable();
        let is_number = |part: &str| part.parse::<i64>().is_ok();
        let is_decimal = |field: &String| {
            field.split_once(',').is_some_and(|(whole, part)| is_number(whole) && is_number(part))
        };
        fields.peek().is_some() && fields.all(is_decimal)
    }

    /// Cuts one record off; with the lines that it takes, and what follows.
    fn record<'a>(&mut self, text: &'a str) -> (Vec<String>, usize, &'a str) {
        let mut fields = Vec::new();
        let (mut rest, mut lines) = (text, 1);
        loop {
            if self.separator == Separator::Blanks {
                rest = rest.trim_start_matches([' ', '\t']);
            }
            let inside = self.quote.and_then(|quote| quoted(rest.trim_start_matches(' '), char::from(quote)));
            let (field, after) = match inside {
                Some((field, after)) if self.ends_field(after) => {
                    self.quoted += 1;
                    lines += field.matches('\n').count();
                    (field.replace("\"\"", "\""), after)
                }
                _ => {
                    let quote = self.quote.map(char::from);
                    self.broken += usize::from(quote.is_some_and(|quote| rest.starts_with(quote)));
                    let end = self.end(rest);
                    (rest[..end].trim().to_owned(), &rest[end..])
                }
            };
            fields.push(field);
            let after = after.trim_start_matches('\r');
            if after.is_empty() {
                return (self.without_end(fields), lines, "");
            }
            if let Some(after) = after.strip_prefix('\n') {
                return (self.without_end(fields), lines, after);
            }
            rest = &after[self.separator.len(after)..];
        }
    }

    /// Blanks at the end of a line separate nothing.
    fn without_end(&self, mut fields: Vec<String>) -> Vec<String> {
        if self.separator == Separator::Blanks
            && fields.len() > 1
            && fields.last().is_some_and(String::is_empty)
        {
            fields.pop();
        }
        fields
    }

    fn end(&self, text: &str) -> usize {
        let newline = text.find('\n').unwrap_or(text.len());
        let line = text[..newline].trim_end_matches('\r');
        self.separator.find(line).unwrap_or(newline)
    }

    fn ends_field(&self, text: &str) -> bool {
        let text = text.trim_start_matches('\r');
        text.is_empty() || text.starts_with('\n') || self.separator.len(text) > 0
    }

    fn measure(&mut self) {
        let blank = |record: &Vec<String>| record.iter().all(String::is_empty);
        let widths: Vec<usize> = self.records.iter().filter(|record| !blank(record)).map(Vec::len).collect();
        let count = |width: usize| widths.iter().filter(|&&found| found == width).count();
        // Of widths that are as frequent, the first one.
        let most = widths.iter().copied().rev().max_by_key(|&width| (count(width), width > 1)).unwrap_or(0);
        self.width = most;
        // Titles above a table say nothing of how it is cut.
        let first = widths.iter().take(MAX_LEAD).position(|&width| width == most).unwrap_or(0);
        self.agreement = count(most) as f64 / (widths.len() - first).max(1) as f64;
    }

    /// Whether the quotes of this trial are quotes: they end where fields end, and no record falls apart.
    fn is_quoted(&self, without: &Trial) -> bool {
        self.quoted > self.broken
            && (self.agreement >= without.agreement || self.records.len() < without.records.len())
    }

    /// How well the file is cut: known names first, then agreement, then a first column that none of the other
    /// separators would cut, then more fields.
    fn merit(&self) -> f64 {
        let first = self.records.iter().find(|record| record.len() == self.width);
        let names: Vec<&str> = first.into_iter().flatten().map(String::as_str).collect();
        let known = if roles(&names) > 1 { 8.0 } else { 0.0 };
        let agreement = (self.agreement * 20.0).round() / 20.0 * 4.0;
        let others: Vec<Separator> =
            CANDIDATES.into_iter().filter(|&other| other != self.separator).collect();
        let is_pure = |record: &Vec<String>| others.iter().all(|other| other.find(&record[0]).is_none());
        let pure = self.records.iter().filter(|record| record.len() > 1).all(is_pure);
        known + agreement + f64::from(u8::from(pure)) + (self.width.min(100) as f64) / 1000.0
    }

    /// Finds the lines before the first record.
    fn lead(&mut self) {
        // Below a title stands a header; below R's header, which has no name for the first column, none does.
        let is_named = |record: &Vec<String>| record.len() == self.width && roles(record) > 1;
        let named = self.records.iter().take(MAX_LEAD).any(is_named);
        let (mut titles, mut titled) = (0, false);
        for (record, lines) in self.records.iter().zip(&self.lines).take(MAX_LEAD) {
            let is_blank = record.iter().all(String::is_empty);
            let is_text = |name: &String| !name.is_empty() && name.parse::<f64>().is_err();
            // A header may have an empty last name too many, or R's row names too few.
            let is_header = record.len() == self.width + 1 && record.last().is_some_and(String::is_empty)
                || record.len() + 1 == self.width && record.len() > 1 && !named && record.iter().all(is_text);
            if record.len() == self.width || (is_header && !is_blank) {
                (self.titles, self.titled) = (titles, titled);
                let next = self.records.iter().filter(|record| record.len() == self.width);
                let ends_empty = next.clone().all(|record| record.last().is_some_and(String::is_empty));
                self.row_names = record.len() + 1 == self.width && !ends_empty;
                return;
            }
            titles += lines;
            titled |= !is_blank;
        }
    }
}

/// What is between quotes at the start of the text, and what follows them.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let inside = text.strip_prefix(quote)?;
    let bytes = inside.as_bytes();
    let mut at = 0;
    loop {
        at += inside[at..].find(quote)?;
        let escaped =
            at > 0 && bytes[at - 1] == b'\\' && bytes.get(at + 1).is_some_and(|&byte| byte != b'\n');
        if bytes.get(at + 1) == Some(&(quote as u8)) {
            at += 2;
        } else if escaped && !matches!(bytes.get(at + 1), Some(b',' | b';' | b'\t' | b'|' | b'\r') | None) {
            at += 1;
        } else {
            return Some((&inside[..at], &inside[at + 1..]));
        }
    }
}

impl Separator {
    /// Where it stands first.
    pub fn find(self, text: &str) -> Option<usize> {
        match self {
            Separator::Byte(byte) => text.bytes().position(|found| found == byte),
            Separator::Colons => text.find("::"),
            Separator::Blanks => text.find([' ', '\t']),
        }
    }

    /// Its length at the start of the text; 0 where it does not stand there.
    fn len(self, text: &str) -> usize {
        match self {
            Separator::Byte(byte) => usize::from(text.as_bytes().first() == Some(&byte)),
            Separator::Colons => {
                if text.starts_with("::") {
                    2
                } else {
                    0
                }
            }
            Separator::Blanks => text.len() - text.trim_start_matches([' ', '\t']).len(),
        }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Separator::Byte(b'\t') => f.write_str("tab"),
            Separator::Byte(0x01) => f.write_str("\\x01"),
            Separator::Byte(byte) => write!(f, "\"{}\"", char::from(*byte)),
            Separator::Colons => f.write_str("\"::\""),
            Separator::Blanks => f.write_str("blanks"),
        }
    }
}
