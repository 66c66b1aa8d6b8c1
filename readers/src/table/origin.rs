//! What a file turned out to be.

use super::super::dialect::Dialect;
use super::super::format::Form;

/// What a file turned out to be.
#[derive(Clone, Debug)]
pub(in super::super) struct Origin {
    pub form: Form,
    pub packed: Vec<&'static str>,
    pub encoding: &'static str,
    pub cr: bool,
    pub dialect: Option<Dialect>,
    /// The first record holds the names of the columns, for sure.
    pub named: bool,
}

impl Origin {
    pub(super) fn new(form: Form, packed: Vec<&'static str>, encoding: &'static str) -> Origin {
        let named = form != Form::Delimited;
        Origin { form, packed, encoding, cr: false, dialect: None, named }
    }
}

/// Text has no control characters but tabs, ends of lines and Hive's separator.
pub(super) fn is_binary(start: &str) -> bool {
    let start = &start[..start.floor_char_boundary(4096)];
    start.chars().any(|c| c == '\0') || {
        let odd =
            start.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1}' | '\u{c}'));
        odd.count() * 50 > start.chars().count()
    }
}
