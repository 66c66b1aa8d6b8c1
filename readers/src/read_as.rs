//! What a file was taken for, in one line and as data.

use super::bad_lines::{self, Kind};
use super::columns::Found;
use super::events::Events;
use super::format::Form;
use super::ids::IdKind;
use super::table::{Origin, Table};
use super::times::Span;
use super::value::Decimal;
use foldin_lab::train::Interactions;
use serde::Serialize;
use std::fmt;

/// A column and what it was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnRead {
    /// `user`, `item`, `value`, `time`, `event`.
    pub role: &'static str,
    /// From 1.
    pub number: usize,
    /// From the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// How a file is written.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// `delimited`, `json`, `parquet`, `frame`, `matrix-market`, `netflix`.
    pub form: &'static str,
    /// What stands between fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// The encoding of the text.
    pub encoding: String,
    /// What it is packed with, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packed: Vec<&'static str>,
    /// Lines end in CR alone.
    #[serde(skip_serializing_if = "is_false")]
    pub cr: bool,
    /// Whether the first record names the columns.
    pub header: bool,
}

/// What an interaction file was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct ReadAs {
    /// The file.
    pub file: String,
    /// How it is written.
    #[serde(flatten)]
    pub written: Written,
    /// The columns that were read.
    pub columns: Vec<ColumnRead>,
    /// Different pairs of user and item.
    pub interactions: usize,
    /// Different users.
    pub users: usize,
    /// Different items.
    pub items: usize,
    /// Lines of a pair that stood before.
    pub repeated: usize,
    /// How the ids look.
    pub user_ids: IdKind,
    /// See `user_ids`.
    pub item_ids: IdKind,
    /// The times, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Span>,
    /// Lines that were left out, by kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Kind>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Written {
    pub(super) fn of(table: &Table, header: bool) -> Written {
        let Origin { form, packed, cr, dialect, .. } = &table.origin;
        Written {
            form: match form {
                Form::Delimited => "delimited",
                Form::Json => "json",
                Form::Parquet => "parquet",
                Form::Frame => "frame",
                Form::MatrixMarket => "matrix-market",
                Form::Netflix => "netflix",
            },
            separator: dialect.as_ref().map(|dialect| dialect.separator.to_string()),
            encoding: table.encoding(),
            packed: packed.clone(),
            cr: *cr,
            header,
        }
    }

    /// What is out of the ordinary: `; JSON, in UTF-16LE, gzip`.
    fn describe(&self) -> String {
        let form = match self.form {
            "json" => Some("JSON".to_owned()),
            "parquet" => Some("Parquet".to_owned()),
            "matrix-market" => Some("MatrixMarket".to_owned()),
            "netflix" => Some("Netflix' blocks".to_owned()),
            _ => (self.separator.as_ref())
                .filter(|separator| *separator != "\",\"")
                .map(|separator| format!("fields between {separator}")),
        };
        let encoding = (self.encoding != "UTF-8").then(|| self.encoding.clone());
        let packed = (!self.packed.is_empty()).then(|| self.packed.join(" in "));
        let cr = self.cr.then(|| "lines end in CR".to_owned());
        form.into_iter().chain(encoding).chain(packed).chain(cr).collect::<Vec<_>>().join(", ")
    }
}

impl ReadAs {
    pub(super) fn of(table: &Table, found: &Found) -> ReadAs {
        let names = table.names();
        let role = |role, column: Option<usize>| {
            column.map(|column| {
                let name = names.as_ref().and_then(|names| names.get(column).cloned());
                ColumnRead { role, number: column + 1, name: name.filter(|name| !name.is_empty()) }
            })
        };
        let columns = [
            role("user", Some(found.user)),
            role("item", Some(found.item)),
            role("value", found.value),
            role("time", found.time),
            role("event", found.event),
        ];
        let mut notes = found.notes.clone();
        notes.extend(table.notes());
        ReadAs {
            file: table.name().to_owned(),
            written: Written::of(table, found.header),
            columns: columns.into_iter().flatten().collect(),
            interactions: 0,
            users: 0,
            items: 0,
            repeated: 0,
            user_ids: IdKind::Text,
            item_ids: IdKind::Text,
            times: None,
            left_out: table.bad_kinds().to_vec(),
            notes,
        }
    }

    /// Whether its values are its own, rather than 1 each.
    pub fn has_values(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.role, "value" | "event"))
    }

    /// Adds what was read, of so many lines.
    pub(super) fn count(&mut self, interactions: &Interactions, lines: usize, times: Option<Span>) {
        self.interactions = interactions.matrix.entries();
        self.users = interactions.users();
        self.items = interactions.items();
        self.repeated = lines - self.interactions;
        self.user_ids = IdKind::of(&interactions.user_ids);
        self.item_ids = IdKind::of(&interactions.item_ids);
        for (what, kind) in [("users", self.user_ids), ("items", self.item_ids)] {
            if kind == IdKind::ZeroPadded {
                self.notes.push(format!("ids of {what} have zeros in front, which are kept"));
            }
        }
        for (what, ids) in [("users", &interactions.user_ids), ("items", &interactions.item_ids)] {
            if let Some(id) = ids.iter().find(|id| is_rounded(id)) {
                let note =
                    format!("ids of {what} such as {id} were rounded by a spreadsheet: export them as text");
                self.notes.push(note);
            }
        }
        if let Some(Span { missing, .. }) = &times
            && *missing > 0
        {
            self.notes.push(format!("{missing} without a time count as the oldest"));
        }
        self.times = times;
    }

    /// Adds what the values are.
    pub(super) fn values(&mut self, events: &Events, without: usize, left_out: bool, decimal: Decimal) {
        if !events.counts.is_empty() {
            self.notes.push(format!("events weigh, with --confidence: {}", events.describe()));
        }
        if without > 0 {
            let what = if left_out { "left out" } else { "count as seen, with value 0" };
            self.notes.push(format!("{without} without a value {what}"));
        }
        if decimal == Decimal::Comma {
            self.notes.push("decimal commas".into());
        }
    }

    /// Says when items look like lists: each has one user, and most have several words or parts.
    pub(super) fn warn_of_lists(&mut self, interactions: &Interactions) {
        let ids = &interactions.item_ids;
        let is_list = |id: &&String| id.trim_matches(['[', ']']).contains([' ', ',', '|', ';']);
        if ids.len() > 1
            && ids.len() == interactions.matrix.entries()
            && ids.iter().filter(is_list).count() * 2 > ids.len()
        {
            let column =
                self.columns.iter().find(|column| column.role == "item").map_or(2, |column| column.number);
            self.notes.push(format!(
                "each item has one user, and blanks or commas in it: if they are lists, say --explode {column}"
            ));
        }
    }
}

impl fmt::Display for ReadAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("read as: ")?;
        for (at, role) in ["user", "item", "value", "time", "event"].into_iter().enumerate() {
            let column = self.columns.iter().find(|column| column.role == role);
            if column.is_none() && role == "event" {
                continue;
            }
            let comma = if at > 0 { ", " } else { "" };
            match column {
                None => write!(f, "{comma}{role} none")?,
                Some(ColumnRead { number, name: None, .. }) => write!(f, "{comma}{role}=col {number}")?,
                Some(ColumnRead { number, name: Some(name), .. }) => {
                    write!(f, "{comma}{role}=col {number} {name:?}")?
                }
            }
            if let (Some(_), "time", Some(span)) = (column, role, &self.times) {
                write!(f, " in {}", span.unit)?;
            }
        }
        let ReadAs { interactions, users, items, repeated, .. } = self;
        write!(f, "; {interactions} interactions of {users} users and {items} items")?;
        if *repeated > 0 {
            write!(f, ", {repeated} repeated")?;
        }
        let written = self.written.describe();
        if !written.is_empty() {
            write!(f, "; {written}")?;
        }
        let left_out = bad_lines::left_out(&self.left_out);
        self.notes.iter().chain(&left_out).try_for_each(|note| write!(f, "; {note}"))
    }
}

/// `1.23E+05`, as spreadsheets show long numbers.
fn is_rounded(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts =
        id.split_once("E+").and_then(|(number, exponent)| Some((number.split_once(['.', ','])?, exponent)));
    parts.is_some_and(|((whole, rest), exponent)| {
        whole.len() == 1 && digits(whole) && digits(rest) && digits(exponent)
    })
}

fn is_false(value: &bool) -> bool {
    !value
}
