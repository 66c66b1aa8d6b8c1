//! One reader for every table: records of text with the line they stand on, whatever the file is.

mod origin;
mod records;
mod row;

use super::bad_lines::{Bad, BadLines, Collected, Kind};
use super::delimited::Delimited;
use super::dialect::{self, Separator};
use super::format::{self, Form};
use super::frame;
use super::input::Input;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
use super::parquet;
use super::source::{Source, refused};
use super::{blocks, json, text};
use csv::StringRecord;
use foldin::error::{Problem, Result};
use origin::is_binary;
use std::collections::VecDeque;
use std::io::BufReader;

pub(super) use origin::Origin;
pub(super) use records::{Fault, Records};
pub(super) use row::Row;

/// How a file is opened.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    pub bad_lines: BadLines,
    pub max_bytes: Option<u64>,
    pub encoding: Option<String>,
    /// Each line is one field unless a separator shows.
    pub one_column: bool,
    /// A record with too many fields has a separator in its middle one: `movies.dat`.
    pub join_middle: bool,
}

/// How many records are looked at before the first is read.
const SAMPLED: usize = 1000;

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
    /// Opens the file and reads its first record, which [`Table::next`] will return unless it is
    /// [skipped](Table::skip_first).
    pub(super) fn open(input: &Input, opening: &Opening) -> Result<Table> {
        if let Input::Frame(frame) = input {
            let origin = Origin::new(Form::Frame, Vec::new(), "UTF-8");
            return Table::new(input.to_string(), Box::new(frame::Rows::of(frame)), origin, opening);
        }
        #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
        if let Input::Path(path) = input
            && parquet::is_parquet(path)?
        {
            let records = parquet::Rows::open(path, opening.max_bytes)?;
            let origin = Origin::new(Form::Parquet, Vec::new(), "UTF-8");
            return Table::new(input.to_string(), Box::new(records), origin, opening);
        }
        let source = Source::open(input, opening.max_bytes)?;
        let (writing, start) = text::sniff(&source.head, opening.encoding.as_deref())?;
        let name = source.name;
        if is_binary(&start) {
            let remedy =
                "give a table of text (CSV, TSV, JSON lines) or Parquet; another encoding: --encoding NAME";
            return Err(refused(&name, "neither text nor a format that is known by its first bytes", remedy));
        }
        let form = format::of_text(&name, &start)?;
        let mut origin = Origin::new(form, source.packed, writing.encoding.name());
        origin.cr = writing.cr;
        let whole = writing.reader(source.reader);
        let records: Box<dyn Records> = match form {
            Form::Delimited => {
                let dialect = dialect::sniff(&start, opening.one_column);
                let records = Delimited::new(name.clone(), whole, &dialect)?;
                origin.dialect = Some(dialect);
                Box::new(records)
            }
            Form::Json => {
                let records = json::Objects::new(name.clone(), &start, BufReader::new(whole))?;
                origin.named = !records.lists;
                Box::new(records)
            }
            Form::MatrixMarket => Box::new(blocks::MatrixMarket::new(name.clone(), BufReader::new(whole))?),
            Form::Netflix => Box::new(blocks::Netflix::new(name.clone(), BufReader::new(whole))),
            Form::Parquet | Form::Frame => unreachable!("not a text"),
        };
        Table::new(name, records, origin, opening)
    }

    fn new(name: String, records: Box<dyn Records>, origin: Origin, opening: &Opening) -> Result<Table> {
        let mut table = Table {
            bad: Collected::new(name.clone(), opening.bad_lines.clone())?,
            name,
            records,
            record: StringRecord::new(),
            line: 0,
            width: 0,
            ahead: VecDeque::new(),
            ended: false,
            header: None,
            join_middle: opening.join_middle,
            headers: 0,
            comments: 0,
            origin,
        };
        table.look_ahead()?;
        let Some((first, line)) = table.ahead.front() else {
            return Err(Problem::Data {
                place: table.name,
                problem: "the file is empty".into(),
                remedy: "give a file with at least one line".into(),
            }
            .into());
        };
        let mut first = first.clone();
        if table.origin.dialect.as_ref().is_some_and(|dialect| dialect.row_names) {
            first = std::iter::once("").chain(first.iter()).collect();
        } else if first.len() > 1 && first.iter().next_back() == Some("") && table.ahead.len() > 1 {
            // A header with a separator at its end that no other line has.
            let narrower = table.ahead.iter().skip(1).filter(|(record, _)| record.len() + 1 == first.len());
            if narrower.count() * 2 > table.ahead.len() - 1 {
                first.truncate(first.len() - 1);
            }
        }
        let line = *line;
        table.width = first.len();
        table.record = first.clone();
        table.line = line;
        table.ahead[0] = (first, line);
        Ok(table)
    }

    /// Reads records ahead, for those who must see some before they know what the columns are.
    fn look_ahead(&mut self) -> Result<()> {
        while self.ahead.len() < SAMPLED && !self.ended {
            let mut record = StringRecord::new();
            match self.pull(&mut record)? {
                true => self.ahead.push_back((record, self.records.line())),
                false => self.ended = true,
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
