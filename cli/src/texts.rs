//! What people say of what they look for, as a model takes it.

use crate::data::words;
use foldin::{Error, Model, Result};
use foldin_lab::cold_start::Texts;
use foldin_lab::cold_start::texts::TABLE;
use std::path::{Path, PathBuf};

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
    /// For a model that learned from no words or from another table's, a damaged table, and a text without a known word.
    pub fn belief(&self, model: &Model) -> Result<Option<Vec<f32>>> {
        let Some((text, path)) = self.text.as_deref().zip(self.words.as_deref()) else { return Ok(None) };
        let (texts, words) = open(model, path)?;
        texts.belief(&words.wish(text, &texts.frequent)?).map(Some)
    }

    /// The factor of an item that is so described.
    ///
    /// # Errors
    /// As [`TextArgs::belief`].
    pub fn factor(&self, model: &Model) -> Result<Option<Vec<f32>>> {
        let Some((text, path)) = self.text.as_deref().zip(self.words.as_deref()) else { return Ok(None) };
        let (texts, words) = open(model, path)?;
        texts.factor(&words.inputs(text, &texts.frequent)?).map(Some)
    }
}

/// What the model learned from words, and the table that it learned them of.
fn open(model: &Model, path: &Path) -> Result<(Texts, words::Words)> {
    let texts = Texts::required(model.room())?;
    let words = words::read(path)?;
    let trained = model.room().note(TABLE).unwrap_or_default();
    if words.id != trained {
        let expected = format_args!("the table that the model was trained with, {trained}");
        return Err(Error::argument("words", expected, &words.id));
    }
    Ok((texts, words))
}
