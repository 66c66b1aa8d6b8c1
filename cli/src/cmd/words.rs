//! `foldin words`: a sentence encoder's sense of words, in a table that a page can fetch.

use crate::data::words::{self, FORMAT, Teacher, VERSION};
use crate::data::{Input, items};
use crate::output;
use crate::publish::publish;
use foldin::{Error, Result};
use foldin_lab::distil::{distil, frequency};
use foldin_words::{Tokens, plain};
use ndarray::Axis;
use safetensors::{Dtype, tensor::TensorView};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::PathBuf;

/// Distil a sentence encoder into a table of words: a vector for each token.
///
/// TEACHER is what the helper `teacher.py` of foldin's Python package writes of an encoder: what it makes of each token alone,
/// and its tokeniser (WordPiece). The table keeps the principal axes, weighs tokens by how rare they are, and rounds. `foldin train --words`
/// learns from it; a page loads it for search by meaning, wishes and new items.
#[derive(clap::Args)]
#[command(after_help = "Example:
  python -m foldin.teacher all-MiniLM-L6-v2/ -o teacher.safetensors
  foldin words teacher.safetensors --catalogue movies.csv -o words.safetensors
  foldin train ratings.csv --items movies.csv --words words.safetensors -o movies.safetensors
  foldin recommend movies.safetensors --words words.safetensors --text \"slow space operas, but no war\"")]
pub struct Words {
    /// What teacher.py wrote (.safetensors).
    teacher: PathBuf,
    /// Where to write the table (.safetensors).
    #[arg(short, long, value_name = "TABLE")]
    output: PathBuf,
    /// Items whose titles, descriptions and tags must be understood: their tokens are kept before all others.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<Input>,
    /// Most tokens that have a vector; the vocabulary stays whole, so that texts are cut as the teacher cuts them.
    #[arg(long, value_name = "TOKENS", default_value_t = 20_000)]
    tokens: usize,
    /// Numbers of a vector.
    #[arg(long, default_value_t = 128, value_parser = dim)]
    dim: usize,
    /// Bits of a number.
    #[arg(long, default_value_t = 4, value_parser = bits)]
    bits: u32,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

fn dim(given: &str) -> std::result::Result<usize, String> {
    let even = given.parse().ok().filter(|&dim: &usize| (2..=1024).contains(&dim) && dim.is_multiple_of(2));
    even.ok_or_else(|| "expected an even number from 2 to 1024".into())
}

fn bits(given: &str) -> std::result::Result<u32, String> {
    given.parse().ok().filter(|bits| matches!(bits, 4 | 8)).ok_or_else(|| "expected 4 or 8".into())
}

/// What was written.
#[derive(Serialize)]
struct Report<'a> {
    table: &'a PathBuf,
    teacher: String,
    licence: String,
    /// Tokens with a vector, and all.
    tokens: [usize; 2],
    dim: usize,
    bits: u32,
    /// Of the teacher's variance.
    kept: f64,
    bytes: usize,
    id: String,
}

impl Words {
    pub fn run(self) -> Result<()> {
        let teacher = words::read_teacher(&self.teacher)?;
        if self.dim > teacher.vectors.ncols() {
            let most = format_args!("at most {}, as the teacher has", teacher.vectors.ncols());
            return Err(Error::argument("dim", most, self.dim));
        }
        let mut order = self.order(&teacher)?;
        let kept = self.tokens.clamp(1, order.ordinary);
        let (rows, others) = order.tokens.split_at_mut(kept);
        for part in [rows, others] {
            part.sort_unstable_by_key(|&token| &teacher.tokens[token]);
        }
        let numbers = &order.tokens[..kept];
        let frequencies: Vec<f64> =
            numbers.iter().map(|&token| frequency(order.places[token], order.ordinary)).collect();
        let rows = distil(teacher.vectors.select(Axis(0), numbers).view(), &frequencies, self.dim, self.bits);
        let texts: Vec<&str> = order.tokens.iter().map(|&token| teacher.tokens[token].as_str()).collect();
        let file = Table { texts: &texts, bytes: &rows.bytes, scales: &rows.scales };
        let (bytes, id) = file.packed(&teacher, self.dim, self.bits);
        publish(&self.output, &[&bytes])?;
        let report = Report {
            table: &self.output,
            tokens: [kept, texts.len()],
            dim: self.dim,
            bits: self.bits,
            kept: rows.kept,
            bytes: bytes.len(),
            id,
            teacher: teacher.name,
            licence: teacher.licence,
        };
        if self.json { output::json(&report) } else { output::print(|out| report.print(out)) }
    }

    /// The catalogue's tokens first, then by the teacher's order; what is no part of a text, last.
    fn order(&self, teacher: &Teacher) -> Result<Order> {
        let is_ordinary = |token: usize| {
            let text = &teacher.tokens[token];
            !(text.len() > 2 && text.starts_with('[') && text.ends_with(']'))
        };
        let (ordinary, special): (Vec<usize>, Vec<usize>) =
            (0..teacher.tokens.len()).partition(|&token| is_ordinary(token));
        let mut places = vec![usize::MAX; teacher.tokens.len()];
        ordinary.iter().enumerate().for_each(|(place, &token)| places[token] = place);
        let wanted = self.of_catalogue(teacher)?;
        let (mut tokens, others): (Vec<usize>, Vec<usize>) =
            ordinary.iter().partition(|token| wanted.contains(*token));
        tokens.extend(others.into_iter().chain(special));
        Ok(Order { ordinary: ordinary.len(), tokens, places })
    }

    /// The tokens that the catalogue's texts have.
    fn of_catalogue(&self, teacher: &Teacher) -> Result<HashSet<usize>> {
        let Some(file) = &self.catalogue else { return Ok(HashSet::new()) };
        let table = items::read(file.clone())?;
        output::remark(table.read_as().describe());
        let mut numbers: Vec<usize> = (0..teacher.tokens.len()).collect();
        numbers.sort_unstable_by_key(|&token| &teacher.tokens[token]);
        let texts: Vec<&str> = numbers.iter().map(|&token| teacher.tokens[token].as_str()).collect();
        let (text, offsets) = strings(&texts);
        let tokens = Tokens::new(text, offsets, texts.len()).expect("the teacher's, in order");
        let ids: Vec<String> = table.ids().map(String::from).collect();
        let words: Vec<String> =
            table.texts_for(&ids).iter().map(|text| plain(text, teacher.rules)).collect();
        let found = words.iter().flat_map(|words| words.split(' ')).flat_map(|word| tokens.of_word(word));
        Ok(found.map(|token| numbers[token as usize]).collect())
    }
}

/// The teacher's tokens in the table's order.
struct Order {
    tokens: Vec<usize>,
    /// How many of them stand for texts.
    ordinary: usize,
    /// Where each token stands among these, the most frequent first.
    places: Vec<usize>,
}

/// Texts one behind the other, and where each begins and the last ends.
fn strings(texts: &[&str]) -> (Vec<u8>, Vec<u32>) {
    let mut offsets = vec![0];
    texts.iter().for_each(|text| offsets.push(offsets[offsets.len() - 1] + text.len() as u32));
    (texts.concat().into_bytes(), offsets)
}

/// A table to be written.
struct Table<'a> {
    texts: &'a [&'a str],
    bytes: &'a [u8],
    scales: &'a [f32],
}

impl Table<'_> {
    /// The file's bytes, and the id that tells it from others.
    fn packed(&self, teacher: &Teacher, dim: usize, bits: u32) -> (Vec<u8>, String) {
        let (text, offsets) = strings(self.texts);
        let offsets: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
        let scales: Vec<u8> = self.scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
        let rows = self.scales.len();
        let tensors: [(&str, Dtype, Vec<usize>, &[u8]); 4] = [
            ("words.tokens", Dtype::U8, vec![text.len()], &text),
            ("words.tokens.offsets", Dtype::U32, vec![self.texts.len() + 1], &offsets),
            ("words.rows", Dtype::U8, vec![rows, self.bytes.len() / rows], self.bytes),
            ("words.scales", Dtype::F32, vec![rows], &scales),
        ];
        let mut hash = Sha256::new();
        tensors.iter().for_each(|(.., data)| hash.update(data));
        let id: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let rules = teacher.rules;
        let metadata: HashMap<String, String> = [
            ("format", FORMAT.to_owned()),
            ("format_version", VERSION.to_owned()),
            ("id", id.clone()),
            ("teacher", teacher.name.clone()),
            ("licence", teacher.licence.clone()),
            ("dim", dim.to_string()),
            ("bits", bits.to_string()),
            ("clean_text", rules.clean_text.to_string()),
            ("chinese_characters", rules.chinese_characters.to_string()),
            ("strip_accents", rules.strip_accents.to_string()),
            ("lowercase", rules.lowercase.to_string()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let views = tensors.map(|(name, dtype, shape, data)| {
            (name, TensorView::new(dtype, shape, data).expect("as long as told"))
        });
        (safetensors::serialize(views, Some(metadata)).expect("tensors and texts"), id)
    }
}

impl Report<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let [rows, tokens] = self.tokens;
        writeln!(out, "{:16} {}", "table", self.table.display())?;
        writeln!(out, "{:16} {}, {}", "teacher", output::plain(&self.teacher), output::plain(&self.licence))?;
        writeln!(out, "{:16} {rows} of {tokens} have a vector", "tokens")?;
        writeln!(
            out,
            "{:16} {} of {} bits, {:.1} % of the variance",
            "numbers",
            self.dim,
            self.bits,
            100.0 * self.kept
        )?;
        writeln!(out, "{:16} {}", "bytes", self.bytes)?;
        writeln!(out, "{:16} {}", "id", self.id)
    }
}
