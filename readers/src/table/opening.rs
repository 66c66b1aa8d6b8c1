//! Opening a table: what its file is, and its first records.

use super::super::bad_lines::{BadLines, Collected};
use super::super::delimited::Delimited;
use super::super::format::{self, Form};
use super::super::input::Input;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
use super::super::parquet;
use super::super::source::{Source, refused};
use super::super::{blocks, dialect, frame, json, text};
use super::origin::is_binary;
use super::{Origin, Records, Table};
use csv::StringRecord;
use foldin::error::{Problem, Result};
use std::collections::VecDeque;
use std::io::BufReader;

/// How a file is opened.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Opening {
    pub bad_lines: BadLines,
    pub max_bytes: Option<u64>,
    pub encoding: Option<String>,
    /// Each line is one field unless a separator shows.
    pub one_column: bool,
    /// A record with too many fields has a separator in its middle one: `movies.dat`.
    pub join_middle: bool,
}

impl Table {
    /// Opens the file and reads its first record, which [`Table::next`] will return unless it is
    /// [skipped](Table::skip_first).
    pub(in super::super) fn open(input: &Input, opening: &Opening) -> Result<Table> {
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
        table.take_first()?;
        Ok(table)
    }

    /// Takes the first record for the measure of all others: a header may have a name too many or too few.
    fn take_first(&mut self) -> Result<()> {
        let Some((mut first, line)) = self.ahead.front().cloned() else {
            return Err(Problem::Data {
                place: self.name.clone(),
                problem: "the file is empty".into(),
                remedy: "give a file with at least one line".into(),
            }
            .into());
        };
        if self.origin.dialect.as_ref().is_some_and(|dialect| dialect.row_names) {
            first = std::iter::once("").chain(first.iter()).collect();
        } else if first.len() > 1 && first.iter().next_back() == Some("") && self.ahead.len() > 1 {
            // A header with a separator at its end that no other line has.
            let narrower = self.ahead.iter().skip(1).filter(|(record, _)| record.len() + 1 == first.len());
            if narrower.count() * 2 > self.ahead.len() - 1 {
                first.truncate(first.len() - 1);
            }
        }
        self.width = first.len();
        self.line = line;
        self.record = first.clone();
        self.ahead[0] = (first, line);
        Ok(())
    }
}
