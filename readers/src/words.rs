//! Tables of words, and what a teacher's helper wrote of its tokens: safetensors files both.
//!
//! A table has `words.tokens` U8 with `words.tokens.offsets` U32 [tokens + 1], `words.rows` U8 [rows, dim * bits / 8] and
//! `words.scales` F32 [rows]; its metadata `format=foldin-words`, `format_version`, `id`, `dim`, `bits`, the four rules of
//! [`Rules`], `teacher` and `licence`.

mod teacher;

use crate::items::ItemTable;
use foldin::error::{Error, Problem, Result};
use foldin_lab::cold_start::texts;
use foldin_words::{Damaged, Parts, Rules, Table, halves, plain};
use ndarray::Array2;
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;
use std::path::Path;

pub use foldin_words::Shelf;
pub use teacher::{Teacher, read_teacher};

/// What the metadata say that the file is.
pub const FORMAT: &str = "foldin-words";
/// The version of the format.
pub const VERSION: &str = "1";

/// How much of a wish's other half is taken away.
const AGAINST: f32 = 1.0;

/// A table as read.
pub struct Words {
    /// Tokens and their vectors.
    pub table: Table,
    /// What is done with a text before.
    pub rules: Rules,
    /// What tells the table from others.
    pub id: String,
}

/// What a table makes of a catalogue.
pub struct Told {
    /// [items, dim + frequent + 1]
    pub inputs: Array2<f32>,
    /// The table's numbers of the frequent tokens.
    pub frequent: Vec<u32>,
}

/// Reads and checks a table.
///
/// # Errors
/// [`foldin::Problem::Io`] for what the system refuses, [`foldin::Problem::Format`] for what is no table.
pub fn read(path: &Path) -> Result<Words> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    of_bytes(&bytes).map_err(|error| error.inside(path))
}

fn of_bytes(bytes: &[u8]) -> Result<Words> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| wrong("file", "a table of words", error))?;
    let metadata = metadata_of(bytes)?;
    let said = |key: &str| metadata.get(key).map(String::as_str).unwrap_or_default();
    expect("format", FORMAT, said("format"))?;
    expect("format_version", VERSION, said("format_version"))?;
    let number = |key: &str| said(key).parse().map_err(|_| wrong(key, "a whole number", said(key)));
    let tensor = |name: &str, dtype: Dtype| match file.tensor(name) {
        Ok(tensor) if tensor.dtype() == dtype => Ok(tensor.data().to_vec()),
        Ok(tensor) => Err(wrong(name, format_args!("{dtype:?}"), format_args!("{:?}", tensor.dtype()))),
        Err(_) => Err(wrong(name, "a tensor of that name", "none")),
    };
    let fours = |bytes: &[u8]| bytes.as_chunks::<4>().0.to_vec();
    let parts = Parts {
        tokens: tensor("words.tokens", Dtype::U8)?,
        offsets: fours(&tensor("words.tokens.offsets", Dtype::U32)?)
            .into_iter()
            .map(u32::from_le_bytes)
            .collect(),
        rows: tensor("words.rows", Dtype::U8)?,
        scales: fours(&tensor("words.scales", Dtype::F32)?).into_iter().map(f32::from_le_bytes).collect(),
        dim: number("dim")? as usize,
        bits: number("bits")?,
    };
    let is = |key: &str| match said(key) {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(wrong(key, "true or false", other)),
    };
    let rules = Rules {
        clean_text: is("clean_text")?,
        chinese_characters: is("chinese_characters")?,
        strip_accents: is("strip_accents")?,
        lowercase: is("lowercase")?,
    };
    let id = said("id").to_owned();
    if id.is_empty() {
        return Err(wrong("id", "a table's id", "none"));
    }
    let table = Table::new(parts).map_err(|Damaged { what, expected }| wrong(what, expected, "others"))?;
    Ok(Words { table, rules, id })
}

impl Words {
    /// A text's words as the table has them.
    pub fn plain(&self, text: &str) -> String {
        plain(text, self.rules)
    }

    /// What an item is about, for a [`Shelf`] [dim]; empty where no word is known. Tags count twice: they say what an item is
    /// about, titles are names.
    pub fn of_item(&self, title: &str, tags: &str) -> Vec<f32> {
        let [title, tags] = [title, tags].map(|text| self.plain(text));
        self.table.vector(&format!("{title}\n{tags}\n{tags}"))
    }

    /// Where a question points, for [`Shelf::nearest`] [dim].
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] where nothing in it is known.
    pub fn of_query(&self, text: &str) -> Result<Vec<f32>> {
        let vector = self.table.vector(&self.plain(text));
        if vector.is_empty() { Err(unknown()) } else { Ok(vector) }
    }

    /// What is learned from of the items with these ids. Tokens of their tags are those that are frequent, where there are
    /// tags: what is common in titles is mostly not what they are about.
    pub fn told(&self, items: &ItemTable, ids: &[String]) -> Told {
        let tokens = |texts: &[String]| -> Vec<Vec<u32>> {
            texts.iter().map(|text| self.table.tokens_of(&self.plain(text))).collect()
        };
        let texts = items.texts_for(ids);
        let mut frequent = texts::frequent(&tokens(&items.tags_for(ids)));
        if frequent.is_empty() {
            frequent = texts::frequent(&tokens(&texts));
        }
        let rows: Vec<f32> =
            texts.iter().flat_map(|text| self.table.inputs(&self.plain(text), &frequent)).collect();
        let shape = (ids.len(), self.table.dim() + frequent.len() + 1);
        Told { inputs: Array2::from_shape_vec(shape, rows).expect("a row an item"), frequent }
    }

    /// What maps from texts take of an item's or a seeker's text; an error where nothing in it is known.
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`].
    pub fn inputs(&self, text: &str, frequent: &[u32]) -> Result<Vec<f32>> {
        let words = self.plain(text);
        match self.table.vector(&words).is_empty() {
            true => Err(unknown()),
            false => Ok(self.table.inputs(&words, frequent)),
        }
    }

    /// The same of a wish, of which one half may deny: "I like robots, but not horror".
    ///
    /// # Errors
    /// As [`Words::inputs`].
    pub fn wish(&self, text: &str, frequent: &[u32]) -> Result<Vec<f32>> {
        let [wished, not] = halves(&self.plain(text)).map(|half| self.table.inputs(&half, frequent));
        let mut inputs: Vec<f32> =
            wished.iter().zip(&not).map(|(wished, not)| wished - AGAINST * not).collect();
        // A year that is denied says nothing of others.
        inputs.last_mut().zip(wished.last()).into_iter().for_each(|(year, wished)| *year = *wished);
        if inputs.iter().all(|&v| v == 0.0) { Err(unknown()) } else { Ok(inputs) }
    }
}

fn unknown() -> Error {
    Error::argument("text", "a word that the table knows", "none")
}

fn metadata_of(bytes: &[u8]) -> Result<HashMap<String, String>> {
    let read =
        SafeTensors::read_metadata(bytes).map_err(|error| wrong("file", "a safetensors file", error))?;
    Ok(read.1.metadata().clone().unwrap_or_default())
}

fn expect(what: &str, expected: &str, found: &str) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(wrong(what, expected, if found.is_empty() { "none" } else { found }))
    }
}

fn wrong(what: &str, expected: impl std::fmt::Display, found: impl std::fmt::Display) -> Error {
    let [what, expected, found] = [what.to_owned(), expected.to_string(), found.to_string()];
    Problem::Format { what, expected, found, remedy: "make the table with `foldin words`" }.into()
}
