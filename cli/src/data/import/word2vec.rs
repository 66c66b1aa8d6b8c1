//! word2vec's text format, as gensim writes it: a line `words dim`, then a line a word with its numbers.

use super::super::table::MAX_RECORD;
use super::vectors::Vectors;
use super::{damaged, refused};
use foldin::error::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

pub(super) fn read(path: &Path) -> Result<Vectors> {
    let mut reader = open(path)?;
    let mut line = String::new();
    next_line(path, &mut reader, &mut line)?;
    let mut sizes = line.split_whitespace().map(str::parse::<usize>);
    let (Some(Ok(words)), Some(Ok(dim))) = (sizes.next(), sizes.next()) else {
        return Err(damaged(path, "no sizes in the first line"));
    };
    let mut vectors = Vectors::default();
    for number in 0..words {
        let place = || format!("{}:{}", path.display(), number + 2);
        if !next_line(path, &mut reader, &mut line)? {
            return Err(damaged(path, format!("expected {words} words, found {number}")));
        }
        // A word may hold blanks; the numbers are the last of the line.
        let mut fields = line.trim_end().rsplitn(dim + 1, ' ');
        let mut numbers: Vec<f32> = Vec::new();
        for field in fields.by_ref().take(dim) {
            numbers.push(field.parse().map_err(|_| {
                refused(
                    place(),
                    format!("expected a word and {dim} numbers, found {field:?}"),
                    "save it again",
                )
            })?);
        }
        let word = fields.next().filter(|word| !word.is_empty()).ok_or_else(|| {
            let problem = format!("expected a word and {dim} numbers, found {}", numbers.len());
            refused(place(), problem, "save it again")
        })?;
        vectors.push(word.to_owned(), numbers.into_iter().rev(), place)?;
    }
    match next_line(path, &mut reader, &mut line)? && !line.trim().is_empty() {
        true => Err(damaged(path, format!("more than the {words} words that it announces"))),
        false => Ok(vectors),
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path).map_err(Error::io(path))?);
    match file.fill_buf().map_err(Error::io(path))?.starts_with(&[0x1f, 0x8b]) {
        true => Ok(Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(file)))),
        false => Ok(Box::new(file)),
    }
}

/// Reads the next line, of bounded length; false at the end.
fn next_line(path: &Path, reader: &mut dyn BufRead, line: &mut String) -> Result<bool> {
    line.clear();
    let read = reader.take(MAX_RECORD as u64).read_line(line).map_err(|error| damaged(path, error))?;
    match read < MAX_RECORD {
        true => Ok(read > 0),
        false => Err(damaged(path, "a line of more than 1 MiB")),
    }
}
