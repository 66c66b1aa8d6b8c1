//! How files are read, where their readers are not to decide.

use super::bad_lines::BadLines;
use super::table::Opening;
use super::times::DateOrder;
use super::value::Decimal;

/// The columns of an interaction file where they are not to be guessed: a name from the header, or the
/// column's number from 1. Value, time and event may be `none`.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Who.
    pub user: Option<String>,
    /// What.
    pub item: Option<String>,
    /// The rating or weight.
    pub value: Option<String>,
    /// When.
    pub time: Option<String>,
    /// The kind of event.
    pub event: Option<String>,
    /// Whether a column of orders, where there is one, stands in the place of users.
    pub baskets: bool,
}

/// What becomes of a pair of user and item that stands several times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repeats {
    /// The last line counts.
    Last,
    /// Values add up; without values, the lines are counted.
    Count,
}

/// How an interaction file is read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Which column is which.
    pub columns: Columns,
    /// What becomes of lines that cannot be used.
    pub bad_lines: BadLines,
    /// Of pairs that stand several times. Unless told the last one counts, of kinds of events the strongest.
    pub repeats: Option<Repeats>,
    /// The sign before decimals [as the column shows].
    pub decimal: Option<Decimal>,
    /// Day or month first [as the column shows].
    pub dates: Option<DateOrder>,
    /// The column that holds a list of items a line.
    pub explode: Option<String>,
    /// Weights of kinds of events, over those that are known.
    pub event_weights: Vec<(String, f32)>,
    /// Entries without a value are left out; otherwise they count as observed, with value 0.
    pub need_values: bool,
    /// What a packed file may unfold to.
    pub max_bytes: Option<u64>,
    /// The encoding, by its name.
    pub encoding: Option<String>,
}

impl Reading {
    pub(super) fn opening(&self) -> Opening {
        Opening {
            bad_lines: self.bad_lines.clone(),
            max_bytes: self.max_bytes,
            encoding: self.encoding.clone(),
            ..Opening::default()
        }
    }
}

impl From<&Columns> for Reading {
    fn from(columns: &Columns) -> Reading {
        Reading { columns: columns.clone(), ..Reading::default() }
    }
}
