//! Lines that cannot be used: collected by kind, then refused together or left out.

use super::source::refused;
use csv::StringRecord;
use foldin::error::{Error, Result};
use serde::Serialize;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// What becomes of a file with lines that cannot be used.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum BadLines {
    /// It is refused, with the first lines of each kind.
    #[default]
    Refuse,
    /// They are left out and counted; written to a file where there is one.
    Skip(Option<PathBuf>),
}

/// After a bad line so many more are read, to say what else is wrong, before the file is refused.
const READ_ON: u64 = 10_000;
/// Lines of a kind that are listed.
const LISTED: usize = 5;

/// Bad lines of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// What was expected.
    pub problem: String,
    /// How many lines.
    pub count: u64,
    /// The first of them.
    pub lines: Vec<u64>,
    /// What the first of them has instead.
    pub found: String,
}

/// Why a line cannot be used: what was expected, and what was found.
#[derive(Debug, PartialEq)]
pub(super) struct Bad {
    pub problem: String,
    pub found: String,
}

impl Bad {
    pub fn new(problem: impl Into<String>, found: impl Into<String>) -> Bad {
        Bad { problem: problem.into(), found: shortened(found.into()) }
    }
}

/// A cell of a megabyte makes no message.
fn shortened(text: String) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The bad lines of one file.
pub(super) struct Collected {
    place: String,
    policy: BadLines,
    writer: Option<csv::Writer<BufWriter<File>>>,
    /// Records since the first bad one.
    since: u64,
    pub kinds: Vec<Kind>,
}

impl Collected {
    pub fn new(place: String, policy: BadLines) -> Result<Collected> {
        let writer = match &policy {
            BadLines::Skip(Some(path)) => {
                let file = File::options().create(true).append(true).open(path).map_err(Error::io(path))?;
                Some(csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(file)))
            }
            _ => None,
        };
        Ok(Collected { place, policy, writer, since: 0, kinds: Vec::new() })
    }

    /// Notes a bad line.
    ///
    /// # Errors
    /// Where it cannot be written to its file.
    pub fn add(&mut self, line: u64, bad: Bad, record: &StringRecord) -> Result<()> {
        if let (Some(writer), BadLines::Skip(Some(path))) = (&mut self.writer, &self.policy) {
            writer.write_record(record).map_err(|error| Error::io(path)(error.into()))?;
        }
        let kind = match self.kinds.iter_mut().find(|kind| kind.problem == bad.problem) {
            Some(kind) => kind,
            None => {
                self.kinds.push(Kind { problem: bad.problem, count: 0, lines: Vec::new(), found: bad.found });
                self.kinds.last_mut().expect("just pushed")
            }
        };
        kind.count += 1;
        if kind.lines.len() < LISTED {
            kind.lines.push(line);
        }
        Ok(())
    }

    /// To be called for each record.
    ///
    /// # Errors
    /// The refusal, once enough was read to say what is wrong.
    pub fn step(&mut self) -> Result<()> {
        if self.kinds.is_empty() || self.policy != BadLines::Refuse {
            return Ok(());
        }
        self.since += 1;
        if self.since > READ_ON { self.finish() } else { Ok(()) }
    }

    /// To be called at the end.
    ///
    /// # Errors
    /// The refusal, where bad lines are not left out.
    pub fn finish(&mut self) -> Result<()> {
        if let (Some(writer), BadLines::Skip(Some(path))) = (&mut self.writer, &self.policy) {
            writer.flush().map_err(Error::io(path))?;
        }
        match self.kinds.is_empty() || self.policy != BadLines::Refuse {
            true => Ok(()),
            false => Err(self.refusal("correct it, or leave such lines out with --bad-lines skip")),
        }
    }

    pub fn count(&self) -> u64 {
        self.kinds.iter().map(|kind| kind.count).sum()
    }

    /// The error that lists what is wrong.
    pub fn refusal(&self, remedy: &str) -> Error {
        let first = self.kinds.iter().flat_map(|kind| &kind.lines).min().copied().unwrap_or(0);
        let alone = self.count() == 1;
        let words = |kind: &Kind| if alone { kind.problem() } else { kind.describe() };
        let kinds: Vec<String> = self.kinds.iter().take(LISTED).map(words).collect();
        refused(&format!("{}:{first}", self.place), kinds.join("; "), remedy)
    }
}

impl Kind {
    /// What was expected and what was found.
    fn problem(&self) -> String {
        match self.found.as_str() {
            "" => self.problem.clone(),
            found => format!("{}, found {found}", self.problem),
        }
    }

    /// The same, and where: `(line 3)`, `(7 lines: 3, 4, 5, 6, 7, ...)`.
    pub fn describe(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let (count, lines) = (self.count, lines.join(", "));
        match count {
            1 => format!("{} (line {lines})", self.problem()),
            _ if count > LISTED as u64 => format!("{} ({count} lines: {lines}, ...)", self.problem()),
            _ => format!("{} ({count} lines: {lines})", self.problem()),
        }
    }
}

/// What was left out, in words; None where nothing was.
pub fn left_out(kinds: &[Kind]) -> Option<String> {
    let count: u64 = kinds.iter().map(|kind| kind.count).sum();
    let words: Vec<String> = kinds.iter().map(Kind::describe).collect();
    (count > 0).then(|| format!("{count} lines left out: {}", words.join("; ")))
}
