//! The catalogue's columns as options name them.

use crate::error::{Error, Result};
use crate::model::{Items, NumberColumn, TagColumn};
use std::fmt::{self, Display, Formatter};

/// A column of tags with a value for every tag of its vocabulary.
#[derive(Debug)]
pub(crate) struct TagValues<'a, T> {
    column: &'a TagColumn,
    by_code: Vec<T>,
}

impl<'a, T: Clone> TagValues<'a, T> {
    /// `default` for all tags but those named.
    ///
    /// # Errors
    /// [`Problem::Argument`] naming `field` for a column or tag that the catalogue does not have.
    pub(crate) fn new<'b>(
        items: Items<'a>,
        field: &'static str,
        column: &str,
        default: T,
        named: impl IntoIterator<Item = (&'b str, T)>,
    ) -> Result<Self> {
        let found = tags(items, field, column)?;
        let mut by_code = vec![default; found.vocabulary_len()];
        for (name, value) in named {
            by_code[code(items, found, name).ok_or_else(|| no_tag(field, column, name))?] = value;
        }
        Ok(TagValues { column: found, by_code })
    }

    /// The values of the item's tags.
    pub(crate) fn of(&self, items: Items<'a>, item: u32) -> impl Iterator<Item = &T> {
        self.codes(items, item).map(|code| &self.by_code[code])
    }

    /// The item's tags as positions in [`TagValues::values`].
    pub(crate) fn codes(&self, items: Items<'a>, item: u32) -> impl Iterator<Item = usize> {
        items.catalog().tag_codes(self.column, item).iter().map(|&code| code as usize)
    }

    /// By code.
    pub(crate) fn values(&self) -> &[T] {
        &self.by_code
    }
}

/// The column of tags with this name.
///
/// # Errors
/// [`Problem::Argument`] naming `field` when there is none.
fn tags<'a>(items: Items<'a>, field: &'static str, column: &str) -> Result<&'a TagColumn> {
    let columns = items.catalog().tag_columns();
    columns.get(column).ok_or_else(|| no_column(field, "tags", columns.names().collect(), column))
}

fn code(items: Items<'_>, column: &TagColumn, tag: &str) -> Option<usize> {
    let catalog = items.catalog();
    (0..column.vocabulary_len()).find(|&code| catalog.tag_name(column, code as u32) == tag)
}

#[cold]
fn no_tag(field: &'static str, column: &str, found: &str) -> Error {
    Error::argument(field, format_args!("a tag of {column}"), found)
}

/// The column of numbers with this name.
///
/// # Errors
/// [`Problem::Argument`] naming `field` when there is none.
pub(crate) fn numbers<'a>(items: Items<'a>, field: &'static str, column: &str) -> Result<&'a NumberColumn> {
    let columns = items.catalog().number_columns();
    columns.get(column).ok_or_else(|| no_column(field, "numbers", columns.names().collect(), column))
}

#[cold]
fn no_column(field: &'static str, kind: &str, names: Vec<&str>, found: &str) -> Error {
    Error::argument(field, Columns { kind, names }, found)
}

/// The columns there are, as a message names them.
struct Columns<'a> {
    kind: &'a str,
    names: Vec<&'a str>,
}

impl Display for Columns<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [first, others @ ..] = &self.names[..] else {
            return write!(f, "no column: this model's catalogue has none of {}", self.kind);
        };
        write!(f, "a column of {}: {first}", self.kind)?;
        others.iter().try_for_each(|name| write!(f, ", {name}"))
    }
}
