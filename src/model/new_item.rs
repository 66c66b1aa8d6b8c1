//! An item that a model was packed without.

use super::{Added, CatalogView};
use crate::error::{Error, Result};
use crate::named::Named;

/// An item that joins a model's. Nobody has met it yet: it has no bias, no interactions and no trend.
#[derive(Clone, Debug, Default)]
pub struct NewItem {
    /// Its id, which no other item has.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its tags by column of the catalogue; none in the columns that are left out.
    pub tags: Named<Vec<String>>,
    /// Its numbers by column of the catalogue; not known in the columns that are left out.
    pub numbers: Named<f32>,
    /// [dim]
    pub factor: Vec<f32>,
}

/// How many tags of a column an error names.
const NAMED: usize = 20;

impl NewItem {
    /// What the catalogue has a place for.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a column or a tag that the catalogue does not have, or a number that is not
    /// finite.
    pub(crate) fn described(&self, catalog: CatalogView<'_>) -> Result<Added> {
        check_columns("tags", catalog.tag_columns(), &self.tags)?;
        check_columns("numbers", catalog.number_columns(), &self.numbers)?;
        let mut tags = Vec::new();
        for (name, column) in catalog.tag_columns().iter() {
            let vocabulary =
                || (0..column.vocabulary_len() as u32).map(|code| catalog.tag_name(column, code));
            let code = |tag: &String| {
                vocabulary().position(|known| known == tag).map(|code| code as u32).ok_or_else(|| {
                    let some: Vec<&str> = vocabulary().take(NAMED).collect();
                    let expected = format_args!("in \"{name}\" one of {}", some.join(", "));
                    Error::argument("features", expected, tag)
                })
            };
            let said = self.tags.get(name).map_or(&[][..], Vec::as_slice);
            tags.push(said.iter().map(code).collect::<Result<_>>()?);
        }
        if let Some((name, _)) = self.numbers.iter().find(|(_, number)| !number.is_finite()) {
            let expected = format_args!("a finite number in \"{name}\", or none");
            return Err(Error::argument("features", expected, "another"));
        }
        let number = |(name, _)| self.numbers.get(name).copied().unwrap_or(f32::NAN);
        let numbers = catalog.number_columns().iter().map(number).collect();
        Ok(Added { id: self.id.clone(), title: self.title.clone(), tags, numbers })
    }
}

/// # Errors
/// [`crate::Problem::Argument`] where one is said that is no column of the catalogue.
fn check_columns<T, U>(kind: &str, columns: &Named<T>, said: &Named<U>) -> Result<()> {
    let Some((name, _)) = said.iter().find(|(name, _)| columns.get(name).is_none()) else { return Ok(()) };
    let names: Vec<&str> = columns.iter().map(|(name, _)| name).collect();
    let expected = match names.is_empty() {
        true => format!("no {kind}: this model's catalogue has no column of them"),
        false => format!("{kind} only in {}", names.join(", ")),
    };
    Err(Error::argument("features", expected, name))
}
