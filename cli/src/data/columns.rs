//! Which column is which: by the names that files use, or as told.

use super::table::Row;
use foldin::error::{Error, Result};

/// The columns of an interaction file where they are not to be guessed: a name from the header, or the
/// column's number from 1 in a file without header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Who.
    pub user: Option<String>,
    /// What.
    pub item: Option<String>,
    /// The rating or weight.
    pub value: Option<String>,
    /// When.
    pub time: Option<String>,
}

/// Positions of the columns in a file.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub user: usize,
    pub item: usize,
    pub value: Option<usize>,
    pub time: Option<usize>,
    pub header: bool,
}

/// Names as [`normalized`], the likelier first.
pub(super) const USER: &[&str] = &["user", "userid", "uid", "customer", "customerid", "visitor", "visitorid"];
pub(super) const ITEM: &[&str] =
    &["item", "itemid", "movie", "movieid", "product", "productid", "article", "articleid", "book", "bookid"];
const VALUE: &[&str] = &["rating", "value", "score", "weight", "stars"];
const TIME: &[&str] = &["timestamp", "time", "date", "datetime", "ts"];

impl Columns {
    /// Finds the columns in a file whose first line is `first`.
    ///
    /// Without a known name in it, a first line of numbers is taken for data in MovieLens' order: user, item,
    /// rating, time.
    pub(super) fn find(&self, first: Row<'_>) -> Result<Found> {
        let names: Vec<String> = first.fields().map(normalized).collect();
        let header = Header { names: &names, first };
        let known = header.position(USER).or(header.position(ITEM)).is_some();
        let numbered = |column: &Option<String>| column.as_ref().is_some_and(|name| number(name).is_some());
        let of_numbers = names.len() >= 2 && first.fields().take(3).all(|field| field.parse::<f64>().is_ok());
        if !known && (of_numbers || (numbered(&self.user) && numbered(&self.item))) {
            let all_default = self.user.is_none() && self.item.is_none();
            let default = |position: usize| (all_default && position < names.len()).then_some(position);
            return Ok(Found {
                user: header.numbered(&self.user, "--user-column")?.unwrap_or(0),
                item: header.numbered(&self.item, "--item-column")?.unwrap_or(1),
                value: header.numbered(&self.value, "--value-column")?.or(default(2)),
                time: header.numbered(&self.time, "--time-column")?.or(default(3)),
                header: false,
            });
        }
        Ok(Found {
            user: header.required(&self.user, USER, "users", "--user-column")?,
            item: header.required(&self.item, ITEM, "items", "--item-column")?,
            value: header.optional(&self.value, VALUE, "--value-column")?,
            time: header.optional(&self.time, TIME, "--time-column")?,
            header: true,
        })
    }
}

/// The first line, searched.
struct Header<'a> {
    names: &'a [String],
    first: Row<'a>,
}

impl Header<'_> {
    fn position(&self, aliases: &[&str]) -> Option<usize> {
        aliases.iter().find_map(|alias| self.names.iter().position(|name| name == alias))
    }

    fn optional(&self, given: &Option<String>, aliases: &[&str], option: &str) -> Result<Option<usize>> {
        match given {
            None => Ok(self.position(aliases)),
            Some(name) => match self.names.iter().position(|found| *found == normalized(name)) {
                Some(position) => Ok(Some(position)),
                None => self.numbered(given, option),
            },
        }
    }

    fn required(&self, given: &Option<String>, aliases: &[&str], what: &str, option: &str) -> Result<usize> {
        self.optional(given, aliases, option)?.ok_or_else(|| {
            let names: Vec<&str> = self.first.fields().collect();
            self.first.error(
                format!("no column of {what} found in {:?}", names.join(" ")),
                format!("name it with {option} NAME, or with {option} NUMBER in a file without header"),
            )
        })
    }

    /// A column that was given as a number from 1.
    fn numbered(&self, given: &Option<String>, option: &str) -> Result<Option<usize>> {
        let Some(name) = given else { return Ok(None) };
        match number(name).filter(|position| *position < self.names.len()) {
            Some(position) => Ok(Some(position)),
            None => {
                let problem = format!("no column {name:?} among {} columns", self.names.len());
                Err(self.first.error(problem, format!("give {option} one of them, or its number from 1")))
            }
        }
    }
}

fn number(name: &str) -> Option<usize> {
    name.parse::<usize>().ok()?.checked_sub(1)
}

/// The name in small letters, without RecBole's `:type` and what stands between its words.
pub(super) fn normalized(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}');
    let name = name.split_once(':').map_or(name, |(name, _type)| name);
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The error for a field that should hold something else.
pub(super) fn unparsable(row: Row<'_>, what: &str, text: &str, expected: &str, option: &str) -> Error {
    let problem = format!("{what}: expected {expected}, found {text:?}");
    row.error(problem, format!("correct the line, or choose another column with {option}"))
}
