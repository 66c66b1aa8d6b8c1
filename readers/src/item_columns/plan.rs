//! What the columns of an item file are: by their names, and by what the first lines have in them.

use super::super::lists::Lists;
use super::super::names::{self, NAMES, normalized};
use super::super::table::Table;
use super::super::times::{self, DateOrder, Times};
use super::super::value::{Decimal, is_no_number, is_null};
use super::{Column, NO_TAGS, without_currency};
use csv::StringRecord;
use foldin::error::Result;
use std::collections::HashSet;

/// MovieLens' genres in the order of their flags in `u.item`.
const U_ITEM: [&str; 19] = [
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
];

/// Columns, still empty.
pub(in super::super) struct Plan {
    pub id: usize,
    pub header: bool,
    pub columns: Vec<Column>,
    pub notes: Vec<String>,
}

/// Finds out what the columns of a table are; its first record is still to be read.
pub(in super::super) fn plan(
    table: &Table,
    id_column: Option<&str>,
    dates: Option<DateOrder>,
) -> Result<Plan> {
    let first = table.row();
    let look = Look {
        names: first.fields().map(normalized).collect(),
        fields: first.fields().collect(),
        rows: table.sample().collect(),
        dates,
    };
    let given = id_column.and_then(|name| {
        let number = name.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        look.names
            .iter()
            .position(|found| *found == normalized(name))
            .or(number.filter(|at| *at < look.names.len()))
    });
    let named = given.filter(|&at| look.names[at] == id_column.map(normalized).unwrap_or_default());
    if let Some(id) = named.or_else(|| look.id_by_name()).or(given.filter(|_| table.origin.named)) {
        return Ok(look.by_names(id));
    }
    if table.origin.named || !look.has_no_header() {
        let mut names = look.fields.join(" ");
        names.truncate(names.floor_char_boundary(200));
        let problem = format!("no column of item ids found in {names:?}");
        return Err(first.error(
            problem,
            "call the column of ids item_id in the first line, or name it with --item-id-column",
        ));
    }
    Ok(look.by_contents(given.unwrap_or(0)))
}

/// The beginning of a file.
struct Look<'a> {
    names: Vec<String>,
    /// Of the first record.
    fields: Vec<&'a str>,
    /// Those after it.
    rows: Vec<&'a StringRecord>,
    /// How dates such as 05/06/2024 are read, where that was said.
    dates: Option<DateOrder>,
}

impl<'a> Look<'a> {
    fn column(&self, column: usize) -> impl Iterator<Item = &'a str> + Clone {
        self.rows.iter().filter_map(move |row| row.get(column)).map(str::trim)
    }

    /// Names of ids first, then names of things; of several the first whose values differ.
    fn id_by_name(&self) -> Option<usize> {
        let ends = ["id", "ids", "idx", "asin", "isbn", "isbn13"];
        let is_id = |name: &&String| ends.iter().any(|end| name.ends_with(end));
        let of_things = NAMES.item.iter().filter(|name| !is_id(name));
        let bare = ["id".to_owned(), "ids".to_owned()];
        let candidates: Vec<usize> = (NAMES.item.iter().filter(is_id).chain(&bare).chain(of_things))
            .filter_map(|name| self.names.iter().position(|found| found == name))
            .collect();
        let differs = |&&column: &&usize| {
            let mut seen = HashSet::new();
            self.column(column).all(|field| seen.insert(field))
        };
        candidates.iter().find(differs).or(candidates.first()).copied()
    }

    /// Whether the first line has an id as the others have: a number, or a word with digits.
    fn has_no_header(&self) -> bool {
        let has_digit = |field: &str| field.bytes().any(|byte| byte.is_ascii_digit());
        self.fields.len() >= 2 && has_digit(self.fields[0]) && self.column(0).all(has_digit)
    }

    fn by_names(&self, id: usize) -> Plan {
        let find = |known: &[String]| names::position(known, &self.names).filter(|&at| at != id);
        let (title, year) = (find(&NAMES.title), find(&NAMES.year));
        let description = find(&NAMES.description);
        let known = [("genres", &NAMES.genres), ("tags", &NAMES.tags), ("categories", &NAMES.categories)];
        let column = |at: usize| {
            let name = self.names[at].as_str();
            let tags = known.iter().find(|(_, known)| known.iter().any(|known| known == name));
            match tags {
                _ if at == id => Column::Id,
                _ if Some(at) == title => Column::Title(Vec::new()),
                _ if Some(at) == description => Column::Description(Vec::new()),
                _ if Some(at) == year => Column::Year(Vec::new()),
                _ if name.is_empty() => Column::ignored("no name"),
                Some((tags, _)) => Column::tags(tags, self.lists(at)),
                None => self.date(at).unwrap_or_else(|| self.number(at)),
            }
        };
        let columns: Vec<Column> = (0..self.names.len()).map(column).collect();
        let mut notes = Vec::new();
        if title.is_none() {
            let names: Vec<&str> = self.fields.iter().take(12).copied().collect();
            notes.push(format!("no column of titles among {}", names.join(", ")));
        }
        Plan { id, header: true, columns, notes }
    }

    fn lists(&self, column: usize) -> Lists {
        match self.fields[column].ends_with(":token_seq") {
            true => Lists::Blanks,
            false => Lists::of_tags(self.column(column).filter(|field| !is_null(field) && *field != NO_TAGS)),
        }
    }

    /// A column of dates: by what most of its fields are, or, where they are numbers, by its name, too.
    fn date(&self, column: usize) -> Option<Column> {
        let fields = || self.column(column).filter(|field| !is_no_number(field));
        let may_count = NAMES.time.contains(&self.names[column]);
        let is_date = |field: &&str| match field.parse::<f64>() {
            Ok(number) => may_count && times::is_moment(number),
            Err(_) => times::is_time(field),
        };
        let (dates, all) = (fields().filter(is_date).count(), fields().count());
        (all > 0 && dates * 10 >= all * 9).then(|| Column::Dates {
            name: plain_name(self.fields[column]),
            times: Times::new(self.dates, fields()),
            values: Vec::new(),
        })
    }

    /// A column of numbers, or of something else.
    fn number(&self, column: usize) -> Column {
        let name = self.fields[column];
        let fields = || self.column(column).filter(|field| !is_no_number(field));
        let decimal = Decimal::of(fields().map(without_currency), true);
        let numbers = fields().filter(|field| decimal.parse(without_currency(field)).is_some()).count();
        let all = fields().count();
        if all > 0 && numbers * 10 < all * 9 {
            return Column::ignored("text");
        }
        if is_key_name(name) {
            return Column::ignored("a key");
        }
        Column::Numbers { name: plain_name(name), decimal, values: Vec::new(), odd: 0 }
    }

    /// Columns of a file without header: id, title and genres, as far as that is what they hold.
    fn by_contents(&self, id: usize) -> Plan {
        let width = self.fields.len();
        let all = |at: usize, fits: &dyn Fn(&str) -> bool| fits(self.fields[at]) && self.column(at).all(fits);
        let mut notes = vec!["no header".to_owned()];
        let flags = width == 24 && (5..24).all(|at| all(at, &|field| matches!(field, "0" | "1")));
        if flags {
            notes.push("genres by MovieLens' flags".into());
            let column = |at: usize| match at {
                0 => Column::Id,
                1 => Column::Title(Vec::new()),
                2 => Column::Year(Vec::new()),
                3 | 4 => Column::ignored("unknown"),
                at => Column::Flag { genre: U_ITEM[at - 5], set: Vec::new() },
            };
            return Plan { id: 0, header: false, columns: (0..width).map(column).collect(), notes };
        }
        let is_word = |field: &str| {
            !is_null(field)
                && field.parse::<f64>().is_err()
                && !times::is_time(field)
                && !field.contains("://")
        };
        let any = |at: usize, fits: &dyn Fn(&str) -> bool| fits(self.fields[at]) || self.column(at).any(fits);
        let is_text =
            |at: &usize| *at != id && any(*at, &is_word) && !any(*at, &|field| field.starts_with(['[', '{']));
        let texts: Vec<usize> = (0..width).filter(is_text).collect();
        let spoken = texts.iter().copied().find(|&at| any(at, &|field| field.contains(' ')));
        let title = spoken.or(texts.first().copied());
        let tags = texts.iter().copied().find(|&at| Some(at) != title && all(at, &|field| field.len() < 200));
        let column = |at: usize| match at {
            at if at == id => Column::Id,
            at if Some(at) == title => Column::Title(Vec::new()),
            at if Some(at) == tags => {
                let fields = std::iter::once(self.fields[at]).chain(self.column(at));
                Column::tags("genres", Lists::of_tags(fields.filter(|field| *field != NO_TAGS)))
            }
            _ => Column::ignored("no name"),
        };
        Plan { id, header: false, columns: (0..width).map(column).collect(), notes }
    }
}

/// A column's name, without the type that RecBole writes behind it.
fn plain_name(name: &str) -> String {
    name.split_once(':').map_or(name, |(name, _type)| name).to_owned()
}

/// Whether a column's name says that its numbers name things.
fn is_key_name(name: &str) -> bool {
    const KEYS: [&str; 15] = [
        "id", "ids", "isbn", "isbn10", "isbn13", "asin", "ean", "upc", "gtin", "sku", "barcode", "zip",
        "zipcode", "postcode", "phone",
    ];
    let lower = name.to_lowercase();
    let last = lower.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    KEYS.contains(&last) || name.ends_with("Id") || name.ends_with("ID") || lower.starts_with("unnamed")
}
