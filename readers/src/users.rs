//! People and their traits: any columns beside the id.

use super::ids::{Matching, Normal};
use super::input::Input;
use super::names::{self, NAMES, normalized};
use super::numbers::Numbers;
use super::reading::Reading;
use super::table::Table;
use super::value::is_null;
use foldin::error::{Error, Problem, Result};
use foldin::model::{CatalogColumns, TagValues};
use std::collections::HashMap;

/// A column with more different values than this tells people apart rather than saying what they share: a
/// postcode, a name.
pub const MAX_TRAITS: usize = 100;

/// A user file as read, with its own order of users.
#[derive(Debug)]
pub struct UserTable {
    place: String,
    rows: HashMap<String, usize>,
    /// By name, [lines] each.
    columns: Vec<(String, Vec<String>)>,
}

/// Reads a user file. It must have a header; the id's column is known by its name (`user`, `user_id`, `userId`,
/// ...). Of a user who stands twice the last line counts.
///
/// # Errors
/// As [`super::interactions::read`].
pub fn read(file: impl Into<Input>) -> Result<UserTable> {
    read_as(file, &Reading::default())
}

/// The same as told: bad lines, encoding, and the column of users by its name.
///
/// # Errors
/// As [`read`].
pub fn read_as(file: impl Into<Input>, reading: &Reading) -> Result<UserTable> {
    let file = file.into();
    let mut table = Table::open(&file, &reading.opening())?;
    let names: Vec<String> = table.row().fields().map(normalized).collect();
    let given = reading.columns.user.iter().map(|name| normalized(name)).collect::<Vec<_>>();
    let bare = ["id".to_owned()];
    let find = |wanted: &[String]| names::position(wanted, &names);
    let id = find(&given).or_else(|| find(&NAMES.user)).or_else(|| find(&bare));
    let Some(id) = id else {
        let problem = format!("no column of user ids found among {}", names.join(", "));
        return Err(table.row().error(problem, "call the column of ids user_id in the first line"));
    };
    let mut columns: Vec<(String, Vec<String>)> = names.into_iter().map(|name| (name, Vec::new())).collect();
    let normal = Normal::of(table.sample().filter_map(|record| record.get(id)));
    table.skip_first();
    let mut rows = HashMap::new();
    let mut count = 0;
    while let Some(row) = table.next()? {
        match row.id(id, "user id") {
            Ok(user) => {
                rows.insert(normal.id(user).into_owned(), count);
                let known = |field: &str| if is_null(field) { String::new() } else { field.to_owned() };
                columns
                    .iter_mut()
                    .zip(row.fields())
                    .for_each(|((_, values), field)| values.push(known(field)));
                count += 1;
            }
            Err(bad) => table.reject(bad)?,
        }
    }
    table.finish()?;
    columns.remove(id);
    columns.retain(|(name, _)| !name.is_empty());
    Ok(UserTable { place: file.to_string(), rows, columns })
}

impl UserTable {
    /// How many of the users of `whose` have a line here.
    ///
    /// # Errors
    /// [`Problem::Data`] where none has.
    pub fn matching(&self, whose: &str, ids: &[String]) -> Result<Matching> {
        let what = format!("users of {whose}");
        Matching::between(
            &what,
            ids.iter().map(String::as_str),
            &self.place,
            self.rows.keys().map(String::as_str),
        )
    }

    /// The traits in the order of `ids`: a column is of numbers where every entry is a number or empty, of tags
    /// (several separated by `|`) otherwise. Users without a line have none. With it, the columns that were left
    /// out because they have more than [`MAX_TRAITS`] different values.
    ///
    /// # Errors
    /// [`Problem::Data`] when none of the ids has a line, or no column is left.
    pub fn columns_for(&self, ids: &[String]) -> Result<(CatalogColumns, Vec<&str>)> {
        let rows: Vec<Option<usize>> = ids.iter().map(|id| self.rows.get(id).copied()).collect();
        if rows.iter().all(Option::is_none) {
            let remedy = "give the users the ids that they have in the interactions";
            return Err(self.error("none of its users has an interaction", remedy));
        }
        let (mut chosen, mut left_out) = (CatalogColumns::default(), Vec::new());
        for (name, values) in &self.columns {
            let known = || rows.iter().map(|row| row.map_or("", |row| &values[row]));
            if let Some(numbers) = known().map(number).collect::<Option<Vec<f32>>>() {
                chosen.numbers.insert(name.clone(), numbers);
                continue;
            }
            let tags = tags(known());
            match tags.vocabulary.len() <= MAX_TRAITS {
                true => drop(chosen.tags.insert(name.clone(), tags)),
                false => left_out.push(name.as_str()),
            }
        }
        match chosen.tags.is_empty() && chosen.numbers.is_empty() {
            true => Err(self.error("no column of traits", "give columns such as age, gender or occupation")),
            false => Ok((chosen, left_out)),
        }
    }

    fn error(&self, problem: &str, remedy: &str) -> Error {
        Problem::Data { place: self.place.clone(), problem: problem.into(), remedy: remedy.into() }.into()
    }
}

/// NaN for an empty field.
fn number(text: &str) -> Option<f32> {
    if text.is_empty() { Some(f32::NAN) } else { text.parse().ok().filter(|value: &f32| value.is_finite()) }
}

fn tags<'a>(fields: impl Iterator<Item = &'a str>) -> TagValues {
    let mut vocabulary = Numbers::default();
    let codes = fields.map(|field| {
        let tags = field.split('|').map(str::trim).filter(|tag| !tag.is_empty());
        tags.map(|tag| vocabulary.of(tag)).collect()
    });
    let codes = codes.collect();
    TagValues { vocabulary: vocabulary.ids, codes }
}
