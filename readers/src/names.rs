//! The names that columns have in the wild: one table, `names.json`, for the command and for the page.

use serde::Deserialize;
use std::sync::LazyLock;

/// The table as JSON: for each role the names, normalised, the likelier first.
pub const JSON: &str = include_str!("names.json");

/// Names of each role a column may have, as [`normalized`], the likelier first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Who.
    pub user: Vec<String>,
    /// What was bought together; asked for by [`Columns::baskets`](super::reading::Columns).
    pub basket: Vec<String>,
    /// What.
    pub item: Vec<String>,
    /// The rating, or how often.
    pub value: Vec<String>,
    /// When.
    pub time: Vec<String>,
    /// The kind of event.
    pub event: Vec<String>,
    /// Whether an interaction speaks for its item: yes or no.
    pub verdict: Vec<String>,
    /// What an item is called.
    pub title: Vec<String>,
    /// What describes an item in a sentence or more.
    pub description: Vec<String>,
    /// The year an item is from.
    pub year: Vec<String>,
    /// Lists of tags, under the name that they have in a model.
    pub genres: Vec<String>,
    /// See `genres`.
    pub tags: Vec<String>,
    /// See `genres`.
    pub categories: Vec<String>,
}

/// The table.
pub static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_json::from_str(JSON).expect("the table is valid, as a test checks"));

/// The name in small letters, without RecBole's `:type` and what stands between its words.
pub fn normalized(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}');
    let name = name.split_once(':').map_or(name, |(name, _type)| name);
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first of `wanted` that is among `names`.
pub fn position(wanted: &[String], names: &[String]) -> Option<usize> {
    wanted.iter().find_map(|wanted| names.iter().position(|name| name == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_normalised_and_say_one_thing_each() {
        let Names { user, item, value, time, event, .. } = &*NAMES;
        let mut seen = HashSet::new();
        for name in [user, item, value, time, event].into_iter().flatten() {
            assert_eq!(*name, normalized(name));
            assert!(seen.insert(name), "{name} stands twice");
        }
    }
}
