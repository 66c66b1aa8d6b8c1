//! A catalogue of items: titles, tags such as genres, numbers such as the year.

use super::bad_lines::left_out;
use super::ids::{Matching, Normal};
use super::input::Input;
use super::item_columns::{self, Column, Plan};
use super::read_as::Written;
use super::reading::Reading;
use super::table::{Opening, Table};
use foldin::error::Result;
use foldin::model::{CatalogColumns, TagValues};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// An item file as read, with its own order of items.
#[derive(Debug)]
pub struct ItemTable {
    place: String,
    rows: HashMap<String, usize>,
    lines: usize,
    columns: Vec<Column>,
    read_as: ItemsReadAs,
}

/// What an item file was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct ItemsReadAs {
    /// The file.
    pub file: String,
    /// How it is written.
    #[serde(flatten)]
    pub written: Written,
    /// Different items.
    pub items: usize,
    /// Lines of an item that stood before.
    pub repeated: usize,
    /// Each column, and what became of it: `title`, `genres, split by "|"`, `a number`, `left out: a key`.
    pub columns: Vec<(String, String)>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Reads an item file. Columns are known by their names: the id (`item_id`, `movieId`, `asin`, `id`, ...), the title
/// (`title`, `name`, ...), tags (`genres`, `class`, `tags`, `categories`, ...; what separates them is decided by the
/// column), the year (`year`, `release_date`, ...; what is none counts as unknown), and every other column of
/// numbers that are no keys. A file without header has id, title and genres, as MovieLens' `movies.dat`, or is its
/// `u.item`. Of an item that stands twice the last line counts.
///
/// # Errors
/// As [`super::interactions::read`].
pub fn read(file: impl Into<Input>) -> Result<ItemTable> {
    read_as(file, &Reading::default(), None)
}

/// The same as told; `id_column` names the column of ids, where it is not to be guessed.
///
/// # Errors
/// As [`read`].
pub fn read_as(file: impl Into<Input>, reading: &Reading, id_column: Option<&str>) -> Result<ItemTable> {
    let opening = Opening { join_middle: true, ..reading.opening() };
    let mut table = Table::open(&file.into(), &opening)?;
    let Plan { id, header, mut columns, notes } = item_columns::plan(&table, id_column, reading.dates)?;
    let first = (!header).then(|| table.row().get(id).to_owned());
    let samples = table.sample().filter_map(|record| record.get(id));
    let normal = Normal::of(first.as_deref().into_iter().chain(samples));
    if header {
        table.skip_first();
    }
    let mut rows = HashMap::new();
    let mut count = 0;
    while let Some(row) = table.next()? {
        match row.id(id, "item id") {
            Ok(item) => {
                rows.insert(normal.id(item).into_owned(), count);
                columns.iter_mut().zip(row.fields()).for_each(|(column, field)| column.push(field));
                count += 1;
            }
            Err(bad) => table.reject(bad)?,
        }
    }
    table.finish()?;
    columns.iter_mut().for_each(Column::finish);
    let names = table.names();
    let name =
        |at: usize| names.as_ref().map_or_else(|| format!("col {}", at + 1), |names| names[at].clone());
    let described = columns.iter().enumerate().map(|(at, column)| (name(at), column.describe()));
    let read_as = ItemsReadAs {
        file: table.name().to_owned(),
        written: Written::of(&table, header),
        items: rows.len(),
        repeated: count - rows.len(),
        columns: described.collect(),
        notes: notes.into_iter().chain(table.notes()).chain(left_out(table.bad_kinds())).collect(),
    };
    Ok(ItemTable { place: table.name().to_owned(), rows, lines: count, columns, read_as })
}

impl ItemTable {
    /// How many items it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many lines it has, of which those count that are the last of their item.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// The line of the item with this id, from 0, without the header.
    pub fn line(&self, id: &str) -> Option<usize> {
        self.rows.get(id).copied()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The ids, in no order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// What the file was taken for.
    pub fn read_as(&self) -> &ItemsReadAs {
        &self.read_as
    }

    /// How many of the items of `whose` have a line here.
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] where none has.
    pub fn matching(&self, whose: &str, ids: &[String]) -> Result<Matching> {
        let what = format!("items of {whose}");
        Matching::between(
            &what,
            ids.iter().map(String::as_str),
            &self.place,
            self.rows.keys().map(String::as_str),
        )
    }

    /// The columns in the order of `ids`; of two with the same name the first. Items that are not among `ids`
    /// are left out; an id without a line gets an empty title, no tags and no numbers. Without a column of
    /// years, titles such as `Heat (1995)` give the year.
    pub fn columns_for(&self, ids: &[String]) -> CatalogColumns {
        let rows: Vec<Option<usize>> = ids.iter().map(|id| self.rows.get(id).copied()).collect();
        let mut chosen = CatalogColumns::default();
        for column in &self.columns {
            match column {
                Column::Id | Column::Ignored(_) | Column::Description(_) => {}
                Column::Title(titles) => {
                    chosen.titles.get_or_insert_with(|| pick(&rows, titles, String::new()));
                }
                Column::Tags { name, vocabulary, codes, .. } => {
                    let codes = || pick(&rows, codes, Vec::new());
                    let values = || TagValues { vocabulary: vocabulary.ids.clone(), codes: codes() };
                    chosen.tags.entry((*name).to_owned()).or_insert_with(values);
                }
                Column::Flag { genre, set } => add_flag(&mut chosen, genre, &pick(&rows, set, false)),
                Column::Year(years) => add_numbers(&mut chosen, "year", || pick(&rows, years, f32::NAN)),
                Column::Numbers { name, values, .. } | Column::Dates { name, values, .. } => {
                    add_numbers(&mut chosen, name, || pick(&rows, values, f32::NAN))
                }
            }
        }
        if let Some(titles) = chosen.titles.take() {
            let years = || titles.iter().map(|title| year_of(title).unwrap_or(f32::NAN)).collect();
            add_numbers(&mut chosen, "year", years);
            chosen.titles = Some(titles);
        }
        chosen.numbers.retain(|_, values| values.iter().any(|value| !value.is_nan()));
        chosen
    }

    /// The tags of the items with these ids, each item's in one text.
    pub fn tags_for(&self, ids: &[String]) -> Vec<String> {
        let tags = self.columns_for(ids).tags;
        (0..ids.len()).map(|at| tags_at(&tags, at).collect::<Vec<_>>().join(" ")).collect()
    }

    /// What is said of the items with these ids, each in one text: title, description, tags and year. A page that describes
    /// a new item puts the same together.
    pub fn texts_for(&self, ids: &[String]) -> Vec<String> {
        let CatalogColumns { titles, tags, numbers, .. } = self.columns_for(ids);
        let descriptions = self.columns.iter().find_map(|column| match column {
            Column::Description(texts) => Some(texts),
            _ => None,
        });
        let text = |(at, id): (usize, &String)| {
            let mut parts: Vec<&str> = Vec::new();
            parts.extend(titles.as_ref().map(|titles| titles[at].as_str()));
            parts.extend(descriptions.zip(self.line(id)).map(|(texts, line)| texts[line].as_str()));
            parts.extend(tags_at(&tags, at));
            let year = numbers.get("year").map(|years| years[at]).filter(|year| !year.is_nan());
            let year = year.map(|year| year.to_string());
            parts.extend(year.as_deref());
            parts.join(" ")
        };
        ids.iter().enumerate().map(text).collect()
    }
}

/// The tags of one item, from all columns.
fn tags_at(tags: &BTreeMap<String, TagValues>, at: usize) -> impl Iterator<Item = &str> {
    tags.values().flat_map(move |TagValues { vocabulary, codes }| {
        codes[at].iter().map(|&code| vocabulary[code as usize].as_str())
    })
}

impl ItemsReadAs {
    /// In one line.
    pub fn describe(&self) -> String {
        // Of flags a note speaks.
        let is_used = |what: &str| !what.starts_with("left out") && !what.starts_with("the genre");
        let used = self.columns.iter().filter(|(_, what)| is_used(what));
        let used: Vec<String> = used.map(|(name, what)| format!("{name:?} {what}")).collect();
        let left: Vec<String> = (self.columns.iter())
            .filter_map(|(name, what)| Some(format!("{name:?} ({})", what.strip_prefix("left out: ")?)))
            .collect();
        let mut line = format!("items read as: {}; {} items", used.join(", "), self.items);
        if self.repeated > 0 {
            line += &format!(", {} repeated", self.repeated);
        }
        if !left.is_empty() {
            let more = left.len().saturating_sub(8);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            line += &format!("; left out {}{more}", left[..left.len().min(8)].join(", "));
        }
        self.notes.iter().for_each(|note| line += &format!("; {note}"));
        line
    }
}

/// Adds a genre to the items whose flag is set.
fn add_flag(columns: &mut CatalogColumns, genre: &str, set: &[bool]) {
    let empty = || TagValues { vocabulary: Vec::new(), codes: vec![Vec::new(); set.len()] };
    let genres = columns.tags.entry("genres".into()).or_insert_with(empty);
    let code = genres.vocabulary.len() as u32;
    genres.vocabulary.push(genre.to_owned());
    genres.codes.iter_mut().zip(set).filter(|(_, set)| **set).for_each(|(codes, _)| codes.push(code));
}

fn add_numbers(columns: &mut CatalogColumns, name: &str, values: impl FnOnce() -> Vec<f32>) {
    columns.numbers.entry(name.to_owned()).or_insert_with(values);
}

fn pick<T: Clone>(rows: &[Option<usize>], values: &[T], default: T) -> Vec<T> {
    rows.iter().map(|row| row.map_or_else(|| default.clone(), |row| values[row].clone())).collect()
}

/// The year of `Heat (1995)`.
fn year_of(title: &str) -> Option<f32> {
    let year = title.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) { year.parse().ok() } else { None }
}
