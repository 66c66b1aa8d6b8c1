//! The catalogue's columns as options name them.

use crate::error::{Error, Result};
use crate::model::{Items, NumberColumn, TagColumn, TagField};
use std::fmt::{self, Display, Formatter};

/// A column of tags with a value for every tag of its vocabulary, those of [`TagField`] last.
#[derive(Debug)]
pub(crate) struct TagValues<'a, T> {
    column: Option<&'a TagColumn>,
    field: Option<&'a TagField>,
    by_code: Vec<T>,
}

impl<'a, T: Clone> TagValues<'a, T> {
    /// `default` for all tags but those named.
    ///
    /// # Errors
    /// [`Problem::Argument`] naming `field` for a column or tag that the catalogue does not have.
    pub(crate) fn new<'b>(
        items: Items<'a>,
        option: &'static str,
        column: &str,
        default: T,
        named: impl IntoIterator<Item = (&'b str, T)>,
    ) -> Result<Self> {
        let (found, field) = tags(items, option, column)?;
        let known = found.map_or(0, TagColumn::vocabulary_len);
        let further = field.map_or(&[][..], TagField::names);
        let mut by_code = vec![default; known + further.len()];
        let catalog = items.catalog();
        for (name, value) in named {
            let of_model = |&code: &usize| found.is_some_and(|c| catalog.tag_name(c, code as u32) == name);
            let code = (0..known).find(of_model);
            let code = code.or_else(|| Some(known + further.iter().position(|other| other == name)?));
            by_code[code.ok_or_else(|| no_tag(option, column, name))?] = value;
        }
        Ok(TagValues { column: found, field, by_code })
    }

    /// The values of the item's tags.
    pub(crate) fn of(&self, items: Items<'a>, item: u32) -> impl Iterator<Item = &T> {
        self.codes(items, item).map(|code| &self.by_code[code])
    }

    /// The item's tags as positions in [`TagValues::values`].
    pub(crate) fn codes(&self, items: Items<'a>, item: u32) -> impl Iterator<Item = usize> {
        let set = self.field.and_then(|field| field.codes(item));
        let of_catalog = || self.column.map(|column| items.catalog().tag_codes(column, item));
        set.or_else(of_catalog).unwrap_or(&[]).iter().map(|&code| code as usize)
    }

    /// By code.
    pub(crate) fn values(&self) -> &[T] {
        &self.by_code
    }
}

/// The column of tags with this name, of the catalogue, set by the page, or both.
///
/// # Errors
/// [`Problem::Argument`] naming `option` when there is none.
fn tags<'a>(
    items: Items<'a>,
    option: &'static str,
    column: &str,
) -> Result<(Option<&'a TagColumn>, Option<&'a TagField>)> {
    let columns = items.catalog().tag_columns();
    let (found, field) = (columns.get(column), items.fields.and_then(|fields| fields.tags(column)));
    match (found, field) {
        (None, None) => Err(no_column(option, "tags", columns.names().collect(), column)),
        both => Ok(both),
    }
}

#[cold]
fn no_tag(field: &'static str, column: &str, found: &str) -> Error {
    Error::argument(field, format_args!("a tag of {column}"), found)
}

/// A column of numbers.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    column: Option<&'a NumberColumn>,
    /// By row, what the page set over it; of items that came later nothing.
    field: &'a [f32],
}

impl<'a> Numbers<'a> {
    /// The column with this name, of the catalogue, set by the page, or both.
    ///
    /// # Errors
    /// [`Problem::Argument`] naming `option` when there is none.
    pub(crate) fn new(items: Items<'a>, option: &'static str, column: &str) -> Result<Numbers<'a>> {
        let columns = items.catalog().number_columns();
        let field = items.fields.and_then(|fields| fields.numbers(column));
        match (columns.get(column), field) {
            (None, None) => Err(no_column(option, "numbers", columns.names().collect(), column)),
            (column, field) => Ok(Numbers { column, field: field.unwrap_or(&[]) }),
        }
    }

    /// The item's number; NaN where it has none.
    pub(crate) fn of(&self, items: Items<'_>, item: u32) -> f32 {
        let of_catalog = || self.column.map_or(f32::NAN, |column| items.catalog().number(column, item));
        self.field.get(item as usize).copied().unwrap_or_else(of_catalog)
    }
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
