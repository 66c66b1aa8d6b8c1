//! Records of a text whose fields have something between them.

use super::bad_lines::Bad;
use super::dialect::{Dialect, Separator};
use super::encoding::WINDOWS_1252;
use super::source::{failed, refused};
use super::table::{Fault, Records};
use csv::{ByteRecord, StringRecord};
use foldin::error::Result;
use std::io::{self, BufRead, BufReader, Read};

/// No record may be longer: an unclosed quote or a file without line ends must not fill the memory.
pub(crate) const MAX_RECORD: usize = 1 << 20;

/// Stands between no two fields of any text, so that a line reaches the parser as one field.
const NOWHERE: u8 = 0x1f;

/// Records, one after the other.
pub(super) struct Delimited {
    name: String,
    reader: csv::Reader<Capped>,
    separator: Separator,
    quote: Option<u8>,
    /// As read; the text is made of it.
    bytes: ByteRecord,
    /// Lines before the first record.
    before: u64,
    line: u64,
    /// Records that were not UTF-8, and were taken for Windows-1252.
    pub other_encoding: u64,
}

impl Delimited {
    pub fn new(name: String, text: Box<dyn Read>, dialect: &Dialect) -> Result<Delimited> {
        let mut text = BufReader::with_capacity(1 << 16, text);
        let before = dialect.comments + dialect.titles;
        for _ in 0..before {
            text.skip_until(b'\n').map_err(failed(&name))?;
        }
        let byte = match dialect.separator {
            Separator::Byte(byte) => Some(byte),
            Separator::Colons | Separator::Blanks => None,
        };
        let mut builder = csv::ReaderBuilder::new();
        builder
            .has_headers(false)
            .flexible(true)
            // So the parser stands behind the record's `\n`, and its line is known; `\r` is trimmed as a blank.
            .terminator(csv::Terminator::Any(b'\n'))
            .quoting(dialect.quote.is_some() && byte.is_some())
            .quote(dialect.quote.unwrap_or(b'"'))
            .escape(dialect.escape.then_some(b'\\'))
            .delimiter(byte.unwrap_or(NOWHERE));
        let inner: Box<dyn Read> = Box::new(text.chain(b"\n".as_slice()));
        let reader = builder.from_reader(Capped { inner, since_record: 0 });
        Ok(Delimited {
            name,
            reader,
            separator: dialect.separator,
            quote: dialect.quote,
            bytes: ByteRecord::new(),
            before: before as u64,
            line: 0,
            other_encoding: 0,
        })
    }

    /// The bytes as text, and cut where the parser cannot.
    fn text(&mut self, record: &mut StringRecord) -> std::result::Result<(), Bad> {
        *record = match StringRecord::from_byte_record(std::mem::take(&mut self.bytes)) {
            Ok(text) => text,
            Err(error) => {
                let bytes = error.into_byte_record();
                self.other_encoding += 1;
                bytes.iter().map(|field| WINDOWS_1252.decode(field)).collect()
            }
        };
        match self.separator {
            Separator::Byte(_) => {}
            Separator::Colons => *record = record[0].split("::").collect::<Vec<_>>().into(),
            Separator::Blanks => *record = by_blanks(&record[0], self.quote).into(),
        }
        Ok(())
    }
}

impl Records for Delimited {
    fn read(&mut self, record: &mut StringRecord) -> std::result::Result<bool, Fault> {
        loop {
            self.reader.get_mut().since_record = 0;
            // The buffer of the record that is given back serves again.
            self.bytes = std::mem::take(record).into_byte_record();
            let more = self.reader.read_byte_record(&mut self.bytes).map_err(|error| self.explain(error))?;
            self.line = self.reader.position().line() - 1 + self.before;
            if !more {
                return Ok(false);
            }
            self.text(record)?;
            if record.iter().any(|field| !field.trim().is_empty()) {
                return Ok(true);
            }
        }
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn other_encoding(&self) -> u64 {
        self.other_encoding
    }
}

impl Delimited {
    fn explain(&self, error: csv::Error) -> Fault {
        let at_line = |line: u64, problem: &str, remedy: &str| {
            Fault::Fatal(refused(&format!("{}:{line}", self.name), problem, remedy))
        };
        if self.reader.get_ref().since_record > MAX_RECORD {
            let remedy = "check that this is a text file and close its quotes";
            return at_line(self.line.max(self.before) + 1, "a line of more than 1 MiB", remedy);
        }
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Fault::Fatal(failed(&self.name)(source)),
            other => at_line(self.line + 1, &format!("{other:?}"), "write it as plain CSV"),
        }
    }
}

/// The fields of a line with blanks between them, quotes around some.
fn by_blanks(line: &str, quote: Option<u8>) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let inside = quote.map(char::from).and_then(|quote| rest.strip_prefix(quote)?.split_once(quote));
        let (field, after) = match inside {
            Some((field, after)) if after.is_empty() || after.starts_with([' ', '\t']) => (field, after),
            _ => rest.split_at(rest.find([' ', '\t']).unwrap_or(rest.len())),
        };
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}

/// Fails in a record longer than [`MAX_RECORD`].
struct Capped {
    inner: Box<dyn Read>,
    since_record: usize,
}

impl Read for Capped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record > MAX_RECORD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let count = self.inner.read(buffer)?;
        self.since_record += count;
        Ok(count)
    }
}
