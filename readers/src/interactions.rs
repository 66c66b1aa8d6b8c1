//! Who did what with which item: `user, item [, value [, time]]` a line.

use super::bad_lines::Bad;
use super::columns::Found;
use super::dialect::Separator;
use super::events::Events;
use super::ids::Normal;
use super::input::Input;
use super::lists::Lists;
use super::numbers::Numbers;
use super::read_as::ReadAs;
use super::reading::{Columns, Reading, Repeats};
use super::table::{Row, Table};
use super::times::Times;
use super::value::Decimal;
use foldin::error::Result;
use foldin_lab::train::{Entries, Interactions};
use std::collections::HashMap;

/// Reads an interaction file. Users and items are numbered as they first appear. Without a column of values
/// each one is 1. Of a pair that stands twice the last line counts.
///
/// # Errors
/// [`foldin::Problem::Io`] for what the system refuses. [`foldin::Problem::Data`], with file and line, for a file that
/// is no table, a missing column, and lines that cannot be used.
pub fn read(file: impl Into<Input>, columns: &Columns) -> Result<Interactions> {
    Ok(read_as(file, &columns.into())?.0)
}

/// Reads a file with one line a user, in which the items are a list: separated by blanks, for example.
///
/// # Errors
/// As [`read`].
pub fn read_lists(file: impl Into<Input>, columns: &Columns) -> Result<Interactions> {
    let explode = columns.item.clone();
    let columns = Columns {
        value: Some("none".into()),
        time: Some("none".into()),
        event: Some("none".into()),
        ..columns.clone()
    };
    Ok(read_as(file, &Reading { columns, explode, ..Reading::default() })?.0)
}

/// Reads an interaction file as told, and says what it took it for.
///
/// # Errors
/// As [`read`].
pub fn read_as(file: impl Into<Input>, reading: &Reading) -> Result<(Interactions, ReadAs)> {
    let mut table = Table::open(&file.into(), &reading.opening())?;
    let mut columns = reading.columns.clone();
    if let Some(list) = &reading.explode {
        columns.item = Some(list.clone());
    }
    let events = Events::new(&reading.event_weights);
    let found = columns.find(&table, &events)?;
    let mut reader = Reader::new(reading, &table, found, events);
    if reader.found.header {
        table.skip_first();
    }
    while let Some(row) = table.next()? {
        if let Err(bad) = reader.take(row) {
            table.reject(bad)?;
        }
        if reader.entries.items.len() >= u32::MAX as usize {
            return Err(table.row().error("more than 4,294,967,295 interactions", "train on a part of them"));
        }
    }
    table.finish()?;
    reader.finish(&table)
}

/// Interactions as they are read.
struct Reader {
    found: Found,
    decimal: Decimal,
    need_values: bool,
    repeats: Option<Repeats>,
    user_ids: Normal,
    item_ids: Normal,
    lists: Option<Lists>,
    users: Numbers,
    items: Numbers,
    entries: Entries,
    times: Option<Times>,
    events: Events,
    /// What a pair has added up to; empty where the last one counts.
    sums: HashMap<(u32, u32), f32>,
    /// Lines without a value, and those whose event says nothing for an item.
    without_value: usize,
    left_out: usize,
}

impl Reader {
    fn new(reading: &Reading, table: &Table, found: Found, mut events: Events) -> Reader {
        if found.verdicts {
            events.know_verdicts();
        }
        let first = table.row();
        let column = |column: usize| {
            let head = (!found.header).then(|| first.get(column));
            head.into_iter().chain(table.sample().filter_map(move |record| record.get(column).map(str::trim)))
        };
        let separator = table.origin.dialect.as_ref().map(|dialect| dialect.separator);
        let commas_separate = separator == Some(Separator::Byte(b','));
        let shown = found.value.map(|value| Decimal::of(column(value), commas_separate));
        let has_values =
            found.value.is_some() || found.event.is_some() || reading.repeats == Some(Repeats::Count);
        Reader {
            decimal: reading.decimal.or(shown).unwrap_or_default(),
            need_values: reading.need_values,
            repeats: reading.repeats,
            user_ids: Normal::of(column(found.user)),
            item_ids: Normal::of(column(found.item)),
            lists: reading.explode.as_ref().map(|_| Lists::of(column(found.item))),
            users: Numbers::default(),
            items: Numbers::default(),
            entries: Entries { values: has_values.then(Vec::new), ..Entries::default() },
            times: found.time.map(|time| Times::new(reading.dates, column(time))),
            events,
            sums: HashMap::new(),
            without_value: 0,
            left_out: 0,
            found,
        }
    }

    /// Takes the interactions of a line; nothing of a line that cannot be used.
    fn take(&mut self, row: Row<'_>) -> std::result::Result<(), Bad> {
        let user = row.id(self.found.user, "user")?;
        let item = row.id(self.found.item, "item")?;
        let mut value = 1.0;
        if let Some(column) = self.found.value {
            match self.decimal.read(row.get(column), "value")? {
                Some(read) => value = read,
                None => {
                    self.without_value += 1;
                    if self.need_values {
                        return Ok(());
                    }
                    value = 0.0;
                }
            }
        }
        if let (Some(times), Some(column)) = (&mut self.times, self.found.time) {
            times.read(row.get(column))?;
        }
        if let Some(column) = self.found.event {
            match self.events.read(row.get(column))? {
                Some(_) if self.found.verdicts && self.found.value.is_some() => {}
                Some(weight) => value = weight,
                None => {
                    self.left_out += 1;
                    return Ok(());
                }
            }
        }
        let user = self.users.of(&self.user_ids.id(user));
        match &self.lists {
            None => {
                let item = self.items.of(&self.item_ids.id(item));
                self.push(user, item, value);
            }
            Some(lists) => {
                for part in lists.split(item) {
                    let item = self.items.of(&self.item_ids.id(&part));
                    self.push(user, item, value);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, user: u32, item: u32, mut value: f32) {
        let strongest = self.repeats.is_none() && self.found.event.is_some();
        if strongest || self.repeats == Some(Repeats::Count) {
            let sum = self.sums.entry((user, item)).or_insert(0.0);
            *sum = if strongest { sum.max(value) } else { *sum + value };
            value = *sum;
        }
        self.entries.users.push(user);
        self.entries.items.push(item);
        self.entries.values.iter_mut().for_each(|values| values.push(value));
        self.times.iter_mut().for_each(Times::push);
    }

    fn finish(self, table: &Table) -> Result<(Interactions, ReadAs)> {
        if self.entries.items.is_empty() {
            return Err(match table.bad_kinds() {
                [] if self.left_out > 0 => {
                    let problem = format!("no event that speaks for an item: {}", self.events.describe());
                    table
                        .row()
                        .error(problem, "give them weights with --event-weights, or --event-column none")
                }
                [] => table.row().error("no line after the header", "give at least one interaction"),
                _ => table.bad.refusal("correct them: no other line is left"),
            });
        }
        let lines = self.entries.items.len();
        let mut read_as = ReadAs::of(table, &self.found);
        let times = match self.times {
            Some(times) => times.finish(table.name())?,
            None => None,
        };
        let (times, span) = times.unzip();
        let interactions = Interactions::new(self.users.ids, self.items.ids, self.entries, times);
        read_as.count(&interactions, lines, span);
        read_as.values(&self.events, self.without_value, self.need_values, self.decimal);
        if self.lists.is_none() {
            read_as.warn_of_lists(&interactions);
        }
        Ok((interactions, read_as))
    }
}
