//! What every verb prints the same way: JSON on stdout, progress on stderr.

use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;

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
