//! `foldin look`: what a file is, before anything is made of it.

use super::reading::ReadingArgs;
use super::sample;
use crate::data::items::ItemsReadAs;
use crate::data::look::{self, Sample};
use crate::data::{BadLines, Input, Matching, ReadAs, Reading, interactions, items};
use crate::output::{self, plain, quoted};
use foldin::Result;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Look at a file of interactions or items: what it is, how it is read, and what is odd about it.
///
/// Nothing is written. Lines that cannot be used are listed by kind, and the command to go on with comes last.
#[derive(clap::Args)]
#[command(after_help = "Example: foldin look ratings.csv --items movies.csv")]
pub struct Look {
    /// The file.
    file: PathBuf,
    /// Titles, tags and numbers of its items.
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,
    /// Column of ids in --items [default: item_id, movieId, asin, id, ...]
    #[arg(long, value_name = "COLUMN", requires = "items")]
    item_id_column: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    file: PathBuf,
    sample: Sample,
    #[serde(skip_serializing_if = "Option::is_none")]
    interactions: Option<ReadAs>,
    /// The share of all pairs of user and item that occur.
    #[serde(skip_serializing_if = "Option::is_none")]
    density: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<ItemsReadAs>,
    /// How many items of the interactions have a line in the items.
    #[serde(skip_serializing_if = "Option::is_none")]
    matching: Option<Matching>,
    /// What to go on with.
    command: String,
}

impl Look {
    pub fn run(self) -> Result<()> {
        // All odd lines are to be seen, not the first few.
        let reading = Reading { bad_lines: BadLines::Skip(None), ..self.reading.reading() };
        let file = Input::from(&self.file).repeatable(reading.max_bytes)?;
        let sample = look::sample(&file, &reading)?;
        let mut report = match interactions::read_as(&file, &reading) {
            Ok((read, read_as)) => {
                let mut report = self.report(sample, Some(read_as));
                let pairs = read.users() as f64 * read.items() as f64;
                report.density = Some(read.matrix.entries() as f64 / pairs);
                if let Some(file) = &self.items {
                    let id_column = self.item_id_column.as_deref().or(reading.columns.item.as_deref());
                    let table = items::read_as(file, &reading, id_column)?;
                    report.items = Some(table.read_as().clone());
                    report.matching = Some(table.matching(&self.file.display().to_string(), &read.item_ids)?);
                }
                report
            }
            // No users: perhaps it is the file of items.
            Err(error) => match items::read_as(&file, &reading, self.item_id_column.as_deref()) {
                Ok(table) if self.items.is_none() => {
                    let mut report = self.report(sample, None);
                    report.items = Some(table.read_as().clone());
                    report
                }
                _ => return Err(error),
            },
        };
        report.command = self.command(&report);
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }

    fn report(&self, sample: Sample, interactions: Option<ReadAs>) -> Report {
        let file = self.file.clone();
        Report {
            file,
            sample,
            interactions,
            density: None,
            items: None,
            matching: None,
            command: String::new(),
        }
    }

    /// The training that reads the file as it was read here.
    fn command(&self, report: &Report) -> String {
        let path = |path: &PathBuf| quoted(&path.display().to_string());
        let mut words = vec!["foldin".to_owned(), "train".to_owned()];
        match (&report.interactions, &self.items) {
            (None, _) => words.extend(["INTERACTIONS".into(), "--items".into(), path(&self.file)]),
            (Some(_), None) => words.push(path(&self.file)),
            (Some(_), Some(items)) => words.extend([path(&self.file), "--items".into(), path(items)]),
        }
        words.extend(
            self.item_id_column.iter().flat_map(|name| ["--item-id-column".to_owned(), quoted(name)]),
        );
        words.extend(self.reading.command_line().iter().map(|word| quoted(word)));
        if report.interactions.as_ref().is_some_and(|read| !read.left_out.is_empty()) {
            words.extend(["--bad-lines".into(), "skip".into()]);
        }
        words.extend(["-o".into(), "model.safetensors".into()]);
        words.join(" ")
    }
}

impl Report {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut line = |name: &str, text: String| writeln!(out, "{name:16} {}", plain(text));
        let written = self.interactions.as_ref().map(|read| &read.written);
        if let Some(written) = written.or(self.items.as_ref().map(|read| &read.written)) {
            let header = if written.header { "header" } else { "no header" };
            let separator =
                written.separator.as_ref().map_or(String::new(), |by| format!(", fields between {by}"));
            let packed: String = written.packed.iter().map(|packing| format!(", in {packing}")).collect();
            line("file", format!("{}{separator}, {}, {header}{packed}", written.form, written.encoding))?;
        }
        writeln!(out)?;
        sample::print(&self.sample, out)?;
        writeln!(out)?;
        let mut line = |name: &str, text: String| writeln!(out, "{name:16} {}", plain(text));
        if let Some(read) = &self.interactions {
            let names: Vec<String> = (read.columns.iter())
                .map(|column| {
                    format!(
                        "{} = col {}{}",
                        column.role,
                        column.number,
                        column.name.as_ref().map_or(String::new(), |name| format!(" {name:?}"))
                    )
                })
                .collect();
            line("columns", names.join(", "))?;
            line(
                "interactions",
                format!("{} of {} users and {} items", read.interactions, read.users, read.items),
            )?;
            line("repeated", read.repeated.to_string())?;
            line("density", format!("{:.4} %", 100.0 * self.density.unwrap_or_default()))?;
            line("ids", format!("of users: {}; of items: {}", read.user_ids.name(), read.item_ids.name()))?;
            match &read.times {
                Some(times) => line("times", format!("{} to {}, in {}", times.from, times.to, times.unit)),
                None => line("times", "none: what is popular stands in for what is trending".into()),
            }?;
            read.left_out.iter().try_for_each(|kind| line("odd lines", kind.describe()))?;
            read.notes.iter().try_for_each(|note| line("note", note.clone()))?;
        }
        if let Some(read) = &self.items {
            line("items", format!("{} in {}", read.items, read.file))?;
            read.columns.iter().try_for_each(|(name, what)| line("", format!("{name}: {what}")))?;
            read.notes.iter().try_for_each(|note| line("note", note.clone()))?;
        }
        if let Some(Matching { matched, of, warning }) = &self.matching {
            line("matching", format!("{matched} of {of} items have a line"))?;
            warning.iter().try_for_each(|warning| line("warning", warning.clone()))?;
        }
        writeln!(out, "\ngo on with: {}", plain(&self.command))
    }
}
