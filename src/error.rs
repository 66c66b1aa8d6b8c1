//! The one error of the crate. Each message says what was expected, what was found and what to do.

use std::fmt::Display;

/// Why something was refused: one word, so that results stay small and cheap to hand on.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Problem>);

/// What the matter is. [`Error::code`] is its stable name in JavaScript and in `--json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The bytes are not a foldin model, or not a whole one.
    #[error("{what}: expected {expected}, found {found}; {remedy}")]
    Format {
        /// The part of the file that is wrong, e.g. `item_scales`.
        what: String,
        /// What a valid file has there.
        expected: String,
        /// What this one has.
        found: String,
        /// What the reader can do about it.
        remedy: &'static str,
    },
    /// A model written by another generation of foldin.
    #[error(
        "model format version: expected {expected}, found {found}; use the foldin version that wrote it, or pack it again"
    )]
    Version {
        /// The version that this build reads.
        expected: u32,
        /// The version that the file names.
        found: String,
    },
    /// An item id that the catalogue does not have.
    #[error("unknown item \"{id}\": the model has {items} items and none has this id; nothing was changed")]
    UnknownItem {
        /// The id as given.
        id: String,
        /// How many items the model has.
        items: usize,
    },
    /// An option or argument outside its range.
    #[error("{field}: expected {expected}, found {found}")]
    Argument {
        /// The option's name, as its user writes it.
        field: &'static str,
        /// The range or form it takes.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A model without what was asked of it.
    #[error("the model has no {what}; {remedy}")]
    Unsupported {
        /// What it lacks, e.g. `traits`.
        what: &'static str,
        /// How a model has it.
        remedy: &'static str,
    },
    /// Interactions that cannot be used, with the place where they were read.
    #[error("{place}: {problem}; {remedy}")]
    Data {
        /// File and line, e.g. `ratings.csv:17`.
        place: String,
        /// What is wrong there.
        problem: String,
        /// What the reader can do about it.
        remedy: String,
    },
    /// Training produced a number that is not finite.
    #[error("training diverged at epoch {epoch}: {what} is not finite; {remedy}")]
    Diverged {
        /// The first epoch, from 1, whose result is not finite.
        epoch: usize,
        /// Which numbers.
        what: &'static str,
        /// Which option to change, and how.
        remedy: &'static str,
    },
    /// More memory than there is, or than was allowed.
    #[error("out of memory: {needed} bytes needed; {remedy}")]
    OutOfMemory {
        /// How many bytes were asked for.
        needed: usize,
        /// What the reader can do about it.
        remedy: &'static str,
    },
    /// The operating system refused a file.
    #[error("{path}: {reason}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

impl Error {
    /// What the matter is.
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    /// Stable kebab-case name of the kind.
    pub fn code(&self) -> &'static str {
        match *self.0 {
            Problem::Format { .. } => "format",
            Problem::Version { .. } => "version",
            Problem::UnknownItem { .. } => "unknown-item",
            Problem::Argument { .. } => "argument",
            Problem::Unsupported { .. } => "unsupported",
            Problem::Data { .. } => "data",
            Problem::Diverged { .. } => "diverged",
            Problem::OutOfMemory { .. } => "out-of-memory",
            Problem::Io { .. } => "io",
        }
    }

    /// The argument's name, where the error is about one.
    pub fn field(&self) -> Option<&'static str> {
        match *self.0 {
            Problem::Argument { field, .. } => Some(field),
            _ => None,
        }
    }

    /// An argument outside its range.
    #[cold]
    pub fn argument(field: &'static str, expected: impl Display, found: impl Display) -> Self {
        Error::argument_of(field, &expected, &found)
    }

    /// One function for all types, as the browser would carry one for each.
    #[inline(never)]
    fn argument_of(field: &'static str, expected: &dyn Display, found: &dyn Display) -> Self {
        Problem::Argument { field, expected: expected.to_string(), found: found.to_string() }.into()
    }

    /// A file that is no model, or no whole one.
    #[cold]
    pub fn format(
        what: impl Display,
        expected: impl Display,
        found: impl Display,
        remedy: &'static str,
    ) -> Self {
        Error::format_of(&what, &expected, &found, remedy)
    }

    #[inline(never)]
    fn format_of(
        what: &dyn Display,
        expected: &dyn Display,
        found: &dyn Display,
        remedy: &'static str,
    ) -> Self {
        let [what, expected, found] = [what, expected, found].map(ToString::to_string);
        Problem::Format { what, expected, found, remedy }.into()
    }

    /// The same, about a part of this file.
    pub fn inside(mut self, path: &std::path::Path) -> Self {
        if let Problem::Format { what, .. } = &mut *self.0 {
            *what = format!("{}: {what}", path.display());
            self.0.shorten();
        }
        self
    }

    /// What the system says of a file.
    pub fn io(path: impl Into<std::path::PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into().display().to_string();
        move |source| Problem::Io { path, reason: source.to_string() }.into()
    }
}

impl From<Problem> for Error {
    #[cold]
    fn from(mut problem: Problem) -> Error {
        problem.shorten();
        Error(Box::new(problem))
    }
}

/// No error is longer, in characters, whatever files and arguments say.
const LONGEST: usize = 300;

impl Problem {
    /// Shortens what may come from files and arguments, the longest first, until the error has [`LONGEST`] characters.
    fn shorten(&mut self) {
        let excess = self.to_string().chars().count().saturating_sub(LONGEST);
        let mut quotes: Vec<&mut String> = match self {
            Problem::Format { what, expected, found, .. } => vec![what, expected, found],
            Problem::Version { found, .. } => vec![found],
            Problem::UnknownItem { id, .. } => vec![id],
            Problem::Argument { expected, found, .. } => vec![expected, found],
            Problem::Data { place, problem, remedy } => vec![place, problem, remedy],
            Problem::Io { path, reason } => vec![path, reason],
            Problem::Diverged { .. } | Problem::OutOfMemory { .. } | Problem::Unsupported { .. } => {
                Vec::new()
            }
        };
        let lengths: Vec<usize> = quotes.iter().map(|text| text.chars().count()).collect();
        let sum = |most: usize| lengths.iter().map(|&length| length.min(most)).sum::<usize>();
        let room = sum(usize::MAX).saturating_sub(excess);
        let most = (1..=LONGEST).rev().find(|&most| sum(most) <= room);
        quotes.iter_mut().for_each(|text| **text = quote(text, most.unwrap_or(1)));
    }
}

/// At most `most` characters of a text, its middle left out, and none that commands a terminal or turns lines around.
fn quote(text: &str, most: usize) -> String {
    let harmless = |c: char| match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let end = most / 3;
    let start = most - end;
    if text.chars().nth(most).is_none() {
        return text.chars().map(harmless).collect();
    }
    let tail: Vec<char> = text.chars().rev().take(end).collect();
    let head = text.chars().take(start - 1).chain(['\u{2026}']);
    head.chain(tail.into_iter().rev()).map(harmless).collect()
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_long_names_are_errors_are_short_and_keep_their_remedy() {
        let long = "é\u{1b}[2J\n\u{202e}".repeat(1_000_000);
        let path = std::path::Path::new(&long);
        let refused = std::io::Error::from(std::io::ErrorKind::NotFound);
        let remedy = "the file is damaged or not a foldin model: download it again, or pack it again";
        let errors = [
            Error::format(&long, &long, &long, remedy).inside(path),
            Error::argument("popularity-exponent", &long, &long),
            Error::io(path)(refused),
            Problem::UnknownItem { id: long.clone(), items: usize::MAX }.into(),
            Problem::Version { expected: 1, found: long.clone() }.into(),
            Problem::Data { place: long.clone(), problem: long.clone(), remedy: "write less".into() }.into(),
        ];
        for error in errors {
            let text = error.to_string();
            assert!(text.chars().count() <= 300, "{} characters: {text}", text.chars().count());
            assert!(!text.contains(char::is_control) && !text.contains('\u{202e}'), "{text}");
        }
        assert!(Error::format(&long, "a", "b", remedy).to_string().ends_with(remedy));
    }

    #[test]
    fn what_is_short_stays_and_of_the_longest_the_middle_goes() {
        let text = Error::argument("ids", "each id once", "a twice").to_string();
        assert_eq!(text, "ids: expected each id once, found a twice");
        let place = format!("{}/ratings.csv:17", "folder/".repeat(60));
        let error: Error = Problem::Data { place, problem: "no item".into(), remedy: "add it".into() }.into();
        assert!(error.to_string().ends_with("/ratings.csv:17: no item; add it"), "{error}");
    }
}
