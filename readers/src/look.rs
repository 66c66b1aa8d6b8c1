//! The first records of a file, for people to look at.

use super::columns::Found;
use super::events::Events;
use super::input::Input;
use super::reading::Reading;
use super::table::Table;
use foldin::error::Result;
use serde::Serialize;

/// Records that are shown.
const SHOWN: usize = 5;

/// The first records.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// What each column is: its name or number, what it was taken for, and why.
    pub columns: Vec<Column>,
    /// [records][columns]
    pub rows: Vec<Vec<String>>,
}

/// A column of the file.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// From the header, or its number.
    pub name: String,
    /// `user`, `item`, `value`, `time`, `event`; none where it is not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// `told`, `by its name`, `by what it holds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
}

/// Reads the first records of an interaction file, or of any other table.
///
/// # Errors
/// As [`super::interactions::read`], except that columns need not be found.
pub fn sample(file: impl Into<Input>, reading: &Reading) -> Result<Sample> {
    let mut table = Table::open(&file.into(), &reading.opening())?;
    let mut columns = reading.columns.clone();
    if let Some(list) = &reading.explode {
        columns.item = Some(list.clone());
    }
    let found = columns.find(&table, &Events::new(&reading.event_weights)).ok();
    let has_header = found.as_ref().is_none_or(|found| found.header);
    let names: Vec<String> = match has_header {
        true => table.row().fields().map(str::to_owned).collect(),
        false => (1..=table.row().fields().count()).map(|number| format!("col {number}")).collect(),
    };
    if has_header {
        table.skip_first();
    }
    let told =
        [&columns.user, &columns.item, &columns.value, &columns.time, &columns.event].map(Option::is_some);
    let columns = names.into_iter().enumerate().map(|(at, name)| {
        let role = found.as_ref().and_then(|found| role(found, at));
        let why = role.map(|(number, _)| match (told[number], has_header) {
            (true, _) => "told",
            (false, true) => "by its name",
            (false, false) => "by what it holds",
        });
        Column { name, role: role.map(|(_, role)| role), why }
    });
    let columns = columns.collect();
    let mut rows = Vec::new();
    while rows.len() < SHOWN {
        match table.next()? {
            Some(row) => rows.push(row.fields().map(str::to_owned).collect()),
            None => break,
        }
    }
    Ok(Sample { columns, rows })
}

fn role(found: &Found, at: usize) -> Option<(usize, &'static str)> {
    let roles = [
        (Some(found.user), "user"),
        (Some(found.item), "item"),
        (found.value, "value"),
        (found.time, "time"),
        (found.event, "event"),
    ];
    roles
        .iter()
        .enumerate()
        .find(|(_, (column, _))| *column == Some(at))
        .map(|(number, (_, role))| (number, *role))
}
