//! The first records of a file, as a table for people.

use crate::data::look::Sample;
use crate::output::plain;
use std::io::{self, Write};

/// Characters of a cell that are shown.
const WIDTH: usize = 24;

/// As a table for people.
pub fn print(sample: &Sample, out: &mut dyn Write) -> io::Result<()> {
    let shortened = |text: &str| match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}...", plain(&text[..end])),
        None => plain(text),
    };
    let heads = sample.columns.iter().map(|column| shortened(&column.name)).collect::<Vec<_>>();
    let roles =
        sample.columns.iter().map(|column| column.role.map_or("-".to_owned(), |role| format!("<{role}>")));
    let rows = sample.rows.iter().map(|row| row.iter().map(|cell| shortened(cell)).collect());
    let lines: Vec<Vec<String>> = [heads, roles.collect()].into_iter().chain(rows).collect();
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..sample.columns.len().min(12)).map(width).collect();
    lines.iter().try_for_each(|line| {
        let cells = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())
    })
}
