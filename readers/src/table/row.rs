//! One record, field by field.

use super::super::bad_lines::Bad;
use super::super::source::refused;
use super::super::value;
use csv::StringRecord;
use foldin::error::Error;

/// One record with the place it was read at.
#[derive(Clone, Copy)]
pub(in super::super) struct Row<'a> {
    pub(super) name: &'a str,
    pub(super) line: u64,
    pub(super) record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The field without the blanks around it; empty where the record is too short, as a first one may be.
    pub(in super::super) fn get(self, column: usize) -> &'a str {
        self.record.get(column).unwrap_or_default().trim()
    }

    pub(in super::super) fn fields(self) -> impl Iterator<Item = &'a str> {
        self.record.iter().map(str::trim)
    }

    /// The field, which must not be empty.
    pub(in super::super) fn id(self, column: usize, what: &str) -> std::result::Result<&'a str, Bad> {
        match self.get(column) {
            text if value::is_null(text) => Err(Bad::new(format!("an empty {what}"), "")),
            id => Ok(id),
        }
    }

    /// The line on which the record begins, from 1.
    pub(in super::super) fn line(self) -> u64 {
        let inside: usize = self.record.iter().map(|field| field.matches('\n').count()).sum();
        self.line.saturating_sub(inside as u64)
    }

    /// File and line.
    pub(in super::super) fn place(self) -> String {
        format!("{}:{}", self.name, self.line())
    }

    pub(in super::super) fn error(self, problem: impl Into<String>, remedy: impl Into<String>) -> Error {
        refused(&self.place(), problem, remedy)
    }
}
