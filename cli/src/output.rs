//! What every verb prints the same way: JSON on stdout, progress on stderr.

use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;

/// Notes that wait for the end.
static NOTES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A line on stderr beside the result. Where nobody watches it waits until all went well, so that an error stands
/// alone.
pub fn note(text: impl Display) {
    let text = plain(text);
    match stderr().is_terminal() {
        true => eprintln!("{text}"),
        false => NOTES.lock().expect("nobody panics here").push(text),
    }
}

/// Prints the notes that waited.
pub fn flush_notes() {
    NOTES.lock().expect("nobody panics here").drain(..).for_each(|note| eprintln!("{note}"));
}

/// Prints one JSON document.
pub fn json(document: &impl serde::Serialize) {
    println!("{}", serde_json::to_string(document).expect("plain data always serialises"));
}

/// What a file says, as text for a terminal: a title with control characters would move its cursor, or worse.
pub fn plain(text: impl Display) -> String {
    text.to_string().replace(char::is_control, "\u{fffd}")
}

/// A bar on stderr for `total` steps of `what`; invisible where stderr is no terminal.
pub fn progress(total: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>12} {bar:30} {pos}/{len} {msg} {eta}");
    ProgressBar::new(total).with_style(style.expect("a valid template")).with_prefix(what)
}

/// A word of a command line, in quotes where a shell would cut or change it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=,:+%@".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
