//! Plain words: what BERT's tokeniser does before it cuts words, with the same tables of Unicode as Hugging Face's `tokenizers`.

use unicode_categories::UnicodeCategories;
use unicode_normalization::UnicodeNormalization;

/// What is done with a text's letters, as a teacher's `BertNormalizer` says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rules {
    /// Control characters go.
    pub clean_text: bool,
    /// Chinese characters stand alone.
    pub chinese_characters: bool,
    /// Accents go.
    pub strip_accents: bool,
    /// Letters become small.
    pub lowercase: bool,
}

/// A text's words and marks of punctuation, with a blank between them.
pub fn plain(text: &str, rules: Rules) -> String {
    let kept = |&c: &char| !rules.clean_text || !(c == '\0' || c == '\u{fffd}' || is_control(c));
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars().filter(kept) {
        match rules.chinese_characters && is_chinese(c) {
            true => spaced.extend([' ', c, ' ']),
            false => spaced.push(c),
        }
    }
    if rules.strip_accents {
        spaced = spaced.nfd().filter(|c| !c.is_mark_nonspacing()).collect();
    }
    if rules.lowercase {
        spaced = spaced.chars().flat_map(char::to_lowercase).collect();
    }
    let mut words = String::with_capacity(spaced.len());
    let mut apart = true;
    for c in spaced.chars() {
        let alone = c.is_ascii_punctuation() || c.is_punctuation();
        if c.is_whitespace() {
            apart = true;
            continue;
        }
        if (apart || alone) && !words.is_empty() {
            words.push(' ');
        }
        words.push(c);
        apart = alone;
    }
    words
}

fn is_control(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r') && c.is_other()
}

/// Whether it is among the blocks of CJK ideographs that BERT's authors chose.
fn is_chinese(c: char) -> bool {
    matches!(
        u32::from(c),
        0x4E00..=0x9FFF
            | 0x3400..=0x4DBF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2B73F
            | 0x2B740..=0x2B81F
            | 0x2B920..=0x2CEAF
            | 0xF900..=0xFAFF
            | 0x2F800..=0x2FA1F
    )
}
