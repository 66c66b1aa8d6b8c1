//! What every format is read through.

use super::super::bad_lines::Bad;
use super::super::source::refused;
use csv::StringRecord;
use foldin::error::Error;

/// Records of a file.
pub(in super::super) trait Records {
    /// Reads the next one that is not blank; false at the end.
    fn read(&mut self, record: &mut StringRecord) -> std::result::Result<bool, Fault>;

    /// The line on which the last record ended, from 1.
    fn line(&self) -> u64;

    /// How many records were in another encoding than the file began with.
    fn other_encoding(&self) -> u64 {
        0
    }
}

/// What can be wrong with a record.
pub(in super::super) enum Fault {
    /// This record alone cannot be used.
    Record(Bad),
    /// Nothing after it can be, either.
    Fatal(Error),
}

impl From<Bad> for Fault {
    fn from(bad: Bad) -> Fault {
        Fault::Record(bad)
    }
}

/// Of a file that is being opened nothing was read yet.
impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        match fault {
            Fault::Fatal(error) => error,
            Fault::Record(bad) => refused("the first line", bad.problem, "correct it"),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Fatal(error)
    }
}
