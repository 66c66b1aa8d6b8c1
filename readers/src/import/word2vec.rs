//! word2vec's text format, as gensim writes it: a line `words dim`, then a line a word with its numbers; and GloVe's,
//! which is the same without the first line.

use super::super::delimited::MAX_RECORD;
use super::super::source::{Source, failed};
use super::vectors::Vectors;
use super::{Options, damaged, refused};
use foldin::error::Result;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// How many words a file has, and numbers a word, as its first line says.
pub(super) fn sizes(line: &str) -> Option<(usize, usize)> {
    let mut words = line.split_whitespace().map(str::parse::<usize>);
    match (words.next(), words.next(), words.next()) {
        (Some(Ok(words)), Some(Ok(dim)), None) => Some((words, dim)),
        _ => None,
    }
}

/// Whether a line is a word and numbers, with blanks between them.
pub(super) fn is_vector(line: &str) -> bool {
    let mut words = line.split([' ', '\t']);
    let has_word = words.next().is_some_and(|word| !word.is_empty());
    let numbers: Vec<&str> = words.collect();
    let all = numbers.iter().all(|word| word.parse::<f32>().is_ok());
    has_word && line.contains(' ') && numbers.len() > 1 && all
}

pub(super) fn read(path: &Path, options: &Options) -> Result<Vectors> {
    let source = Source::open(&path.into(), options.max_bytes)?;
    let mut reader = BufReader::new(source.reader);
    let mut line = String::new();
    next_line(path, &mut reader, &mut line)?;
    let first = line.trim_start_matches('\u{feff}').trim().to_owned();
    let sizes = sizes(&first);
    let dim = sizes.map_or(first.split([' ', '\t']).count() - 1, |(_, dim)| dim);
    let mut vectors = Vectors::default();
    let (mut found, mut at) = (0, 1);
    if sizes.is_none() {
        add(&mut vectors, &first, dim, format!("{}:1", path.display()))?;
        found = 1;
    }
    while next_line(path, &mut reader, &mut line)? {
        at += 1;
        if line.trim().is_empty() {
            continue;
        }
        found += 1;
        if sizes.is_some_and(|(words, _)| found > words) {
            return Err(damaged(path, format!("more than the {} words that it announces", found - 1)));
        }
        add(&mut vectors, &line, dim, format!("{}:{at}", path.display()))?;
    }
    match sizes {
        Some((words, _)) if found < words => {
            Err(damaged(path, format!("expected {words} words, found {found}")))
        }
        _ => Ok(vectors),
    }
}

/// Adds the word of a line. It may hold blanks; the numbers are the last of the line.
fn add(vectors: &mut Vectors, line: &str, dim: usize, place: String) -> Result<()> {
    let mut fields = line.trim_end().rsplitn(dim.saturating_add(1), [' ', '\t']);
    let mut numbers: Vec<f32> = Vec::new();
    for field in fields.by_ref().take(dim) {
        numbers.push(field.parse().map_err(|_| {
            refused(&place, format!("expected a word and {dim} numbers, found {field:?}"), "save it again")
        })?);
    }
    let word = fields.next().filter(|word| !word.is_empty()).ok_or_else(|| {
        let problem = format!("expected a word and {dim} numbers, found {}", numbers.len());
        refused(&place, problem, "save it again")
    })?;
    vectors.push(word.to_owned(), numbers.into_iter().rev(), || place.clone())
}

/// Reads the next line, of bounded length; false at the end.
fn next_line(path: &Path, reader: &mut dyn BufRead, line: &mut String) -> Result<bool> {
    line.clear();
    let read = reader.take(MAX_RECORD as u64).read_line(line).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => damaged(path, error),
        _ => failed(&path.display().to_string())(error),
    })?;
    match read < MAX_RECORD {
        true => Ok(read > 0),
        false => Err(damaged(path, "a line of more than 1 MiB")),
    }
}
