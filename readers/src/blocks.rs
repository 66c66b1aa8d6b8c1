//! Records that are written in blocks: Netflix' ratings, and MatrixMarket's coordinates.

use super::bad_lines::Bad;
use super::delimited::MAX_RECORD;
use super::source::{failed, refused};
use super::table::{Fault, Records};
use csv::StringRecord;
use std::io::{BufRead, Read};

/// Lines of bounded length.
struct Lines<R> {
    name: String,
    reader: R,
    line: u64,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn new(name: String, reader: R) -> Lines<R> {
        Lines { name, reader, line: 0, text: Vec::new() }
    }

    /// The next line that is not blank.
    fn next(&mut self) -> Result<Option<&str>, Fault> {
        loop {
            self.text.clear();
            let limited = self.reader.by_ref().take(MAX_RECORD as u64);
            let count = { limited }.read_until(b'\n', &mut self.text).map_err(failed(&self.name))?;
            self.line += 1;
            if count == MAX_RECORD {
                let place = format!("{}:{}", self.name, self.line);
                return Err(
                    refused(&place, "a line of more than 1 MiB", "check that this is a text file").into()
                );
            }
            if count == 0 {
                return Ok(None);
            }
            if !self.text.trim_ascii().is_empty() {
                break;
            }
        }
        match str::from_utf8(self.text.trim_ascii()) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Bad::new("bytes that are not UTF-8", "").into()),
        }
    }
}

/// `ITEM:` and then `USER,RATING,DATE` lines.
pub(super) struct Netflix<R> {
    lines: Lines<R>,
    item: String,
    header_is_next: bool,
}

impl<R: BufRead> Netflix<R> {
    pub fn new(name: String, reader: R) -> Netflix<R> {
        Netflix { lines: Lines::new(name, reader), item: String::new(), header_is_next: true }
    }
}

impl<R: BufRead> Records for Netflix<R> {
    fn read(&mut self, record: &mut StringRecord) -> Result<bool, Fault> {
        record.clear();
        if std::mem::take(&mut self.header_is_next) {
            record.extend(["user", "item", "rating", "date"]);
            return Ok(true);
        }
        while let Some(line) = self.lines.next()? {
            if let Some(item) = line.strip_suffix(':') {
                self.item = item.trim().to_owned();
                continue;
            }
            let mut fields = line.split(',').map(str::trim);
            let (user, rating, date) = (fields.next(), fields.next(), fields.next());
            record.extend([
                user.unwrap_or_default(),
                &self.item,
                rating.unwrap_or_default(),
                date.unwrap_or_default(),
            ]);
            return Ok(true);
        }
        Ok(false)
    }

    fn line(&self) -> u64 {
        self.lines.line
    }
}

/// `%%MatrixMarket matrix coordinate real general`: row, column and value, numbered from 1.
pub(super) struct MatrixMarket<R> {
    lines: Lines<R>,
    entries: u64,
    read: u64,
    header_is_next: bool,
    values: bool,
}

impl<R: BufRead> MatrixMarket<R> {
    pub fn new(name: String, reader: R) -> Result<MatrixMarket<R>, Fault> {
        let mut lines = Lines::new(name, reader);
        let first = lines.next()?.unwrap_or_default().to_lowercase();
        let words: Vec<&str> = first.split_whitespace().collect();
        let [_, "matrix", "coordinate", kind, "general"] = words[..] else {
            let remedy = "write it as coordinates: `scipy.io.mmwrite(file, scipy.sparse.coo_matrix(m), symmetry=\"general\")`";
            return Err(refused(
                &lines.name,
                format!("a MatrixMarket file of another form ({first})"),
                remedy,
            )
            .into());
        };
        let values = kind != "pattern";
        let sizes = loop {
            match lines.next()? {
                Some(line) if line.starts_with('%') => {}
                Some(line) => break line.to_owned(),
                None => break String::new(),
            }
        };
        let sizes: Option<Vec<u64>> = sizes.split_whitespace().map(|size| size.parse().ok()).collect();
        let Some([_, _, entries]) = sizes.as_deref() else {
            let problem = "a MatrixMarket file without its line of sizes";
            return Err(refused(&lines.name, problem, "write it again: it is cut short").into());
        };
        let entries = *entries;
        Ok(MatrixMarket { lines, entries, read: 0, header_is_next: true, values })
    }
}

impl<R: BufRead> Records for MatrixMarket<R> {
    fn read(&mut self, record: &mut StringRecord) -> Result<bool, Fault> {
        record.clear();
        let width = if self.values { 3 } else { 2 };
        if std::mem::take(&mut self.header_is_next) {
            record.extend(["user", "item", "value"].iter().take(width));
            return Ok(true);
        }
        match self.lines.next()? {
            Some(line) => {
                record.extend(line.split_whitespace());
                self.read += 1;
                Ok(true)
            }
            None if self.read != self.entries => {
                let problem =
                    format!("{} entries, where its first lines announce {}", self.read, self.entries);
                Err(refused(&self.lines.name, problem, "write it again: it is cut short or put together")
                    .into())
            }
            None => Ok(false),
        }
    }

    fn line(&self) -> u64 {
        self.lines.line
    }
}
