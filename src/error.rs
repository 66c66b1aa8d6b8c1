//! The one error of the crate. Each message says what was expected, what was found and what to do.

/// Why something was refused. [`Error::code`] is its stable name in JavaScript and in `--json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
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
    #[cfg(not(target_arch = "wasm32"))]
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// Stable kebab-case name of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Format { .. } => "format",
            Error::Version { .. } => "version",
            Error::UnknownItem { .. } => "unknown-item",
            Error::Argument { .. } => "argument",
            Error::Data { .. } => "data",
            Error::Diverged { .. } => "diverged",
            Error::OutOfMemory { .. } => "out-of-memory",
            #[cfg(not(target_arch = "wasm32"))]
            Error::Io { .. } => "io",
        }
    }

    /// The argument's name, where the error is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Error::Argument { field, .. } => Some(field),
            _ => None,
        }
    }

    pub(crate) fn argument(field: &'static str, expected: impl ToString, found: impl ToString) -> Self {
        Error::Argument { field, expected: expected.to_string(), found: found.to_string() }
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn io(path: impl Into<std::path::PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Error::Io { path, source }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
