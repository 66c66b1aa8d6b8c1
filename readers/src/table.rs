//! One reader for every table: records of text with the line they stand on, whatever the file is.

mod opening;
mod origin;
mod records;
mod row;

use super::bad_lines::{Bad, Collected, Kind};
use super::dialect::Separator;
use csv::StringRecord;
use foldin::error::Result;
use std::collections::VecDeque;

pub(super) use opening::Opening;
pub(super) use origin::Origin;
pub(super) use records::{Fault, Records};
pub(super) use row::Row;

/// How many records are looked at before the first is read, and no more of them than have so many bytes together.
const SAMPLED: usize = 1000;
const SAMPLED_BYTES: usize = 1 << 20;

/// Records of a file, one after the other, all with as many fields as the first.
pub(super) struct Table {
    name: String,
    records: Box<dyn Records>,
    pub origin: Origin,
    record: StringRecord,
    line: u64,
    width: usize,
    /// Records that were looked at and are still to be read.
    ahead: VecDeque<(StringRecord, u64)>,
    ended: bool,
    header: Option<StringRecord>,
    join_middle: bool,
    pub bad: Collected,
    /// Records that repeat the header.
    pub headers: u64,
    /// Lines between the records that begin with `#`.
    pub comments: u64,
}

impl Table {
    /// Reads records ahead, for those who must see some before they know what the columns are.
    fn look_ahead(&mut self) -> Result<()> {
        let mut bytes = 0;
        while self.ahead.len() < SAMPLED && bytes < SAMPLED_BYTES && !self.ended {
            let mut record = StringRecord::new();
            self.ended = !self.pull(&mut record)?;
            if !self.ended {
                bytes += record.as_slice().len();
                self.ahead.push_back((record, self.records.line()));
            }
        }
        Ok(())
    }

    /// The next record as it stands in the file; those that cannot be read are noted.
    fn pull(&mut self, record: &mut StringRecord) -> Result<bool> {
        loop {
            match self.records.read(record) {
                Ok(more) => return Ok(more),
                Err(Fault::Fatal(error)) => return Err(error),
                Err(Fault::Record(bad)) => {
                    self.bad.add(self.records.line(), bad, record)?;
                    self.bad.step()?;
                }
            }
        }
    }

    /// The record that was read last; right after opening, the first one.
    pub(super) fn row(&self) -> Row<'_> {
        Row { name: &self.name, line: self.line, record: &self.record }
    }

    /// Records after the first that have as many fields, for a look.
    pub(super) fn sample(&self) -> impl Iterator<Item = &StringRecord> + Clone {
        let fits = move |record: &&StringRecord| record.len() == self.width || record.len() == self.width + 1;
        self.ahead.iter().skip(1).map(|(record, _)| record).filter(fits)
    }

    /// Leaves the first record, a header, out of what [`Table::next`] returns, wherever it stands again.
    pub(super) fn skip_first(&mut self) {
        self.header = self.ahead.pop_front().map(|(header, _)| header);
    }

    /// The next record, or none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        loop {
            match self.ahead.pop_front() {
                Some((record, line)) => (self.record, self.line) = (record, line),
                None => {
                    let mut record = std::mem::take(&mut self.record);
                    let more = !self.ended && self.pull(&mut record)?;
                    self.record = record;
                    if !more {
                        return Ok(None);
                    }
                    self.line = self.records.line();
                }
            }
            self.bad.step()?;
            if self.record.len() != self.width && !self.fit()? {
                continue;
            }
            if self
                .header
                .as_ref()
                .is_some_and(|header| header.get(0) == self.record.get(0) && *header == self.record)
            {
                self.headers += 1;
                continue;
            }
            return Ok(Some(self.row()));
        }
    }

    /// Brings a record with another number of fields to that of the first one, where it is plain how; else it is
    /// noted.
    fn fit(&mut self) -> Result<bool> {
        let (width, found) = (self.width, self.record.len());
        if found == width + 1 && self.record.iter().next_back().is_some_and(|last| last.trim().is_empty()) {
            self.record.truncate(width);
            return Ok(true);
        }
        let separator = self.origin.dialect.as_ref().map(|dialect| dialect.separator);
        let first = self.record.get(0).unwrap_or_default().trim();
        if first.starts_with('#') || found == 1 && is_frame(first) {
            self.comments += 1;
            return Ok(false);
        }
        if self.join_middle && found > width && width == 3 && separator == Some(Separator::Colons) {
            let fields: Vec<&str> = self.record.iter().collect();
            let middle = fields[1..found - 1].join("::");
            self.record = [fields[0], &middle, fields[found - 1]].into_iter().collect();
            return Ok(true);
        }
        let between = match separator {
            Some(separator @ Separator::Byte(_)) => format!(" with {separator} between them"),
            Some(separator) => format!(" with {separator} between them, which no field may hold"),
            None => String::new(),
        };
        let bad =
            Bad::new(format!("expected {width} fields as in the first line{between}"), found.to_string());
        self.reject(bad)?;
        Ok(false)
    }

    /// Notes that the record that was read last cannot be used.
    pub(super) fn reject(&mut self, bad: Bad) -> Result<()> {
        let line = self.row().line();
        self.bad.add(line, bad, &self.record)
    }

    /// To be called after the last record: refuses the file where bad lines are not left out.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.bad.finish()
    }

    /// The kinds of lines that were left out.
    pub(super) fn bad_kinds(&self) -> &[Kind] {
        &self.bad.kinds
    }

    /// What was left out that is no record, in words.
    pub(super) fn notes(&self) -> Vec<String> {
        let count = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
        let mut notes: Vec<String> = Vec::new();
        notes.extend(count(self.headers, "repeated headers left out"));
        notes.extend(count(self.comments, "lines of comments or rules left out"));
        if let Some(dialect) = &self.origin.dialect {
            notes.extend(count(dialect.comments as u64, "lines of comments above left out"));
            notes.extend(dialect.titled.then(|| "the lines above the header left out".to_owned()));
            notes
                .extend(dialect.row_names.then(|| "the first column has no name and is left out".to_owned()));
        }
        notes
    }

    /// The encoding, in words.
    pub(super) fn encoding(&self) -> String {
        match (self.origin.encoding, self.records.other_encoding()) {
            (encoding, 0) => encoding.to_owned(),
            (encoding, count) => format!("{encoding} ({count} records in windows-1252)"),
        }
    }

    /// The names of the columns, where the first record was taken for a header.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        self.header.as_ref().map(|header| header.iter().map(|name| name.trim().to_owned()).collect())
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// What psql prints around a table: `-----+-----`, and `(2 rows)`.
fn is_frame(line: &str) -> bool {
    let is_rule = line.len() > 2 && line.bytes().all(|byte| matches!(byte, b'-' | b'+' | b'='));
    is_rule || line.starts_with('(') && (line.ends_with(" rows)") || line.ends_with(" row)"))
}

#[cfg(test)]
mod tests {
    use super::super::input::Input;
    use super::*;

    #[test]
    fn a_look_ahead_holds_a_megabyte_of_long_records() {
        let record = format!("u1,{}\n", "i".repeat(100_000));
        let text = format!("user,item\n{}", record.repeat(100));
        let mut table = Table::open(
            &Input::Bytes { name: "long.csv".into(), bytes: text.into_bytes().into() },
            &Opening::default(),
        )
        .unwrap();
        assert_eq!(table.ahead.len(), 12, "the header, and as many as reach over a megabyte");
        let mut read = 0;
        while table.next().unwrap().is_some() {
            read += 1;
        }
        assert_eq!(read, 101);
    }
}
