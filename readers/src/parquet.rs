//! Rows of Parquet files as records of text.

mod reopened;

use super::import::panics::caught;
use super::source::{self, refused};
use super::table::{Fault, Records};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use ::parquet::record::reader::RowIter;
use csv::StringRecord;
use foldin::error::{Error, Result};
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub(super) use reopened::Reopened;

/// Tables pack tenfold; what packs better than this was made to fill memories.
const MAX_EXPANSION: u64 = 100;
/// A small file does no harm.
const HARMLESS: u64 = 64 << 20;
/// Bytes of a value, at least.
const VALUE: u64 = 4;

/// Whether it is a Parquet file, or a folder, which may hold some.
pub(super) fn is_parquet(path: &Path) -> Result<bool> {
    if path.is_dir() {
        return Ok(!files_in(path)?.is_empty());
    }
    if !path.is_file() {
        return Ok(false);
    }
    let mut magic = [0; 4];
    let mut file = File::open(path).map_err(Error::io(path))?;
    Ok(file.read_exact(&mut magic).is_ok() && magic == *b"PAR1")
}

/// The Parquet files of a folder and of the folders in it, in the order of their names.
pub(super) fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(Error::io(&folder))? {
            let entry = entry.map_err(Error::io(&folder))?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(Error::io(&folder))?);
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "parquet") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Refuses a file that unfolds to far more than it is, before it does: the pages say how many values they hold.
///
/// # Errors
/// [`foldin::Problem::Data`] for such a file and a damaged one.
pub(super) fn check(
    path: &Path,
    reader: &SerializedFileReader<Reopened>,
    max_bytes: Option<u64>,
) -> Result<()> {
    let size = std::fs::metadata(path).map_err(Error::io(path))?.len();
    let most = max_bytes
        .unwrap_or_else(|| size.saturating_mul(MAX_EXPANSION).clamp(HARMLESS, source::MAX_BYTES * 4));
    let broken = |error: ::parquet::errors::ParquetError| damaged(path, &error.to_string());
    let mut values = 0u64;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(broken)?;
        for column in 0..group.num_columns() {
            let mut pages = group.get_column_page_reader(column).map_err(broken)?;
            while let Some(page) = pages.peek_next_page().map_err(broken)? {
                values += page.num_levels.or(page.num_rows).unwrap_or(0) as u64;
                pages.skip_next_page().map_err(broken)?;
            }
        }
    }
    match values.saturating_mul(VALUE) <= most {
        true => Ok(()),
        false => {
            let problem = format!("{size} bytes that unfold to {values} values");
            let remedy = "if it is meant to, allow it with --max-bytes, e.g. --max-bytes 64G";
            Err(refused(&path.display().to_string(), problem, remedy))
        }
    }
}

/// The error for a file that breaks off or contradicts itself.
fn damaged(path: &Path, error: &str) -> Error {
    let problem = format!("a Parquet file that cannot be read: {}", error.lines().next().unwrap_or_default());
    refused(&path.display().to_string(), problem, "export it again; codecs: snappy, gzip, lz4, zstd")
}

/// Rows of a file, or of all files of a folder.
pub(super) struct Rows {
    max_bytes: Option<u64>,
    files: std::vec::IntoIter<PathBuf>,
    path: PathBuf,
    rows: RowIter<'static>,
    names: Vec<String>,
    header_is_next: bool,
    row: u64,
}

impl Rows {
    pub fn open(path: &Path, max_bytes: Option<u64>) -> Result<Rows> {
        let files = if path.is_dir() { files_in(path)? } else { vec![path.to_owned()] };
        let mut files = files.into_iter();
        let path = files.next().expect("a file, as was seen");
        let (names, rows) = open(&path, max_bytes)?;
        Ok(Rows { max_bytes, files, path, rows, names, header_is_next: true, row: 0 })
    }
}

fn open(path: &Path, max_bytes: Option<u64>) -> Result<(Vec<String>, RowIter<'static>)> {
    let opened = caught(|| {
        let file = Reopened::at(path).map_err(Error::io(path))?;
        let reader = SerializedFileReader::new(file).map_err(|error| damaged(path, &error.to_string()))?;
        check(path, &reader, max_bytes)?;
        let schema = reader.metadata().file_metadata().schema();
        let names = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
        Ok((names, RowIter::from_file_into(Box::new(reader))))
    });
    opened.unwrap_or_else(|words: String| Err(damaged(path, &words)))
}

impl Records for Rows {
    fn read(&mut self, record: &mut StringRecord) -> std::result::Result<bool, Fault> {
        record.clear();
        if std::mem::take(&mut self.header_is_next) {
            record.extend(&self.names);
            return Ok(true);
        }
        loop {
            let row = caught(|| self.rows.next()).map_err(|words: String| damaged(&self.path, &words))?;
            match row {
                Some(row) => {
                    let row = row.map_err(|error| damaged(&self.path, &error.to_string()))?;
                    self.row += 1;
                    row.get_column_iter().for_each(|(_, field)| record.push_field(&text(field)));
                    return Ok(true);
                }
                None => {
                    let Some(next) = self.files.next() else { return Ok(false) };
                    let (names, rows) = open(&next, self.max_bytes)?;
                    if names != self.names {
                        let problem = format!(
                            "its columns are {}, those of {} are {}",
                            names.join(", "),
                            self.path.display(),
                            self.names.join(", ")
                        );
                        let remedy = "give a folder of files of one form";
                        return Err(refused(&next.display().to_string(), problem, remedy).into());
                    }
                    (self.path, self.rows) = (next, rows);
                }
            }
        }
    }

    /// Rows have no lines: their number, with the header as the first.
    fn line(&self) -> u64 {
        self.row + 1
    }
}

/// A value as the text of a field.
pub(super) fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => bytes.as_utf8().map(str::to_owned).unwrap_or_default(),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => value.to_string(),
        Field::Float16(value) => value.to_f32().to_string(),
        Field::TimestampMillis(time) | Field::TimestampMicros(time) => time.to_string(),
        Field::Date(days) => {
            let date = jiff::civil::date(1970, 1, 1)
                .checked_add(jiff::Span::new().try_days(*days).unwrap_or_default());
            date.map(|date| date.to_string()).unwrap_or_default()
        }
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => json(field).to_string(),
        other => other.to_string(),
    }
}

fn json(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Bool(*value),
        Field::Group(row) => {
            Value::Object(row.get_column_iter().map(|(name, field)| (name.clone(), json(field))).collect())
        }
        Field::ListInternal(list) => Value::Array(list.elements().iter().map(json).collect()),
        Field::MapInternal(map) => {
            Value::Object(map.entries().iter().map(|(key, value)| (text(key), json(value))).collect())
        }
        field => match (field, text(field)) {
            (Field::Str(_) | Field::Bytes(_), text) => Value::String(text),
            (_, text) => text.parse().map(Value::Number).unwrap_or(Value::String(text)),
        },
    }
}
