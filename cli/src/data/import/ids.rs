//! Side files with an id a row.

use super::super::columns::{ITEM, normalized};
use super::super::table::Table;
use super::{damaged, numpy, refused};
use foldin::error::{Error, Result};
use std::path::Path;

/// Reads ids: a `.npy` array, a JSON list of strings and numbers, or a table, whose column of ids is named like an
/// item's (`item_id`, `movieId`, `id`, ...), given, or the first one.
pub(super) fn read(path: &Path, column: Option<&str>) -> Result<Vec<String>> {
    let mut bytes = std::fs::read(path).map_err(Error::io(path))?;
    if bytes.starts_with(b"\x93NUMPY") {
        return numpy::read_ids(path, bytes);
    }
    if bytes.first() == Some(&b'[') {
        return from_json(path, &bytes);
    }
    bytes.clear();
    from_table(path, column)
}

fn from_json(path: &Path, bytes: &[u8]) -> Result<Vec<String>> {
    let values: Vec<serde_json::Value> =
        serde_json::from_slice(bytes).map_err(|error| damaged(path, error))?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(id) => Ok(id),
        serde_json::Value::Number(id) => Ok(id.to_string()),
        other => Err(refused(path.display(), format!("an id that is {other}"), "give strings or numbers")),
    };
    values.into_iter().map(text).collect()
}

fn from_table(path: &Path, column: Option<&str>) -> Result<Vec<String>> {
    let mut table = Table::open(path)?;
    let names: Vec<String> = table.row().fields().map(normalized).collect();
    let position = |wanted: &str| names.iter().position(|name| *name == normalized(wanted));
    let found = match column {
        None => ITEM.iter().chain(&["id"]).find_map(|alias| position(alias)),
        Some(wanted) => Some(position(wanted).ok_or_else(|| {
            table.row().error(format!("no column {wanted:?}"), format!("name one of {}", names.join(", ")))
        })?),
    };
    if found.is_some() {
        table.skip_first();
    }
    let mut ids = Vec::new();
    while let Some(row) = table.next()? {
        ids.push(row.id(found.unwrap_or(0), "id")?.to_owned());
    }
    Ok(ids)
}
