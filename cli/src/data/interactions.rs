//! Who did what with which item: `user, item [, value [, time]]` a line.

use super::columns::{Columns, unparsable};
use super::numbers::Numbers;
use super::table::{Row, Table};
use foldin::error::Result;
use foldin_lab::train::{Entries, Interactions};
use std::path::Path;

/// Reads an interaction file. Users and items are numbered as they first appear. Without a column of values
/// each one is 1. Of a pair that stands twice the last line counts.
///
/// # Errors
/// [`foldin::Problem::Io`] for what the system refuses. [`foldin::Problem::Data`], with file and line, for an empty
/// file, a missing column, a line with more or fewer fields than the first, an empty id, a value that is no
/// finite number, a time that is none, bytes that are not UTF-8.
pub fn read(path: impl AsRef<Path>, columns: &Columns) -> Result<Interactions> {
    read_with(path.as_ref(), columns, false)
}

/// Reads a file with one line a user, in which the items are separated by blanks.
///
/// # Errors
/// As [`read`].
pub fn read_lists(path: impl AsRef<Path>, columns: &Columns) -> Result<Interactions> {
    read_with(path.as_ref(), columns, true)
}

fn read_with(path: &Path, columns: &Columns, lists: bool) -> Result<Interactions> {
    let mut table = Table::open(path)?;
    let found = columns.find(table.row())?;
    if found.header {
        table.skip_first();
    }
    let (mut users, mut items) = (Numbers::default(), Numbers::default());
    let values = found.value.map(|_| Vec::new());
    let mut entries = Entries { values, ..Entries::default() };
    let mut times = found.time.map(|_| Vec::new());
    while let Some(row) = table.next()? {
        let user = users.of(row.id(found.user, "user")?);
        let value = found.value.map(|column| value(row, column)).transpose()?;
        let time = found.time.map(|column| time(row, column)).transpose()?;
        let field = row.id(found.item, "item")?;
        for item in field.split(|c: char| lists && c.is_whitespace()).filter(|item| !item.is_empty()) {
            if entries.items.len() == u32::MAX as usize {
                return Err(row.error("more than 4,294,967,295 interactions", "train on a part of them"));
            }
            entries.users.push(user);
            entries.items.push(items.of(item));
            entries.values.iter_mut().for_each(|values| values.extend(value));
            times.iter_mut().for_each(|times| times.extend(time));
        }
    }
    if entries.items.is_empty() {
        return Err(table.row().error("no line after the header", "give at least one interaction"));
    }
    Ok(Interactions::new(users.ids, items.ids, entries, times))
}

fn value(row: Row<'_>, column: usize) -> Result<f32> {
    let text = row.get(column);
    let value = text.parse().ok().filter(|value: &f32| value.is_finite());
    value.ok_or_else(|| unparsable(row, "value", text, "a finite number", "--value-column"))
}

/// Seconds since 1970. Numbers from 100,000,000,000 on are milliseconds (as seconds: the year 5138).
fn time(row: Row<'_>, column: usize) -> Result<f64> {
    let text = row.get(column);
    let number = text.parse().ok().filter(|time: &f64| time.is_finite());
    let seconds = number.map(|time| if time.abs() >= 1e11 { time / 1000.0 } else { time });
    seconds.or_else(|| date(text)).ok_or_else(|| {
        let expected = "seconds or milliseconds since 1970, or a date such as 2024-05-31T12:00:00Z";
        unparsable(row, "time", text, expected, "--time-column")
    })
}

/// An ISO 8601 date, with or without time of day; without zone it is UTC.
fn date(text: &str) -> Option<f64> {
    let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    Some(instant.as_microsecond() as f64 / 1e6)
}
