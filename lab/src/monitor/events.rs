//! A file of reports, line by line.

use super::Batch;
use flate2::bufread::MultiGzDecoder;
use foldin::error::{Error, Problem, Result};
use serde::Serialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// No report is longer; of a longer line nothing is kept.
const MAX_LINE: u64 = 1 << 20;

/// Counts in all reports together, at most: each takes some fifty bytes of memory, of six in a file.
const MOST_ENTRIES: usize = 50_000_000;

/// How many broken lines are quoted.
const QUOTED: usize = 5;

/// Clocks may differ so much, in milliseconds, before a report's time is not believed.
const SKEW: f64 = 3_600_000.0;

/// 2020, before which no page sent reports, in milliseconds since 1970.
const EARLIEST: f64 = 1_577_836_800_000.0;

/// What a file of reports holds: the last report of each page, and what was wrong.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// In the order of their first reports.
    pub pages: Vec<Page>,
    /// Lines that are not blank.
    pub lines: u64,
    /// Lines that are no report.
    pub broken: u64,
    /// The first of them.
    pub quoted: Vec<Broken>,
    /// Reports that were there already.
    pub duplicates: u64,
    /// Reports whose clock was not believed; all else of them counts.
    pub skewed: u64,
    numbers: HashMap<String, usize>,
}

/// The last report of a page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The report.
    pub batch: Batch,
    /// When, in milliseconds since 1970; None where no clock is to be believed.
    pub time: Option<f64>,
}

/// A line that is no report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broken {
    /// From 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
}

impl Events {
    /// Reads a file, gzipped or not, of at most `max_bytes` bytes when unpacked. `now`, in milliseconds since 1970, tells
    /// which clocks are ahead.
    ///
    /// # Errors
    /// [`Problem::Io`]; [`Problem::Data`] for a file without a single report, or one that goes on for longer. Broken lines
    /// are counted.
    pub fn read(path: &Path, now: f64, max_bytes: u64) -> Result<Events> {
        let file = File::open(path).map_err(Error::io(path))?;
        let mut file = BufReader::new(file);
        let packed = file.fill_buf().map_err(Error::io(path))?.starts_with(&[0x1f, 0x8b]);
        let reader: Box<dyn BufRead> = match packed {
            true => Box::new(BufReader::new(MultiGzDecoder::new(file))),
            false => Box::new(file),
        };
        let mut reader = reader.take(max_bytes.saturating_add(1));
        let events = Events::parse(&mut reader, now).map_err(Error::io(path))?;
        if reader.limit() == 0 {
            return Err(Problem::Data {
                place: path.display().to_string(),
                problem: format!("more than {max_bytes} bytes of reports"),
                remedy: "give a part of them, or a greater --max-bytes".into(),
            }
            .into());
        }
        match events.pages.is_empty() {
            false => Ok(events),
            true => Err(Problem::Data {
                place: path.display().to_string(),
                problem: format!("no report among {} lines{}", events.lines, events.first_problem()),
                remedy: "give the documents that `report` gets, one a line: JSON.stringify(report)".into(),
            }
            .into()),
        }
    }

    /// Reads lines.
    ///
    /// # Errors
    /// Those of the reader, and one for more than fits in memory.
    pub fn parse(mut reader: impl BufRead, now: f64) -> std::io::Result<Events> {
        let mut events = Events::default();
        let mut line = Vec::new();
        let mut entries = 0;
        for number in 1.. {
            line.clear();
            if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.len() as u64 == MAX_LINE && line.last() != Some(&b'\n') {
                skip_line(&mut reader)?;
                events.lines += 1;
                events.note(number, "a line of more than 1 MiB".into());
            } else if !line.trim_ascii().is_empty() {
                events.lines += 1;
                match Batch::parse(&line) {
                    Ok(batch) => {
                        entries += batch.entries();
                        if entries > MOST_ENTRIES {
                            let many = format!("more than {MOST_ENTRIES} counts; give a part of the reports");
                            return Err(std::io::Error::other(many));
                        }
                        events.add(batch, now);
                    }
                    Err(problem) => events.note(number, problem),
                }
            }
        }
        Ok(events)
    }

    fn note(&mut self, line: u64, mut problem: String) {
        // It may quote the line.
        problem.truncate(problem.char_indices().nth(200).map_or(problem.len(), |(at, _)| at));
        self.broken += 1;
        if self.quoted.len() < QUOTED {
            self.quoted.push(Broken { line, problem });
        }
    }

    fn first_problem(&self) -> String {
        self.quoted
            .first()
            .map_or(String::new(), |broken| format!(" (line {}: {})", broken.line, broken.problem))
    }

    /// Takes a report in: of those of one page the last one counts.
    fn add(&mut self, batch: Batch, now: f64) {
        let believed = |time: &f64| (EARLIEST..=now + SKEW).contains(time);
        let arrived = batch.received.filter(believed);
        let own = Some(batch.time)
            .filter(believed)
            .filter(|time| arrived.is_none_or(|at| (at - time).abs() <= SKEW));
        self.skewed += u64::from(own.is_none());
        let page = Page { time: own.or(arrived), batch };
        match self.numbers.get(&page.batch.page) {
            None => {
                self.numbers.insert(page.batch.page.clone(), self.pages.len());
                self.pages.push(page);
            }
            Some(&number) => {
                let known = &mut self.pages[number];
                match page.batch.sequence.cmp(&known.batch.sequence) {
                    std::cmp::Ordering::Greater => *known = page,
                    std::cmp::Ordering::Equal => self.duplicates += 1,
                    std::cmp::Ordering::Less => {}
                }
            }
        }
    }
}

/// Reads to the end of the line and keeps nothing.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let read = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(read);
        if end.is_some() || read == 0 {
            return Ok(());
        }
    }
}
