//! A catalogue of items: titles, tags such as genres, numbers such as the year.

use super::columns::{ITEM, normalized};
use super::numbers::Numbers;
use super::table::{Row, Table};
use foldin::error::Result;
use foldin::model::{CatalogColumns, TagValues};
use std::collections::HashMap;
use std::path::Path;

const TITLE: &[&str] = &["title", "movietitle", "name", "itemname", "booktitle"];
const YEAR: &[&str] = &["year", "releaseyear"];
const TAGS: [(&str, &[&str]); 3] = [
    ("genres", &["genres", "genre", "class"]),
    ("tags", &["tags", "tag"]),
    ("categories", &["categories", "category"]),
];

/// What MovieLens writes for an item without tags.
const NO_TAGS: &str = "(no genres listed)";

/// An item file as read, with its own order of items.
#[derive(Debug)]
pub struct ItemTable {
    rows: HashMap<String, usize>,
    lines: usize,
    columns: Vec<Column>,
}

/// A column of the file, an entry a line.
#[derive(Debug)]
enum Column {
    Id,
    Ignored,
    Title(Vec<String>),
    /// Separated by blanks, as RecBole's sequences of tokens, or by `|`.
    Tags {
        name: &'static str,
        by_blanks: bool,
        vocabulary: Numbers,
        codes: Vec<Vec<u32>>,
    },
    /// What is no number counts as unknown.
    Year(Vec<f32>),
    /// Ignored as soon as it holds anything but numbers.
    Numbers {
        name: String,
        values: Vec<f32>,
    },
}

/// Reads an item file. Columns are known by their names: the id (`item`, `item_id`, `movieId`, `id`, ...), the
/// title (`title`, `name`, ...), tags (`genres`, `class`, `tags`, `categories`, ...; separated by `|`, or by
/// blanks in RecBole's `token_seq`), the year (`year`, `release_year`; what is no number counts as unknown),
/// and every other column whose entries are numbers or empty. A file without header has id, title and genres,
/// as MovieLens' `movies.dat`. Of an item that stands twice the last line counts.
///
/// # Errors
/// As [`super::interactions::read`].
pub fn read(path: impl AsRef<Path>) -> Result<ItemTable> {
    let mut table = Table::open(path.as_ref())?;
    let (mut columns, header) = columns(table.row())?;
    if header {
        table.skip_first();
    }
    let id = columns.iter().position(|column| matches!(column, Column::Id)).expect("found above");
    let mut rows = HashMap::new();
    let mut count = 0;
    while let Some(row) = table.next()? {
        rows.insert(row.id(id, "item id")?.to_owned(), count);
        columns.iter_mut().zip(row.fields()).for_each(|(column, field)| column.push(field));
        count += 1;
    }
    Ok(ItemTable { rows, lines: count, columns })
}

/// The file's columns, still empty, and whether the first line is a header.
fn columns(first: Row<'_>) -> Result<(Vec<Column>, bool)> {
    let names: Vec<String> = first.fields().map(normalized).collect();
    let find = |aliases: &[&str]| aliases.iter().find_map(|alias| names.iter().position(|n| n == alias));
    if let Some(id) = find(ITEM).or_else(|| find(&["id"])) {
        let column = |(at, field)| if at == id { Column::Id } else { Column::named(field) };
        return Ok((first.fields().enumerate().map(column).collect(), true));
    }
    if names.len() >= 2 && first.get(0).parse::<f64>().is_ok() {
        let known = [Column::Id, Column::Title(Vec::new()), Column::tags("genres", false)];
        let columns = known.into_iter().chain(std::iter::repeat_with(|| Column::Ignored)).take(names.len());
        return Ok((columns.collect(), false));
    }
    let problem =
        format!("no column of item ids found in {:?}", first.fields().collect::<Vec<_>>().join(" "));
    Err(first.error(problem, "call the column of ids item_id in the first line"))
}

impl Column {
    /// The column that the header calls `field`.
    fn named(field: &str) -> Column {
        let name = normalized(field);
        let name = name.as_str();
        if name.is_empty() {
            return Column::Ignored;
        }
        if TITLE.contains(&name) {
            return Column::Title(Vec::new());
        }
        if YEAR.contains(&name) {
            return Column::Year(Vec::new());
        }
        if let Some((column, _)) = TAGS.into_iter().find(|(_, aliases)| aliases.contains(&name)) {
            return Column::tags(column, field.ends_with(":token_seq"));
        }
        let name = field.split_once(':').map_or(field, |(name, _type)| name).to_owned();
        Column::Numbers { name, values: Vec::new() }
    }

    fn tags(name: &'static str, by_blanks: bool) -> Column {
        Column::Tags { name, by_blanks, vocabulary: Numbers::default(), codes: Vec::new() }
    }

    fn push(&mut self, field: &str) {
        match self {
            Column::Id | Column::Ignored => {}
            Column::Title(titles) => titles.push(field.to_owned()),
            Column::Year(years) => years.push(finite(field).unwrap_or(f32::NAN)),
            Column::Tags { by_blanks, vocabulary, codes, .. } => {
                let by_blanks = *by_blanks;
                let tags = field.split(|c: char| if by_blanks { c.is_whitespace() } else { c == '|' });
                let tags = tags.map(str::trim).filter(|tag| !tag.is_empty() && *tag != NO_TAGS);
                codes.push(tags.map(|tag| vocabulary.of(tag)).collect());
            }
            Column::Numbers { values, .. } => match finite(field) {
                Some(value) => values.push(value),
                None if field.is_empty() => values.push(f32::NAN),
                None => *self = Column::Ignored,
            },
        }
    }
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

    /// The columns in the order of `ids`; of two with the same name the first. Items that are not among `ids`
    /// are left out; an id without a line gets an empty title, no tags and no numbers. Without a column of
    /// years, titles such as `Heat (1995)` give the year.
    pub fn columns_for(&self, ids: &[String]) -> CatalogColumns {
        let rows: Vec<Option<usize>> = ids.iter().map(|id| self.rows.get(id).copied()).collect();
        let mut chosen = CatalogColumns::default();
        for column in &self.columns {
            match column {
                Column::Id | Column::Ignored => {}
                Column::Title(titles) => {
                    chosen.titles.get_or_insert_with(|| pick(&rows, titles, String::new()));
                }
                Column::Tags { name, vocabulary, codes, .. } => {
                    let codes = || pick(&rows, codes, Vec::new());
                    let values = || TagValues { vocabulary: vocabulary.ids.clone(), codes: codes() };
                    chosen.tags.entry((*name).to_owned()).or_insert_with(values);
                }
                Column::Year(years) => add_numbers(&mut chosen, "year", || pick(&rows, years, f32::NAN)),
                Column::Numbers { name, values } => {
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
}

fn add_numbers(columns: &mut CatalogColumns, name: &str, values: impl FnOnce() -> Vec<f32>) {
    columns.numbers.entry(name.to_owned()).or_insert_with(values);
}

fn pick<T: Clone>(rows: &[Option<usize>], values: &[T], default: T) -> Vec<T> {
    rows.iter().map(|row| row.map_or_else(|| default.clone(), |row| values[row].clone())).collect()
}

fn finite(text: &str) -> Option<f32> {
    text.parse().ok().filter(|value: &f32| value.is_finite())
}

/// The year of `Heat (1995)`.
fn year_of(title: &str) -> Option<f32> {
    let year = title.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) { year.parse().ok() } else { None }
}
