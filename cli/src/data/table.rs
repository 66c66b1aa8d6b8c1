//! One reader for every table of text: packed or not, whatever stands between the fields.

use csv::StringRecord;
use foldin::error::{Error, Problem, Result};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// No record may be longer: an unclosed quote or a file without line ends must not fill the memory.
pub(super) const MAX_RECORD: usize = 1 << 20;

/// How much of the file is looked at to find out what separates its fields.
const SNIFFED: u64 = 1 << 16;

/// Records of a file, one after the other, all with as many fields as the first.
pub(super) struct Table {
    name: String,
    reader: csv::Reader<Capped>,
    /// `::` is not one byte, so such a line reaches the parser as one field and is split here.
    double_colon: bool,
    record: StringRecord,
    /// Of the record, from 1; its last one if it has several.
    line: u64,
    width: usize,
    first_is_next: bool,
}

impl Table {
    /// Opens the file and reads its first record, which [`Table::next`] will return unless it is
    /// [skipped](Table::skip_first).
    pub(super) fn open(path: &Path) -> Result<Table> {
        let file = std::fs::File::open(path).map_err(Error::io(path))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        let packed = file.fill_buf().map_err(Error::io(path))?.starts_with(&[0x1f, 0x8b]);
        let name = path.display().to_string();
        match packed {
            true => Table::new(name, BufReader::new(flate2::bufread::MultiGzDecoder::new(file))),
            false => Table::new(name, file),
        }
    }

    fn new(name: String, mut source: impl Read + 'static) -> Result<Table> {
        let mut head = Vec::new();
        source.by_ref().take(SNIFFED).read_to_end(&mut head).map_err(Error::io(&name))?;
        let separator = Separator::sniff(&head);
        let whole = Cursor::new(head).chain(source).chain(b"\n".as_slice());
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // So the parser stands behind the record's `\n`, and its line is known; `\r` is trimmed as a blank.
            .terminator(csv::Terminator::Any(b'\n'))
            .quoting(matches!(separator, Separator::Byte(b',' | b';')))
            .delimiter(match separator {
                Separator::Byte(byte) => byte,
                Separator::DoubleColon => 0x1f,
            })
            .from_reader(Capped { inner: Box::new(whole), since_record: 0 });
        let double_colon = matches!(separator, Separator::DoubleColon);
        let record = StringRecord::new();
        let mut table = Table { name, reader, double_colon, record, line: 0, width: 0, first_is_next: true };
        if !table.advance()? {
            return Err(Problem::Data {
                place: table.name,
                problem: "the file is empty".into(),
                remedy: "give a file with at least one line".into(),
            }
            .into());
        }
        table.width = table.record.len();
        Ok(table)
    }

    /// The record that was read last; right after opening, the first one.
    pub(super) fn row(&self) -> Row<'_> {
        Row { name: &self.name, line: self.line, record: &self.record }
    }

    /// Leaves the first record, a header, out of what [`Table::next`] returns.
    pub(super) fn skip_first(&mut self) {
        self.first_is_next = false;
    }

    /// The next record, or none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        if !std::mem::take(&mut self.first_is_next) && !self.advance()? {
            return Ok(None);
        }
        let (row, found) = (self.row(), self.record.len());
        if found != self.width {
            let problem = format!("expected {} fields as in the first line, found {found}", self.width);
            return Err(row.error(problem, "write each line with the same fields, quoting commas inside one"));
        }
        Ok(Some(row))
    }

    /// Reads a record that is not blank into `self.record`; false at the end.
    fn advance(&mut self) -> Result<bool> {
        loop {
            self.reader.get_mut().since_record = 0;
            let more = self.reader.read_record(&mut self.record).map_err(|error| self.explain(error))?;
            self.line = self.reader.position().line() - 1;
            if !more || self.record.iter().any(|field| !field.trim().is_empty()) {
                if self.double_colon && more {
                    self.record = self.record[0].split("::").collect::<Vec<_>>().into();
                }
                return Ok(more);
            }
        }
    }

    fn explain(&self, error: csv::Error) -> Error {
        let at_line = |line: u64, problem: &str, remedy: &str| {
            Problem::Data {
                place: format!("{}:{line}", self.name),
                problem: problem.into(),
                remedy: remedy.into(),
            }
            .into()
        };
        if self.reader.get_ref().since_record > MAX_RECORD {
            let remedy = "check that this is a text file and close its quotes";
            return at_line(self.line + 1, "a line of more than 1 MiB", remedy);
        }
        let line = self.reader.position().line() - 1;
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Error::io(&self.name)(source),
            csv::ErrorKind::Utf8 { .. } => {
                let remedy = "convert the file, for example with `iconv -f latin1 -t utf-8`";
                at_line(line, "bytes that are not UTF-8", remedy)
            }
            other => at_line(line, &format!("{other:?}"), "write it as plain CSV"),
        }
    }
}

/// One record with the place it was read at.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    name: &'a str,
    line: u64,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The field without the blanks around it.
    pub(super) fn get(self, column: usize) -> &'a str {
        self.record[column].trim()
    }

    pub(super) fn fields(self) -> impl Iterator<Item = &'a str> {
        self.record.iter().map(str::trim)
    }

    /// The field, which must not be empty.
    pub(super) fn id(self, column: usize, what: &str) -> Result<&'a str> {
        match self.get(column) {
            "" => {
                Err(self.error(format!("an empty {what}"), "give each line a user and an item, or remove it"))
            }
            id => Ok(id),
        }
    }

    /// File and line.
    pub(super) fn place(self) -> String {
        format!("{}:{}", self.name, self.line)
    }

    pub(super) fn error(self, problem: impl Into<String>, remedy: impl Into<String>) -> Error {
        Problem::Data { place: self.place(), problem: problem.into(), remedy: remedy.into() }.into()
    }
}

enum Separator {
    Byte(u8),
    DoubleColon,
}

impl Separator {
    /// What stands between the fields of the first line that is not empty.
    fn sniff(head: &[u8]) -> Separator {
        let mut lines = head.split(|&byte| byte == b'\n');
        let line = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        if line.contains(&b'\t') {
            return Separator::Byte(b'\t');
        }
        if line.windows(2).any(|pair| pair == b"::") {
            return Separator::DoubleColon;
        }
        let found = [b',', b';', b'|'].into_iter().find(|byte| line.contains(byte));
        Separator::Byte(found.unwrap_or(b','))
    }
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
