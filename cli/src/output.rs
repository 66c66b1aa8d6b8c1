//! What every verb prints the same way: results on stdout, notes and progress on stderr.

use crate::data::Matching;
use crate::watch;
use foldin::error::{Error, Result};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write, stderr};
use std::sync::Mutex;

/// Remarks that wait for the end.
static REMARKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Writes results to stdout.
///
/// # Errors
/// [`foldin::Problem::Io`] where stdout takes no more: a full disk, or a reader that has gone.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).map_err(Error::io("stdout"))
}

/// A line on stderr beside the result. Where nobody watches it waits until all went well, so that an error stands
/// alone.
pub fn remark(text: impl Display) {
    let text = plain(text);
    if let Some(watch) = watch::current() {
        return watch.remark(&text);
    }
    match stderr().is_terminal() {
        true => drop(writeln!(stderr(), "{text}")),
        false => REMARKS.lock().expect("nobody panics here").push(text),
    }
}

/// Says what is wrong with ids that should meet, if anything.
pub fn warn(matching: &Matching) {
    matching.warning.iter().for_each(|warning| remark(format!("warning: {warning}")));
}

/// Prints the remarks that waited.
pub fn flush_remarks() {
    let remarks: Vec<String> = REMARKS.lock().expect("nobody panics here").drain(..).collect();
    remarks.iter().for_each(|text| drop(writeln!(stderr(), "{text}")));
}

/// Prints one JSON document.
///
/// # Errors
/// As [`print`].
pub fn json(document: &impl serde::Serialize) -> Result<()> {
    print(|out| {
        serde_json::to_writer(&mut *out, document)?;
        writeln!(out)
    })
}

/// Says something on stderr, which may be full or gone: the results count.
pub fn note(text: impl Display) {
    let text = format!("note: {}", plain(text));
    match watch::current() {
        Some(watch) => watch.remark(&text),
        None => drop(writeln!(io::stderr(), "{text}")),
    }
}

/// What a file says, as text for a terminal: a title with control characters would move its cursor, or worse.
pub fn plain(text: impl Display) -> String {
    text.to_string().replace(char::is_control, "\u{fffd}")
}

/// A word of a command line, in quotes where a shell would cut or change it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=,:+%@".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
