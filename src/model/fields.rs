//! What a page says of items after their model was packed: stock, prices, dates, promotions. It lies beside the model,
//! takes the place of what the catalogue says there, and may open columns that the catalogue does not have.

use super::Items;
use crate::error::{Error, Result};
use crate::named::Named;

/// Columns of numbers and of tags that lie over the catalogue's.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    numbers: Named<Vec<f32>>,
    tags: Named<TagField>,
}

/// A column of tags. Codes go on behind those of the catalogue's vocabulary.
#[derive(Clone, Debug, Default)]
pub(crate) struct TagField {
    /// Behind the catalogue's.
    names: Vec<String>,
    /// By row; None: as the catalogue has it.
    codes: Vec<Option<Box<[u32]>>>,
}

/// The most columns of each kind; each takes room for every item.
const MAX_COLUMNS: usize = 64;

impl Fields {
    /// Sets numbers of a column by row; NaN: the item has none.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, an infinite number, a column of tags, or too many
    /// columns; then nothing has changed.
    pub fn set_numbers(
        &mut self,
        items: Items<'_>,
        column: &str,
        rows: &[u32],
        numbers: &[f32],
    ) -> Result<()> {
        rows.iter().try_for_each(|&row| items.check_row(row))?;
        let is_tags = items.catalog().tag_columns().get(column).is_some() || self.tags.get(column).is_some();
        check_column(column, is_tags, self.numbers.len(), self.numbers.get(column).is_some())?;
        if numbers.iter().any(|number| number.is_infinite()) {
            return Err(Error::argument("fields", "finite numbers", "infinity"));
        }
        let catalog = items.catalog();
        let model = catalog.number_columns().get(column);
        let of_model = |row: u32| model.map_or(f32::NAN, |model| catalog.number(model, row));
        let values = self.numbers.entry(column);
        values.extend((values.len()..items.rows()).map(|row| of_model(row as u32)));
        rows.iter().zip(numbers).for_each(|(&row, &number)| values[row as usize] = number);
        Ok(())
    }

    /// Sets the tags of an item in a column.
    ///
    /// # Errors
    /// As [`Fields::set_numbers`], for a column of numbers.
    pub fn set_tags(&mut self, items: Items<'_>, column: &str, row: u32, tags: &[String]) -> Result<()> {
        items.check_row(row)?;
        let catalog = items.catalog();
        let is_numbers = catalog.number_columns().get(column).is_some() || self.numbers.get(column).is_some();
        check_column(column, is_numbers, self.tags.len(), self.tags.get(column).is_some())?;
        let model = catalog.tag_columns().get(column);
        let known = model.map_or(0, |model| model.vocabulary_len());
        let field = self.tags.entry(column);
        let code = |tag: &String| {
            let of_model = (0..known as u32)
                .find(|&code| model.is_some_and(|model| catalog.tag_name(model, code) == tag));
            of_model.unwrap_or_else(|| (known + field.code(tag)) as u32)
        };
        let codes: Box<[u32]> = tags.iter().map(code).collect();
        if field.codes.len() <= row as usize {
            field.codes.resize(items.rows(), None);
        }
        field.codes[row as usize] = Some(codes);
        Ok(())
    }

    pub(crate) fn numbers(&self, column: &str) -> Option<&[f32]> {
        self.numbers.get(column).map(Vec::as_slice)
    }

    pub(crate) fn tags(&self, column: &str) -> Option<&TagField> {
        self.tags.get(column)
    }
}

impl TagField {
    /// The tags that the catalogue does not have.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The item's tags, where they were set.
    pub(crate) fn codes(&self, row: u32) -> Option<&[u32]> {
        self.codes.get(row as usize)?.as_deref()
    }

    fn code(&mut self, tag: &str) -> usize {
        self.names.iter().position(|name| name == tag).unwrap_or_else(|| {
            self.names.push(tag.to_owned());
            self.names.len() - 1
        })
    }
}

fn check_column(column: &str, is_other: bool, columns: usize, known: bool) -> Result<()> {
    if is_other {
        let expected = "numbers for a column of numbers, tags for one of tags";
        return Err(Error::argument("fields", expected, format_args!("the other in {column}")));
    }
    if columns >= MAX_COLUMNS && !known {
        return Err(Error::argument("fields", format_args!("at most {MAX_COLUMNS} columns"), "one more"));
    }
    Ok(())
}
