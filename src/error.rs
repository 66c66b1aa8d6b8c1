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
    fn from(problem: Problem) -> Error {
        Error(Box::new(problem))
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
