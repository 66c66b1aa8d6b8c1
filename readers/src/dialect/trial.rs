//! One way to cut the beginning of a file, and how well it fits.

use super::{CANDIDATES, MAX_LEAD, Separator, roles};

/// The beginning of a file, cut in one way.
#[derive(Clone)]
pub(super) struct Trial {
    pub separator: Separator,
    pub quote: Option<u8>,
    /// [records][fields], without the quotes around them.
    records: Vec<Vec<String>>,
    /// Lines of each record.
    lines: Vec<usize>,
    /// Fields between quotes.
    pub quoted: usize,
    /// Fields that begin with a quote, and do not end with it.
    broken: usize,
    /// Fields of most records, and the share of records that have so many.
    pub width: usize,
    pub agreement: f64,
    pub titles: usize,
    pub titled: bool,
    pub row_names: bool,
}

impl Trial {
    pub fn of(text: &str, separator: Separator, quote: Option<u8>) -> Trial {
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
    pub fn cuts_quotes(&self) -> bool {
        let is_cut = |field: &String| field.matches('"').count() % 2 == 1;
        let cut = self.records.iter().filter(|record| record.iter().any(is_cut)).count();
        2 * cut > self.records.len()
    }

    /// Whether fields have commas, and those only between two digits, once a field.
    pub fn has_decimal_commas(&self) -> bool {
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
    pub fn is_quoted(&self, without: &Trial) -> bool {
        self.quoted > self.broken
            && (self.agreement >= without.agreement || self.records.len() < without.records.len())
    }

    /// How well the file is cut: known names first, then agreement, then a first column that none of the other
    /// separators would cut, then more fields.
    pub fn merit(&self) -> f64 {
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
    pub fn lead(&mut self) {
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
