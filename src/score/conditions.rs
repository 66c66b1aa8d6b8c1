//! What `where` asks of an item.

use crate::error::{Error, Result};
use crate::named::Named;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use std::fmt;

/// Conditions that must all hold: by column of the catalogue, one of those in `or`, and not all of those in `not`. A
/// column cannot be called `or` or `not` here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Where {
    /// By column, what an item must have there.
    pub columns: Named<Condition>,
    /// At least one of these must hold; empty: nothing is asked.
    pub or: Vec<Where>,
    /// None of these may hold.
    pub not: Vec<Where>,
}

/// What an item must have in one column of the catalogue; all that is given must hold.
#[derive(Clone, Debug, Default, serde::Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Condition {
    /// In a column of tags: at least one of these.
    #[serde(rename = "in")]
    pub any: Option<Vec<String>>,
    /// In a column of tags: none of these.
    pub not_in: Option<Vec<String>>,
    /// In a column of numbers: this or more.
    pub min: Option<f32>,
    /// In a column of numbers: this or less.
    pub max: Option<f32>,
}

/// How deep conditions may lie in each other.
const DEEPEST: usize = 8;

impl Where {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.or.is_empty() && self.not.is_empty()
    }

    /// # Errors
    /// [`crate::Problem::Argument`] for conditions that lie too deep in each other.
    pub(super) fn check(&self) -> Result<()> {
        match self.depth() > DEEPEST {
            true => {
                Err(Error::argument("where", format_args!("at most {DEEPEST} levels of or and not"), "more"))
            }
            false => Ok(()),
        }
    }

    fn depth(&self) -> usize {
        self.or.iter().chain(&self.not).map(|inner| 1 + inner.depth()).max().unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Where {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Where;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("conditions by column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Where, A::Error> {
        let mut conditions = Where::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "or" => conditions.or = map.next_value()?,
                "not" => conditions.not = vec![map.next_value()?],
                _ => conditions.columns.push(name, map.next_value()?),
            }
        }
        if conditions.depth() > DEEPEST {
            return Err(A::Error::custom(format_args!(
                "where: expected at most {DEEPEST} levels of or and not"
            )));
        }
        Ok(conditions)
    }
}
