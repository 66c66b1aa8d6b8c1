//! Which column is which in a file without header, by what stands in it.

use super::Found;

/// What a column of a file without header holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Empty,
    /// 0, 1, 2, ... or 1, 2, 3, ...
    Counter,
    Time,
    Number,
    Event,
    Word,
    Text,
}

/// The kinds of all columns, and how many records there are.
pub(super) struct Guess {
    pub columns: Vec<Kind>,
    pub rows: usize,
}

impl Guess {
    pub fn find(&self) -> std::result::Result<Found, &'static str> {
        let width = self.columns.len();
        let is_counted = self.columns.first() == Some(&Kind::Counter);
        if is_counted && width == 3 && self.rows >= 5 {
            return Err(" (no header, and the first column counts the lines: it may be an index)");
        }
        let skip = usize::from(is_counted && width >= 4 && (width > 4 || self.rows >= 5));
        let columns = &self.columns[skip..];
        let is_number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Counter | Kind::Time);
        let position = |wanted: Kind| columns.iter().position(|&kind| kind == wanted);
        // Ids may be as large as times; those come last.
        let time = columns.iter().rposition(|&kind| kind == Kind::Time);
        let event = position(Kind::Event);
        let mut others = (0..columns.len())
            .filter(|&at| Some(at) != time && !matches!(columns[at], Kind::Event | Kind::Empty));
        let (Some(user), Some(item)) = (others.next(), others.next()) else {
            return Err(" (no header, and no two columns that could be users and items)");
        };
        let rest: Vec<usize> = others.collect();
        let numeric = is_number(&columns[user]) && is_number(&columns[item]);
        // A rating stands beside the pair, before the time.
        let value = rest
            .iter()
            .copied()
            .find(|&at| is_number(&columns[at]))
            .filter(|&at| time.is_none_or(|time| at < time) && time.is_none_or(|time| time > item));
        let fits = if time.is_some() || event.is_some() {
            true
        } else if numeric {
            columns.len() <= 4
        } else {
            let is_id = |at: usize| !matches!(columns[at], Kind::Text);
            let anchored = is_number(&columns[user]) || is_number(&columns[item]) || value.is_some();
            columns.len() <= 4 && is_id(user) && anchored
        };
        if !fits {
            return Err(" (no header, and nothing shows which columns are users and items)");
        }
        let mut notes = vec!["no header".to_owned()];
        if skip > 0 {
            notes.push("col 1 counts the lines and is left out".into());
        } else if is_counted && self.rows > 2 {
            notes.push("col 1 counts the lines: if it is an index, name the columns with --user-column and --item-column".into());
        }
        Ok(Found {
            user: user + skip,
            item: item + skip,
            value: value.filter(|_| event.is_none()).map(|at| at + skip),
            time: time.map(|at| at + skip).or_else(|| self.small_time(skip, value)),
            event: event.map(|at| at + skip),
            verdicts: false,
            header: false,
            notes,
        })
    }

    /// In MovieLens' order, four numbers, the last is a time, however small.
    fn small_time(&self, skip: usize, value: Option<usize>) -> Option<usize> {
        let columns = &self.columns[skip..];
        let numeric = columns.iter().all(|kind| matches!(kind, Kind::Number | Kind::Counter));
        (numeric && columns.len() == 4 && value == Some(2)).then_some(3 + skip)
    }
}

/// Amazon's number of an item.
pub(super) fn is_asin(text: &str) -> bool {
    let is_code = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    text.len() == 10
        && is_code
        && (text.starts_with('B') || text[..9].bytes().all(|byte| byte.is_ascii_digit()))
}

/// Amazon's number of a reviewer.
pub(super) fn is_reviewer(text: &str) -> bool {
    let is_code = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (10..=32).contains(&text.len()) && is_code && text.starts_with('A') && !is_asin(text)
}
