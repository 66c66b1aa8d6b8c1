//! Columns of an item file as they fill.

mod plan;

use super::lists::Lists;
use super::numbers::Numbers;
use super::times::{self, Times};
use super::value::{Decimal, is_no_number, is_null};
use std::collections::HashSet;

pub(super) use plan::{Plan, plan};

/// What MovieLens writes for an item without tags.
const NO_TAGS: &str = "(no genres listed)";

/// A column of the file, an entry a line.
#[derive(Debug)]
pub(super) enum Column {
    Id,
    /// With the reason.
    Ignored(String),
    Title(Vec<String>),
    /// A sentence or more.
    Description(Vec<String>),
    Tags {
        name: &'static str,
        lists: Lists,
        vocabulary: Numbers,
        codes: Vec<Vec<u32>>,
    },
    /// Whether the item is of this genre.
    Flag {
        genre: &'static str,
        set: Vec<bool>,
    },
    /// What is no year counts as unknown.
    Year(Vec<f32>),
    Numbers {
        name: String,
        decimal: Decimal,
        values: Vec<f32>,
        /// Fields that hold something else.
        odd: usize,
    },
    /// In seconds since 1970.
    Dates {
        name: String,
        times: Times,
        values: Vec<f32>,
    },
}

impl Column {
    fn ignored(why: &str) -> Column {
        Column::Ignored(why.to_owned())
    }

    fn tags(name: &'static str, lists: Lists) -> Column {
        Column::Tags { name, lists, vocabulary: Numbers::default(), codes: Vec::new() }
    }

    /// Adds the field of the next line.
    pub fn push(&mut self, field: &str) {
        match self {
            Column::Id | Column::Ignored(_) => {}
            Column::Title(texts) | Column::Description(texts) => {
                texts.push(if is_null(field) { String::new() } else { field.to_owned() })
            }
            Column::Year(years) => years.push(times::year(field).unwrap_or(f32::NAN)),
            Column::Flag { set, .. } => set.push(field == "1"),
            Column::Tags { lists, vocabulary, codes, .. } => {
                let parts = if is_null(field) || field == NO_TAGS { Vec::new() } else { lists.split(field) };
                let parts = parts.iter().filter(|tag| *tag != NO_TAGS);
                codes.push(parts.map(|tag| vocabulary.of(tag)).collect());
            }
            Column::Numbers { decimal, values, odd, .. } => {
                let number = decimal.parse(without_currency(field));
                *odd += usize::from(number.is_none() && !is_no_number(field));
                values.push(number.unwrap_or(f32::NAN));
            }
            Column::Dates { times, .. } => {
                // What is no date has none.
                let _ = times.read(field.trim());
                times.push();
            }
        }
    }

    /// After the last line: numbers that turned out to be keys or text are left out, dates are told by all of them.
    pub fn finish(&mut self) {
        match self {
            Column::Numbers { values, odd, .. } => {
                if let Some(why) = no_numbers(values, *odd) {
                    *self = Column::ignored(why);
                }
            }
            Column::Dates { times, values, .. } => match std::mem::take(times).known("") {
                Ok(Some((seconds, _))) => *values = seconds.into_iter().map(|time| time as f32).collect(),
                Ok(None) => *self = Column::ignored("empty"),
                Err(_) => *self = Column::ignored("dates that begin with the day or the month: say --dates"),
            },
            _ => {}
        }
    }

    /// In words.
    pub fn describe(&self) -> String {
        match self {
            Column::Id => "id".into(),
            Column::Ignored(why) => format!("left out: {why}"),
            Column::Title(_) => "title".into(),
            Column::Description(_) => "a description, for --words".into(),
            Column::Tags { name, lists, .. } => format!("{name}, {}", lists.describe()),
            Column::Flag { genre, .. } => format!("the genre {genre}"),
            Column::Year(_) => "year".into(),
            Column::Numbers { values, .. } => with_unknown("a number", values),
            Column::Dates { values, .. } => with_unknown("a date, in seconds since 1970", values),
        }
    }
}

fn without_currency(field: &str) -> &str {
    field.trim_matches(|c: char| matches!(c, '$' | '€' | '£' | '¥') || c.is_whitespace())
}

/// Why these are no numbers to compare items by, where they are none.
fn no_numbers(values: &[f32], odd: usize) -> Option<&'static str> {
    let known: Vec<f32> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    // Beyond this a 32-bit float tells no two whole numbers apart: nobody counts or measures so.
    let is_key = known.iter().all(|value| value.fract() == 0.0)
        && known.iter().any(|value| value.abs() > 16_777_216.0);
    let distinct = || known.iter().map(|value| value.to_bits()).collect::<HashSet<u32>>().len();
    if odd * 10 > values.len() {
        Some("text")
    } else if known.is_empty() {
        Some("empty")
    } else {
        (is_key && distinct() * 10 >= known.len() * 9).then_some("a key")
    }
}

fn with_unknown(what: &str, values: &[f32]) -> String {
    let unknown = values.iter().filter(|value| value.is_nan()).count();
    if unknown > 0 { format!("{what}, {unknown} unknown") } else { what.into() }
}
