//! What the helper in Python wrote: the encoder's vector of each token, with its tokeniser.

use super::{expect, metadata_of, wrong};
use foldin::error::{Error, Result};
use foldin_words::Rules;
use ndarray::Array2;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// A teacher's vocabulary.
pub struct Teacher {
    /// Its tokens, by their numbers.
    pub tokens: Vec<String>,
    /// What the encoder makes of each alone, [tokens, width].
    pub vectors: Array2<f32>,
    /// What its tokeniser does with a text.
    pub rules: Rules,
    /// Its name.
    pub name: String,
    /// The licence that it is under.
    pub licence: String,
}

/// The parts of `tokenizer.json` that count.
#[derive(Deserialize)]
struct Tokenizer {
    model: Model,
    normalizer: Normalizer,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: String,
    vocab: HashMap<String, usize>,
}

#[derive(Deserialize)]
struct Normalizer {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    clean_text: bool,
    #[serde(default)]
    handle_chinese_chars: bool,
    #[serde(default)]
    strip_accents: Option<bool>,
    #[serde(default)]
    lowercase: bool,
}

/// Reads and checks what the helper wrote.
///
/// # Errors
/// [`foldin::Problem::Io`] for what the system refuses, [`foldin::Problem::Format`] for another file, another kind of tokeniser,
/// and vectors that do not belong to its vocabulary or are not finite.
pub fn read_teacher(path: &Path) -> Result<Teacher> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    of_bytes(&bytes).map_err(|error| error.inside(path))
}

fn of_bytes(bytes: &[u8]) -> Result<Teacher> {
    let found = |error| wrong("file", "what python/foldin/teacher.py writes", error);
    let file = SafeTensors::deserialize(bytes).map_err(found)?;
    let mut metadata = metadata_of(bytes)?;
    expect("format", "foldin-teacher", metadata.get("format").map(String::as_str).unwrap_or_default())?;
    let mut take = |key: &str| metadata.remove(key).ok_or_else(|| wrong(key, "a text", "none"));
    let json = take("tokenizer")?;
    let Tokenizer { model, normalizer } = serde_json::from_str(&json)
        .map_err(|error| wrong("tokenizer", "a WordPiece tokeniser with a BertNormalizer", error))?;
    expect("tokenizer's model", "WordPiece", &model.kind)?;
    expect("tokenizer's normalizer", "BertNormalizer", &normalizer.kind)?;
    let tensor =
        file.tensor("embeddings").map_err(|_| wrong("embeddings", "a tensor of that name", "none"))?;
    let (shape, count) = (tensor.shape(), model.vocab.len());
    if tensor.dtype() != Dtype::F32 || shape.len() != 2 || shape[0] != count || shape[1] == 0 {
        let expected = format_args!("F32 [{count}, width]");
        return Err(wrong("embeddings", expected, format_args!("{:?} {shape:?}", tensor.dtype())));
    }
    let values: Vec<f32> = tensor.data().as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect();
    if !values.iter().all(|v| v.abs() < 1e6) {
        return Err(wrong("embeddings", "numbers below a million", "others"));
    }
    let mut tokens = vec![String::new(); count];
    for (token, number) in model.vocab {
        let place = tokens.get_mut(number).filter(|place| place.is_empty() && !token.is_empty());
        *place.ok_or_else(|| wrong("tokenizer's vocabulary", "each number from 0 once", number))? = token;
    }
    Ok(Teacher {
        vectors: Array2::from_shape_vec((count, shape[1]), values).expect("as many as the shape says"),
        tokens,
        rules: Rules {
            clean_text: normalizer.clean_text,
            chinese_characters: normalizer.handle_chinese_chars,
            strip_accents: normalizer.strip_accents.unwrap_or(normalizer.lowercase),
            lowercase: normalizer.lowercase,
        },
        name: take("teacher")?,
        licence: take("licence")?,
    })
}
