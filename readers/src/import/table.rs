//! CSV, TSV and the like with a row an item: the numbers in columns of their own, or as one list in a column.

use super::super::names::{self, NAMES, normalized};
use super::super::table::{Opening, Row, Table};
use super::Options;
use super::vectors::Vectors;
use foldin::error::{Error, Result};
use std::path::Path;

/// Names of columns of ids, besides those of items, as [`normalized`].
pub(super) const IDS: [&str; 5] = ["id", "ids", "key", "word", "token"];
/// Names of columns of whole vectors.
pub(super) const VECTORS: [&str; 6] = ["vector", "embedding", "features", "factors", "values", "emb"];

/// Where a row has its id and its numbers.
struct Layout {
    id: usize,
    /// None: every other column holds a number.
    vector: Option<usize>,
}

/// Reads a table. The column of ids is known by its name (`item_id`, `movieId`, `id`, `word`, ...) or is the first.
pub(super) fn read(path: &Path, options: &Options) -> Result<Vectors> {
    let mut table =
        Table::open(&path.into(), &Opening { max_bytes: options.max_bytes, ..Opening::default() })?;
    let (layout, header) = layout(table.row(), options)?;
    if header {
        table.skip_first();
    }
    let mut vectors = Vectors::default();
    let mut numbers = Vec::new();
    while let Some(row) = table.next()? {
        numbers.clear();
        match layout.vector {
            Some(column) => {
                for text in split(row.get(column)) {
                    numbers.push(number(row, text)?);
                }
            }
            None => {
                for (_, text) in row.fields().enumerate().filter(|(column, _)| *column != layout.id) {
                    numbers.push(number(row, text)?);
                }
            }
        }
        let id = row.id(layout.id, "id").map_err(|bad| row.error(bad.problem, "give each row an id"))?;
        vectors.push(id.to_owned(), numbers.iter().copied(), || row.place())?;
    }
    table.finish()?;
    Ok(vectors)
}

/// The layout that the first row shows, and whether that row is a header.
fn layout(first: Row<'_>, options: &Options) -> Result<(Layout, bool)> {
    let names: Vec<String> = first.fields().map(normalized).collect();
    let find =
        |aliases: &[&str]| aliases.iter().find_map(|alias| names.iter().position(|name| name == alias));
    let given = |wanted: &Option<String>| -> Result<Option<usize>> {
        let Some(wanted) = wanted else { return Ok(None) };
        let found = names.iter().position(|name| *name == normalized(wanted));
        found.map(Some).ok_or_else(|| {
            first.error(format!("no column {wanted:?}"), format!("name one of {}", names.join(", ")))
        })
    };
    let id =
        given(&options.id_column)?.or_else(|| names::position(&NAMES.item, &names)).or_else(|| find(&IDS));
    // RecBole says it in the header.
    let typed = || first.fields().position(|name| name.ends_with(":float_seq"));
    let vector = given(&options.vector_column)?.or_else(|| find(&VECTORS)).or_else(typed);
    if id.is_some() || vector.is_some() {
        return Ok((Layout { id: id.unwrap_or(0), vector }, true));
    }
    let is_number = |column: usize| first.get(column).parse::<f32>().is_ok();
    let is_list =
        names.len() == 2 && split(first.get(1)).filter(|text| text.parse::<f32>().is_ok()).count() > 1;
    // pandas numbers columns, and has no name for what numbers the rows.
    let header = !is_list && (names[0].is_empty() || (1..names.len()).any(|column| !is_number(column)));
    Ok((Layout { id: 0, vector: is_list.then_some(1) }, header))
}

/// The numbers of `[0.1, 0.2]`, `{0.1,0.2}`, `0.1 0.2`, `0.1|0.2`, or of what NumPy prints in several lines.
fn split(list: &str) -> impl Iterator<Item = &str> {
    let bare = list.trim_start_matches(['[', '(', '{']).trim_end_matches([']', ')', '}']);
    bare.split([',', ' ', '|', ';', '\n', '\r', '\t']).filter(|text| !text.is_empty())
}

fn number(row: Row<'_>, text: &str) -> Result<f32, Error> {
    text.parse().map_err(|_| {
        let remedy = "leave columns that are not part of the vector out, or name it with --vector-column and --id-column";
        row.error(format!("expected a number, found {text:?}"), remedy)
    })
}
