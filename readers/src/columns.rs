//! Which column of an interaction file is which: by the names that files use, as told, or by what stands in them.

mod guess;

use super::events::{Events, are_verdicts};
use super::names::{self, NAMES, normalized};
use super::reading::Columns;
use super::table::Table;
use super::times::is_time;
use super::value::is_no_number;
use csv::StringRecord;
use foldin::error::Result;
use guess::{Guess, Kind, is_asin, is_reviewer};

/// Positions of the columns in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub user: usize,
    pub item: usize,
    pub value: Option<usize>,
    pub time: Option<usize>,
    pub event: Option<usize>,
    /// Whether the events are verdicts: yes or no.
    pub verdicts: bool,
    pub header: bool,
    /// Why, where names do not say it.
    pub notes: Vec<String>,
}

/// An option that says there is no such column.
const NONE: &str = "none";

impl Columns {
    /// Finds the columns of a table; its first record is still to be read.
    pub(super) fn find(&self, table: &Table, events: &Events) -> Result<Found> {
        let rows: Vec<&StringRecord> = table.sample().collect();
        let names = table.row().fields().map(normalized).collect();
        let mut look = Look { table, names, rows, header: false };
        look.header = look.is_header(self);
        let mut found = match look.header {
            true => look.by_names(self)?,
            false => look.by_contents(self, events)?,
        };
        found.value = look.chosen(&self.value, found.value, "--value-column")?;
        found.time = look.chosen(&self.time, found.time, "--time-column")?;
        let event = look.chosen(&self.event, found.event, "--event-column")?;
        // A column of this name may hold anything else.
        found.event = event.filter(|&column| self.event.is_some() || events.are_in(look.column(column)));
        let verdicts =
            found.event.or_else(|| look.verdicts(self)).filter(|&column| are_verdicts(look.column(column)));
        if verdicts.is_some() {
            (found.event, found.verdicts) = (verdicts, true);
        }
        if found.user == found.item {
            let remedy = "name another one with --user-column or --item-column";
            return Err(table.row().error("users and items would be the same column", remedy));
        }
        Ok(found)
    }
}

/// The beginning of a file.
struct Look<'a> {
    table: &'a Table,
    names: Vec<String>,
    /// Without the first record.
    rows: Vec<&'a StringRecord>,
    /// Whether the first record names the columns.
    header: bool,
}

impl<'a> Look<'a> {
    /// The fields of a column after the first.
    fn column(&self, column: usize) -> impl Iterator<Item = &'a str> + Clone {
        self.rows.iter().filter_map(move |row| row.get(column)).map(str::trim)
    }

    fn width(&self) -> usize {
        self.names.len()
    }

    /// Whether the first record has names: known ones, given ones, or words over numbers.
    fn is_header(&self, given: &Columns) -> bool {
        if self.table.origin.named {
            return true;
        }
        let row = self.table.row();
        let is_number = |column: usize| !row.get(column).is_empty() && row.get(column).parse::<f64>().is_ok();
        let numbers = (0..self.width()).filter(|&column| is_number(column)).count();
        let has = |known: &[String]| names::position(known, &self.names).is_some();
        let known =
            [&NAMES.user, &NAMES.item, &NAMES.value, &NAMES.time].into_iter().filter(|known| has(known));
        let columns = [&given.user, &given.item, &given.value, &given.time, &given.event];
        let named = columns
            .into_iter()
            .flatten()
            .any(|name| self.names.contains(&normalized(name)) && number(name).is_none());
        let over_numbers = |column: usize| {
            let mut fields = self.column(column).filter(|field| !is_no_number(field)).peekable();
            let is_plain = |field: &str| field.parse::<f64>().is_ok() || is_time(field);
            fields.peek().is_some()
                && fields.all(is_plain)
                && !is_plain(row.get(column))
                && !is_no_number(row.get(column))
        };
        named || numbers == 0 && known.count() > 0 || numbers == 0 && (0..self.width()).any(over_numbers)
    }

    fn by_names(&self, given: &Columns) -> Result<Found> {
        let known = &*NAMES;
        let title = || names::position(&known.title, &self.names);
        let item = names::position(&known.item, &self.names).or_else(title);
        let basket = if given.baskets { names::position(&known.basket, &self.names) } else { None };
        let user = names::position(&known.user, &self.names).filter(|user| Some(*user) != item);
        let user = match basket.filter(|basket| Some(*basket) != item) {
            Some(basket) => basket,
            None => self.required(&given.user, user, "users", "--user-column")?,
        };
        Ok(Found {
            user,
            item: self.required(&given.item, item, "items", "--item-column")?,
            value: names::position(&known.value, &self.names),
            time: names::position(&known.time, &self.names),
            event: names::position(&known.event, &self.names),
            verdicts: false,
            header: true,
            notes: Vec::new(),
        })
    }

    /// A column that is named as one of verdicts, unless events are not wanted.
    fn verdicts(&self, given: &Columns) -> Option<usize> {
        let wanted = self.header && given.event.is_none();
        names::position(&NAMES.verdict, &self.names).filter(|_| wanted)
    }

    /// A column that was given, or else the one that was found.
    fn chosen(&self, given: &Option<String>, found: Option<usize>, option: &str) -> Result<Option<usize>> {
        let Some(name) = given else { return Ok(found) };
        if name.eq_ignore_ascii_case(NONE) {
            return Ok(None);
        }
        let named = self.names.iter().position(|found| *found == normalized(name));
        let numbered = number(name).filter(|position| *position < self.width());
        // The first line of a file without header may hold the number, too.
        let position = if self.header { named.or(numbered) } else { numbered.or(named) };
        match position {
            Some(position) => Ok(Some(position)),
            None => {
                let problem = format!("no column {name:?} among {} columns", self.width());
                Err(self
                    .table
                    .row()
                    .error(problem, format!("give {option} one of them, or its number from 1")))
            }
        }
    }

    fn required(
        &self,
        given: &Option<String>,
        found: Option<usize>,
        what: &str,
        option: &str,
    ) -> Result<usize> {
        self.chosen(given, found, option)?.ok_or_else(|| self.missing(what, option, ""))
    }

    fn missing(&self, what: &str, option: &str, why: &str) -> foldin::Error {
        let names: Vec<&str> = self.table.row().fields().collect();
        let mut names = names.join(" ");
        names.truncate(names.floor_char_boundary(200));
        self.table.row().error(
            format!("no column of {what} found in {names:?}{why}"),
            format!("name it with {option} NAME, or with {option} NUMBER in a file without header"),
        )
    }

    /// Columns of a file without header.
    fn by_contents(&self, given: &Columns, events: &Events) -> Result<Found> {
        let columns = (0..self.width()).map(|column| self.kind(column, events)).collect();
        let guess = Guess { columns, rows: self.rows.len() + 1 }.find();
        if given.user.is_some() || given.item.is_some() {
            let guess = guess.unwrap_or_default();
            let user = self.chosen(&given.user, None, "--user-column")?;
            let item = self.chosen(&given.item, None, "--item-column")?;
            let other =
                |taken: usize, guess: usize| if guess == taken { usize::from(taken == 0) } else { guess };
            let (user, item) = match (user, item) {
                (Some(user), item) => (user, item.unwrap_or(other(user, guess.item))),
                (None, item) => (other(item.unwrap_or(1), guess.user), item.unwrap_or(1)),
            };
            let free = |column: &usize| *column != user && *column != item;
            let (time, event) = (guess.time.filter(free), guess.event.filter(free));
            return Ok(Found { user, item, time, event, ..Found::default() });
        }
        let mut found = guess.map_err(|why| self.missing("users", "--user-column", why))?;
        let first = self.table.row();
        let all =
            |column: usize, fits: fn(&str) -> bool| fits(first.get(column)) && self.column(column).all(fits);
        if all(found.user, is_asin) && all(found.item, is_reviewer) {
            (found.user, found.item) = (found.item, found.user);
            found.notes.push("items first, as in Amazon's ratings".into());
        }
        Ok(found)
    }

    fn kind(&self, column: usize, events: &Events) -> Kind {
        let first = self.table.row().get(column);
        let fields =
            || std::iter::once(first).chain(self.column(column)).filter(|field| !is_no_number(field));
        let number = |field: &str| field.replace(',', ".").parse::<f64>().ok();
        let counts = |from: i64| {
            fields().zip(from..).all(|(field, expected)| field.parse::<i64>().ok() == Some(expected))
        };
        if fields().next().is_none() {
            Kind::Empty
        } else if self.rows.len() > 1 && (counts(0) || counts(1)) {
            Kind::Counter
        } else if fields().all(is_time) {
            Kind::Time
        } else if fields().all(|field| number(field).is_some()) {
            Kind::Number
        } else if events.are_in(fields()) {
            Kind::Event
        } else if fields().all(|field| !field.contains(char::is_whitespace)) {
            Kind::Word
        } else {
            Kind::Text
        }
    }
}

fn number(name: &str) -> Option<usize> {
    name.trim().parse::<usize>().ok()?.checked_sub(1)
}
