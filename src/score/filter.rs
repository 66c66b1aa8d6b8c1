//! `where`: conditions on the catalogue's columns.

use super::columns::{TagValues, numbers};
use super::options::Condition;
use crate::error::{Error, Result};
use crate::model::{Items, NumberColumn};
use crate::named::Named;

const FIELD: &str = "where";

/// Conditions of which all must hold.
#[derive(Debug)]
pub(crate) struct Filter<'a>(Vec<Test<'a>>);

#[derive(Debug)]
enum Test<'a> {
    /// The item has a marked tag.
    Any(TagValues<'a, bool>),
    /// The item has no marked tag.
    None(TagValues<'a, bool>),
    /// The item's number lies between; an item without one fails.
    Between(&'a NumberColumn, f32, f32),
}

impl<'a> Filter<'a> {
    /// # Errors
    /// [`Problem::Argument`] for a column or tag that the catalogue does not have, or a condition that asks for
    /// nothing.
    pub(crate) fn new(items: Items<'a>, conditions: &Named<Condition>) -> Result<Filter<'a>> {
        let mut tests = Vec::new();
        for (column, Condition { any, not_in, min, max }) in conditions.iter() {
            let marked = |tags: &Vec<String>| {
                TagValues::new(items, FIELD, column, false, tags.iter().map(|tag| (tag.as_str(), true)))
            };
            let before = tests.len();
            if let Some(tags) = any {
                tests.push(Test::Any(marked(tags)?));
            }
            if let Some(tags) = not_in {
                tests.push(Test::None(marked(tags)?));
            }
            if min.is_some() || max.is_some() {
                let (min, max) = (min.unwrap_or(f32::NEG_INFINITY), max.unwrap_or(f32::INFINITY));
                tests.push(Test::Between(numbers(items, FIELD, column)?, min, max));
            }
            if tests.len() == before {
                return Err(Error::argument(
                    FIELD,
                    "in, notIn, min or max",
                    format_args!("nothing for {column}"),
                ));
            }
        }
        Ok(Filter(tests))
    }

    pub(crate) fn accepts(&self, items: Items<'a>, item: u32) -> bool {
        self.0.iter().all(|test| match test {
            Test::Any(tags) => tags.of(items, item).any(|&marked| marked),
            Test::None(tags) => !tags.of(items, item).any(|&marked| marked),
            Test::Between(column, min, max) => (*min..=*max).contains(&items.catalog().number(column, item)),
        })
    }
}
