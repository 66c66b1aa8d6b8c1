//! `where`: conditions on the catalogue's columns, looked up.

use super::columns::{Numbers, TagValues};
use super::conditions::{Condition, Where};
use crate::error::{Error, Result};
use crate::model::Items;

const FIELD: &str = "where";

/// Conditions that must all hold.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    tests: Vec<Test<'a>>,
    /// One of these must hold, where there are any.
    or: Vec<Filter<'a>>,
    /// None of these may hold.
    not: Vec<Filter<'a>>,
}

#[derive(Debug)]
enum Test<'a> {
    /// The item has a marked tag.
    Any(TagValues<'a, bool>),
    /// The item has no marked tag.
    None(TagValues<'a, bool>),
    /// The item's number lies between; an item without one fails.
    Between(Numbers<'a>, f32, f32),
}

impl<'a> Filter<'a> {
    /// # Errors
    /// [`crate::Problem::Argument`] for a column or tag that the catalogue does not have, or a condition that asks for
    /// nothing.
    pub(crate) fn new(items: Items<'a>, conditions: &Where) -> Result<Filter<'a>> {
        let mut filter = Filter { tests: Vec::new(), or: Vec::new(), not: Vec::new() };
        for (column, condition) in conditions.columns.iter() {
            filter.add(items, column, condition)?;
        }
        for inner in &conditions.or {
            filter.or.push(Filter::new(items, inner)?);
        }
        for inner in &conditions.not {
            filter.not.push(Filter::new(items, inner)?);
        }
        Ok(filter)
    }

    fn add(&mut self, items: Items<'a>, column: &str, condition: &Condition) -> Result<()> {
        let Condition { any, not_in, min, max } = condition;
        let marked = |tags: &Vec<String>| {
            TagValues::new(items, FIELD, column, false, tags.iter().map(|tag| (tag.as_str(), true)))
        };
        let before = self.tests.len();
        if let Some(tags) = any {
            self.tests.push(Test::Any(marked(tags)?));
        }
        if let Some(tags) = not_in {
            self.tests.push(Test::None(marked(tags)?));
        }
        if min.is_some() || max.is_some() {
            let (min, max) = (min.unwrap_or(f32::NEG_INFINITY), max.unwrap_or(f32::INFINITY));
            self.tests.push(Test::Between(Numbers::new(items, FIELD, column)?, min, max));
        }
        match self.tests.len() == before {
            true => {
                Err(Error::argument(FIELD, "in, notIn, min or max", format_args!("nothing for {column}")))
            }
            false => Ok(()),
        }
    }

    pub(crate) fn accepts(&self, items: Items<'a>, item: u32) -> bool {
        let holds = |test: &Test<'a>| match test {
            Test::Any(tags) => tags.of(items, item).any(|&marked| marked),
            Test::None(tags) => !tags.of(items, item).any(|&marked| marked),
            Test::Between(numbers, min, max) => (*min..=*max).contains(&numbers.of(items, item)),
        };
        self.tests.iter().all(holds)
            && (self.or.is_empty() || self.or.iter().any(|inner| inner.accepts(items, item)))
            && !self.not.iter().any(|inner| inner.accepts(items, item))
    }
}
