//! Parquet files, and folders of them as Spark writes them, with a row an item.

use super::super::names::{self, NAMES, normalized};
use super::super::parquet as rows;
use super::panics::caught;
use super::table::{IDS, VECTORS};
use super::vectors::Vectors;
use super::{Options, damaged, refused};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, Row};
use foldin::error::{Error, Result};
use std::path::{Path, PathBuf};

/// What pandas calls the column of its index.
const PANDAS_INDEX: &str = "indexlevel0";

/// Reads a file, or all files of a folder in the order of their names.
pub(super) fn read(path: &Path, options: &Options) -> Result<Vectors> {
    let files = if path.is_dir() { files_in(path)? } else { vec![path.to_owned()] };
    let mut vectors = Vectors::default();
    files.iter().try_for_each(|file| read_into(&mut vectors, file, options))?;
    Ok(vectors)
}

/// The Parquet files of a folder and of those in it.
pub(super) fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = rows::files_in(folder)?;
    match files.is_empty() {
        true => Err(refused(
            folder.display(),
            "a folder without Parquet files",
            "give the folder that Spark's `model.save(...)` made, with its metadata and itemFactors, or one file",
        )),
        false => Ok(files),
    }
}

/// Adds the rows of a file.
pub(super) fn read_into(vectors: &mut Vectors, path: &Path, options: &Options) -> Result<()> {
    caught(|| read_rows(vectors, path, options)).unwrap_or_else(|words| Err(damaged(path, words)))
}

fn read_rows(vectors: &mut Vectors, path: &Path, options: &Options) -> Result<()> {
    let file = rows::Reopened::at(path).map_err(Error::io(path))?;
    let broken = |error: ::parquet::errors::ParquetError| damaged(path, explained(&error));
    let reader = SerializedFileReader::new(file).map_err(broken)?;
    rows::check(path, &reader, options.max_bytes)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let mut layout = None;
    for (number, row) in reader.get_row_iter(None).map_err(broken)?.enumerate() {
        let row = row.map_err(broken)?;
        let place = || format!("{}: row {number}", path.display());
        let layout = match &layout {
            Some(layout) => layout,
            None => layout.insert(Layout::find(&names, &row, options, path)?),
        };
        let (id, vector) = layout.read(&row).map_err(|problem| {
            refused(
                place(),
                problem,
                "leave such columns out, or name the right ones with --id-column and --vector-column",
            )
        })?;
        vectors.push(id, vector, place)?;
    }
    Ok(())
}

fn explained(error: &::parquet::errors::ParquetError) -> String {
    match error.to_string() {
        text if text.contains("Disabled feature") => {
            format!("{text} (snappy, gzip, lz4 and zstd are read: write it with `compression=\"zstd\"`)")
        }
        text => text,
    }
}

/// Where a row has its id and its numbers.
struct Layout {
    id: usize,
    /// None: every other column holds a number.
    vector: Option<usize>,
}

impl Layout {
    /// Ids are known by their column's name, vectors by name or by being the only list.
    fn find(names: &[String], first: &Row, options: &Options, path: &Path) -> Result<Layout> {
        let normal: Vec<String> = names.iter().map(|name| normalized(name)).collect();
        let find =
            |aliases: &[&str]| aliases.iter().find_map(|alias| normal.iter().position(|name| name == alias));
        let given = |wanted: &Option<String>| -> Result<Option<usize>> {
            let Some(wanted) = wanted else { return Ok(None) };
            names.iter().position(|name| name == wanted).map(Some).ok_or_else(|| {
                refused(
                    path.display(),
                    format!("no column {wanted:?}"),
                    format!("name one of {}", names.join(", ")),
                )
            })
        };
        let is_list = |(_, field): &(usize, (&String, &Field))| matches!(field.1, Field::ListInternal(_));
        let lists: Vec<usize> =
            first.get_column_iter().enumerate().filter(is_list).map(|(column, _)| column).collect();
        let vector = match (given(&options.vector_column)?, lists.as_slice()) {
            (Some(column), _) => Some(column),
            (None, [column]) => Some(*column),
            (None, _) => find(&VECTORS).filter(|column| lists.contains(column)),
        };
        let id = given(&options.id_column)?
            .or_else(|| names::position(&NAMES.item, &normal))
            .or_else(|| find(&IDS));
        let id = id.or_else(|| find(&[PANDAS_INDEX])).ok_or_else(|| {
            refused(
                path.display(),
                format!("no column of ids among {}", names.join(", ")),
                "name it with --id-column NAME",
            )
        })?;
        Ok(Layout { id, vector })
    }

    fn read(&self, row: &Row) -> Result<(String, Vec<f32>), String> {
        let (mut id, mut vector) = (None, Vec::new());
        for (column, (name, field)) in row.get_column_iter().enumerate() {
            if column == self.id {
                id =
                    Some(text(field).ok_or_else(|| format!("column {name}: expected an id, found {field}"))?);
            } else if self.vector.is_none_or(|chosen| chosen == column) {
                let wrong = || format!("column {name}: expected numbers, found {field}");
                match field {
                    Field::ListInternal(list) => {
                        for element in list.elements() {
                            vector.push(float(element).ok_or_else(wrong)?);
                        }
                    }
                    field => vector.push(float(field).ok_or_else(wrong)?),
                }
            }
        }
        Ok((id.ok_or("no column of ids")?, vector))
    }
}

/// An id: a text or a whole number, which pandas writes as a float where one is missing.
fn text(field: &Field) -> Option<String> {
    match field {
        Field::Double(value) if value.fract() != 0.0 || !value.is_finite() => None,
        Field::Float(value) if value.fract() != 0.0 || !value.is_finite() => None,
        Field::Null | Field::Bool(_) | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
            None
        }
        field => Some(rows::text(field)).filter(|text| !text.is_empty()),
    }
}

fn float(field: &Field) -> Option<f32> {
    match field {
        Field::Float(value) => Some(*value),
        Field::Double(value) => Some(*value as f32),
        Field::Float16(value) => Some(value.to_f32()),
        Field::Int(value) => Some(*value as f32),
        Field::Long(value) => Some(*value as f32),
        // DuckDB's, for numbers that were written down.
        Field::Decimal(_) => rows::text(field).parse().ok(),
        _ => None,
    }
}
