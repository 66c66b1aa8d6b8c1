//! Side files with an id a row.

use super::super::input::Input;
use super::super::literal;
use super::super::names::{self, NAMES, normalized};
use super::super::table::{Opening, Table};
use super::{numpy, refused};
use foldin::error::{Error, Result};
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

/// Reads the ids of so many rows: a `.npy` array, a JSON list of strings and numbers, a JSON object of ids and row
/// numbers, or a table, whose column of ids is named like an item's (`item_id`, `movieId`, `id`, ...), given, or the
/// first one.
pub(super) fn read(path: &Path, column: Option<&str>, rows: usize) -> Result<Vec<String>> {
    let (file, _) = Input::from(path).open()?;
    let mut head = Vec::new();
    file.take(64).read_to_end(&mut head).map_err(Error::io(path))?;
    if head.starts_with(b"\x93NUMPY") {
        return numpy::read_ids(path);
    }
    match head.trim_ascii_start().first() {
        Some(b'[' | b'{') => from_json(path),
        _ => from_table(path, column, rows),
    }
}

fn from_json(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    match literal::parse(&text) {
        Some(Value::Array(values)) => values.iter().map(|value| id(path, value)).collect(),
        Some(Value::Object(rows)) => by_row(path, &rows),
        _ => {
            let remedy = "give a list, [\"a\", \"b\"], in the rows' order";
            Err(refused(path.display(), "JSON that is damaged or cut short", remedy))
        }
    }
}

fn id(path: &Path, value: &Value) -> Result<String> {
    match value {
        Value::String(id) => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        other => Err(refused(path.display(), format!("an id that is {other}"), "give strings or numbers")),
    }
}

/// The ids of `{"a": 0, "b": 1}`, or of `{"0": "a", "1": "b"}`, in the rows' order.
fn by_row(path: &Path, object: &Map<String, Value>) -> Result<Vec<String>> {
    let of_items = object.iter().map(|(id, row)| Some((row.as_u64()?, id.clone()))).collect();
    let of_rows =
        || object.iter().map(|(row, id)| Some((row.parse().ok()?, self::id(path, id).ok()?))).collect();
    let ordered = |pairs: Option<Vec<(u64, String)>>| {
        let mut pairs = pairs?;
        pairs.sort();
        // Some count rows from 1.
        let first = pairs.first().map_or(0, |(row, _)| *row).min(1);
        let is_whole = pairs.iter().zip(first..).all(|((row, _), expected)| *row == expected);
        is_whole.then(|| pairs.into_iter().map(|(_, id)| id).collect::<Vec<String>>())
    };
    ordered(of_items).or_else(|| ordered(of_rows())).ok_or_else(|| {
        let remedy =
            "give each item its row, {\"a\": 0, \"b\": 1}, or a list, [\"a\", \"b\"], in the rows' order";
        refused(path.display(), "a JSON object that does not number all rows", remedy)
    })
}

fn from_table(path: &Path, column: Option<&str>, rows: usize) -> Result<Vec<String>> {
    let mut table = Table::open(&path.into(), &Opening { one_column: true, ..Opening::default() })?;
    let names: Vec<String> = table.row().fields().map(normalized).collect();
    let bare = ["id".to_owned(), "ids".to_owned()];
    let found = match column {
        None => names::position(&NAMES.item, &names).or_else(|| names::position(&bare, &names)),
        Some(wanted) => Some(names.iter().position(|name| *name == normalized(wanted)).ok_or_else(|| {
            table.row().error(format!("no column {wanted:?}"), format!("name one of {}", names.join(", ")))
        })?),
    };
    let mut ids = Vec::new();
    while let Some(row) = table.next()? {
        match row.id(found.unwrap_or(0), "id") {
            Ok(id) => ids.push(id.to_owned()),
            Err(bad) => table.reject(bad)?,
        }
    }
    table.finish()?;
    // A header, unless a row would be without id: a vocabulary may begin with the word `item`.
    if found.is_some() && !(names.len() == 1 && column.is_none() && ids.len() == rows) {
        ids.remove(0);
    }
    Ok(ids)
}
