//! What people say of what they look for, as a model takes it.

use crate::data::words::{self, Shelf, Words};
use foldin::{Error, Model, Result};
use foldin_lab::cold_start::Texts;
use foldin_lab::cold_start::texts::TABLE;
use std::path::PathBuf;

/// A text, and the table that knows its words.
#[derive(clap::Args)]
pub struct TextArgs {
    /// What is looked for, in words: "slow space operas with robots, but no war".
    #[arg(long, requires = "words")]
    text: Option<String>,
    /// The table of words that the model was trained with (`foldin train --words`).
    #[arg(long, value_name = "TABLE", requires = "text")]
    words: Option<PathBuf>,
}

impl TextArgs {
    /// What is believed of a visitor who wishes for it.
    ///
    /// # Errors
    /// As [`belief`], and for a damaged table.
    pub fn belief(&self, model: &Model) -> Result<Option<Vec<f32>>> {
        self.asked(|text, words| belief(model, words, text))
    }

    /// The factor of an item that is so described.
    ///
    /// # Errors
    /// As [`TextArgs::belief`].
    pub fn factor(&self, model: &Model) -> Result<Option<Vec<f32>>> {
        self.asked(|text, words| factor(model, words, text))
    }

    fn asked(&self, ask: impl FnOnce(&str, &Words) -> Result<Vec<f32>>) -> Result<Option<Vec<f32>>> {
        let Some((text, path)) = self.text.as_deref().zip(self.words.as_deref()) else { return Ok(None) };
        ask(text, &words::read(path)?).map(Some)
    }
}

/// What is believed of a visitor who wishes for a text [dim].
///
/// # Errors
/// For a model that learned from no words or from another table's, and a text without a known word.
pub fn belief(model: &Model, words: &Words, text: &str) -> Result<Vec<f32>> {
    let texts = learned(model, words)?;
    texts.belief(&words.wish(text, &texts.frequent)?)
}

/// The factor of an item that a text describes [dim].
///
/// # Errors
/// As [`belief`].
pub fn factor(model: &Model, words: &Words, text: &str) -> Result<Vec<f32>> {
    let texts = learned(model, words)?;
    texts.factor(&words.inputs(text, &texts.frequent)?)
}

/// A model's items by what they are about, as a page puts them there; any model's with titles or tags.
pub fn shelf(model: &Model, words: &Words) -> Shelf {
    let (catalog, mut shelf) = (model.catalog(), Shelf::new(words.table.dim()));
    for item in 0..model.items() as u32 {
        let names =
            |column| catalog.tag_codes(column, item).iter().map(|&code| catalog.tag_name(column, code));
        let tags: Vec<&str> = catalog.tag_columns().iter().flat_map(|(_, column)| names(column)).collect();
        shelf.add(item, &words.of_item(catalog.title(item).unwrap_or_default(), &tags.join(" ")));
    }
    shelf
}

/// What the model learned from the table.
fn learned(model: &Model, words: &Words) -> Result<Texts> {
    let texts = Texts::required(model.room())?;
    let trained = model.room().note(TABLE).unwrap_or_default();
    if words.id != trained {
        let expected = format_args!("the table that the model was trained with, {trained}");
        return Err(Error::argument("words", expected, &words.id));
    }
    Ok(texts)
}
