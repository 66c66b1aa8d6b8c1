//! Records in JSON: an object or a list a line, or a list of them; what Python prints of its dictionaries, too.
//!
//! The columns are the keys of the first records; what is nested is reached by `outer.inner`.

use super::bad_lines::Bad;
use super::literal;
use super::source::{failed, refused};
use super::table::{Fault, Records};
use csv::StringRecord;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::io::{BufRead, Read};

/// The longest record.
const MAX_RECORD: usize = 16 << 20;
/// So many records, and bytes of them, are looked at for the columns.
const LOOKED_AT: usize = 1000;
const LOOKED_AT_BYTES: usize = 1 << 20;
/// More keys are no columns.
const MAX_COLUMNS: usize = 1000;

/// Records of a JSON text.
pub(super) struct Objects<R> {
    name: String,
    reader: R,
    /// Lines that were read.
    lines_read: u64,
    /// Each record has a line of its own; else they are found by their brackets.
    by_lines: bool,
    /// A bracket was seen: the first `[` of a text that is not read by lines holds all records.
    opened: bool,
    columns: Vec<String>,
    /// Records are lists: the columns have numbers for names.
    pub lists: bool,
    ahead: VecDeque<(Option<Value>, u64)>,
    header_is_next: bool,
    /// Of the record that was given last.
    line: u64,
}

impl<R: BufRead> Objects<R> {
    /// Reads a text that begins with `start`, and looks at the first records for the columns.
    pub fn new(name: String, start: &str, reader: R) -> Result<Objects<R>, Fault> {
        let first = start.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let by_lines = match literal::parse(first) {
            Some(Value::Array(row)) => {
                !row.is_empty() && !row.iter().any(|value| value.is_object() || value.is_array())
            }
            Some(value) => value.is_object(),
            None => false,
        };
        let mut objects = Objects {
            name,
            reader,
            lines_read: 0,
            by_lines,
            opened: false,
            columns: Vec::new(),
            lists: false,
            ahead: VecDeque::new(),
            header_is_next: true,
            line: 1,
        };
        objects.look_ahead()?;
        objects.header_is_next = !objects.lists;
        Ok(objects)
    }

    fn look_ahead(&mut self) -> Result<(), Fault> {
        let mut bytes = 0;
        while self.ahead.len() < LOOKED_AT && bytes < LOOKED_AT_BYTES {
            let Some(text) = self.next_text()? else { break };
            bytes += text.len();
            self.ahead.push_back((literal::parse(&text), self.lines_read));
        }
        if let [(Some(Value::Object(only)), _)] = self.ahead.make_contiguous()
            && let Some(rows) = unwrapped(only)
        {
            self.ahead = rows.into_iter().map(|row| (Some(row), 1)).collect();
        }
        for value in self.ahead.iter().filter_map(|(value, _)| value.as_ref()) {
            match value {
                Value::Object(object) => flat(object, &mut |key, _| {
                    if self.columns.len() < MAX_COLUMNS && !self.columns.contains(&key) {
                        self.columns.push(key);
                    }
                }),
                Value::Array(row) if self.columns.is_empty() => {
                    self.lists = true;
                    self.columns = (1..=row.len()).map(|number| number.to_string()).collect();
                }
                _ => {}
            }
        }
        match self.columns.is_empty() {
            false => Ok(()),
            true => {
                let remedy = "write an object an interaction, e.g. {\"user\": \"7\", \"item\": \"50\"}, or CSV with columns user, item";
                Err(refused(&self.name, "JSON without objects that have fields", remedy).into())
            }
        }
    }

    /// The text of the next record, which is not blank.
    fn next_text(&mut self) -> Result<Option<String>, Fault> {
        loop {
            let text = if self.by_lines { self.next_line()? } else { self.next_value()? };
            match text {
                Some(text) if text.trim().is_empty() => {}
                text => return Ok(text),
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<String>, Fault> {
        let mut line = Vec::new();
        let limit = MAX_RECORD as u64 + 1;
        let count =
            self.reader.by_ref().take(limit).read_until(b'\n', &mut line).map_err(failed(&self.name))?;
        self.lines_read += 1;
        self.within(line.len())?;
        Ok((count > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
    }

    /// What stands between brackets, at the top or in the list that all records stand in.
    fn next_value(&mut self) -> Result<Option<String>, Fault> {
        let (mut value, mut depth) = (Vec::new(), 0);
        let (mut quote, mut escaped) = (None, false);
        loop {
            let block = self.reader.fill_buf().map_err(failed(&self.name))?;
            if block.is_empty() {
                // What is cut off is no record, but must not be lost without a word.
                return Ok((!value.is_empty()).then(|| String::from_utf8_lossy(&value).into_owned()));
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in block {
                used += 1;
                self.lines_read += u64::from(byte == b'\n');
                if depth == 0 {
                    let is_outer = byte == b'[' && !self.opened;
                    self.opened |= matches!(byte, b'{' | b'[');
                    if is_outer || !matches!(byte, b'{' | b'[') {
                        continue;
                    }
                }
                value.push(byte);
                match (quote, byte) {
                    (Some(_), _) if escaped => escaped = false,
                    (Some(_), b'\\') => escaped = true,
                    (Some(open), _) if open == byte => quote = None,
                    (Some(_), _) => {}
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (None, b'{' | b'[') => depth += 1,
                    (None, b'}' | b']') => depth -= 1,
                    (None, _) => {}
                }
                ended = depth == 0;
                if ended || value.len() > MAX_RECORD {
                    break;
                }
            }
            self.reader.consume(used);
            self.within(value.len())?;
            if ended {
                return Ok(Some(String::from_utf8_lossy(&value).into_owned()));
            }
        }
    }
}

impl<R> Objects<R> {
    fn within(&self, length: usize) -> Result<(), Fault> {
        match length <= MAX_RECORD {
            true => Ok(()),
            false => {
                let problem = format!("a JSON value of more than {} MiB", MAX_RECORD >> 20);
                let remedy = "write an object an interaction, each on a line of its own";
                Err(refused(&format!("{}:{}", self.name, self.lines_read), problem, remedy).into())
            }
        }
    }
}

impl<R: BufRead> Records for Objects<R> {
    fn read(&mut self, record: &mut StringRecord) -> Result<bool, Fault> {
        record.clear();
        if std::mem::take(&mut self.header_is_next) {
            record.extend(&self.columns);
            return Ok(true);
        }
        let (value, line) = match self.ahead.pop_front() {
            Some(ahead) => ahead,
            None => match self.next_text()? {
                Some(text) => (literal::parse(&text), self.lines_read),
                None => return Ok(false),
            },
        };
        self.line = line;
        match value {
            Some(Value::Object(object)) => {
                let mut fields = vec![String::new(); self.columns.len()];
                flat(&object, &mut |key, value| {
                    if let Some(column) = self.columns.iter().position(|column| *column == key) {
                        fields[column] = literal::text(value);
                    }
                });
                record.extend(&fields);
                Ok(true)
            }
            Some(Value::Array(row)) if self.lists => {
                record.extend(row.iter().map(literal::text));
                Ok(true)
            }
            _ => Err(Bad::new("expected a JSON object", "").into()),
        }
    }

    fn line(&self) -> u64 {
        self.line
    }
}

/// Calls `each` with every key and its value; with `outer.inner` for those of an object in the object.
fn flat<'a>(object: &'a Map<String, Value>, each: &mut dyn FnMut(String, &'a Value)) {
    for (key, value) in object {
        match value {
            Value::Object(inner) => {
                inner.iter().for_each(|(name, value)| each(format!("{key}.{name}"), value))
            }
            value => each(key.clone(), value),
        }
    }
}

/// The records of an object that holds them all: `{"data": [{}, {}]}`, pandas' `{"columns": [], "data": [[]]}`, and its
/// `{"user": {"0": "a"}, "item": {"0": "x"}}`.
fn unwrapped(only: &Map<String, Value>) -> Option<Vec<Value>> {
    let is_table =
        |rows: &&Vec<Value>| !rows.is_empty() && rows.iter().all(|row| row.is_object() || row.is_array());
    let mut lists = only.values().filter_map(Value::as_array).filter(is_table);
    if let (Some(rows), None) = (lists.next(), lists.next()) {
        let Some(names) = only.get("columns").and_then(Value::as_array) else { return Some(rows.clone()) };
        let named = |row: &Value| {
            let values = row.as_array()?;
            Some(Value::Object(names.iter().map(literal::text).zip(values.iter().cloned()).collect()))
        };
        return rows.iter().map(named).collect();
    }
    let columns: Vec<(&String, &Map<String, Value>)> =
        only.iter().map(|(name, column)| Some((name, column.as_object()?))).collect::<Option<_>>()?;
    let (_, first) = columns.first()?;
    if columns.len() < 2 || columns.iter().any(|(_, column)| column.len() != first.len()) {
        return None;
    }
    let row = |key: &String| {
        let fields = columns.iter().map(|(name, column)| Some(((*name).clone(), column.get(key)?.clone())));
        Some(Value::Object(fields.collect::<Option<_>>()?))
    };
    first.keys().map(row).collect()
}
