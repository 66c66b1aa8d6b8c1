//! WordPiece (Schuster and Nakajima, "Japanese and Korean voice search", 2012, as BERT has it): a word is cut into the longest
//! tokens that there are, from its beginning on.

use crate::REMEDY;
use foldin::error::{Error, Result};

/// What a token begins with that goes on within a word.
pub(crate) const WITHIN: &str = "##";

/// Letters of the longest word that is cut; a longer one is unknown.
const LONGEST_WORD: usize = 100;

/// A vocabulary.
pub struct Tokens {
    /// One behind the other.
    text: String,
    /// Where each begins, and the last ends.
    offsets: Vec<u32>,
    /// Their numbers, in the order of their texts.
    order: Vec<u32>,
    /// Bytes of the longest.
    longest: usize,
}

impl Tokens {
    /// Of UTF-8 texts one behind the other, each from one of the offsets to the next.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for offsets that do not cut the text, and for a token that stands twice.
    pub fn new(text: Vec<u8>, offsets: Vec<u32>) -> Result<Tokens> {
        let wrong = |expected: &str, found: &str| Error::format("words.tokens", expected, found, REMEDY);
        let text = String::from_utf8(text).map_err(|_| wrong("UTF-8", "other bytes"))?;
        let cuts = offsets.first() == Some(&0)
            && offsets.last().is_some_and(|&end| end as usize == text.len())
            && offsets.windows(2).all(|pair| pair[0] < pair[1] && text.is_char_boundary(pair[1] as usize));
        if !cuts {
            return Err(wrong("offsets that cut it into tokens", "others"));
        }
        let mut tokens = Tokens { text, order: (0..offsets.len() as u32 - 1).collect(), offsets, longest: 0 };
        tokens.longest = tokens.iter().map(str::len).max().unwrap_or(0);
        let mut order = std::mem::take(&mut tokens.order);
        order.sort_unstable_by_key(|&token| tokens.get(token));
        if order.windows(2).any(|pair| tokens.get(pair[0]) == tokens.get(pair[1])) {
            return Err(wrong("tokens that differ", "one that stands twice"));
        }
        tokens.order = order;
        Ok(tokens)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The text of a token.
    ///
    /// # Panics
    /// For a number that none has.
    pub fn get(&self, token: u32) -> &str {
        let at = token as usize;
        &self.text[self.offsets[at] as usize..self.offsets[at + 1] as usize]
    }

    /// All, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.order.len() as u32).map(|token| self.get(token))
    }

    fn find(&self, text: &str) -> Option<u32> {
        let at = self.order.binary_search_by_key(&text, |&token| self.get(token)).ok()?;
        Some(self.order[at])
    }

    /// The tokens of a word without blanks; none where a part of it is no token.
    pub fn of_word(&self, word: &str) -> Vec<u32> {
        let mut found = Vec::new();
        if word.chars().nth(LONGEST_WORD).is_some() {
            return found;
        }
        let (mut from, mut rest) = (0, String::new());
        while from < word.len() {
            rest.clear();
            rest.push_str(if from == 0 { "" } else { WITHIN });
            let mark = rest.len();
            rest.push_str(&word[from..]);
            let Some(token) = self.longest_of(&rest, mark) else { return Vec::new() };
            from += self.get(token).len() - mark;
            found.push(token);
        }
        found
    }

    /// The longest token that the text begins with, of more than `mark` bytes.
    fn longest_of(&self, text: &str, mark: usize) -> Option<u32> {
        let mut end = text.floor_char_boundary(self.longest);
        while end > mark {
            let found = self.find(&text[..end]);
            if found.is_some() {
                return found;
            }
            end = text.floor_char_boundary(end - 1);
        }
        None
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A vocabulary of these tokens.
    pub(crate) fn vocabulary(tokens: &[&str]) -> Result<Tokens> {
        let mut offsets = vec![0];
        tokens.iter().for_each(|token| offsets.push(offsets[offsets.len() - 1] + token.len() as u32));
        Tokens::new(tokens.concat().into_bytes(), offsets)
    }

    #[test]
    fn a_word_is_cut_into_the_longest_tokens() {
        let tokens = vocabulary(&["un", "##aff", "##able", "##", "una", "é", "##é"]).unwrap();
        let cut = |word| tokens.of_word(word).into_iter().map(|token| tokens.get(token)).collect::<Vec<_>>();
        assert_eq!(cut("unaffable"), ["una"; 0], "una is the longest, and nothing goes on with ff");
        assert_eq!(cut("unéaffable"), ["un", "##é", "##aff", "##able"]);
        assert_eq!(cut("éé"), ["é", "##é"]);
        assert_eq!(cut("##"), ["##"]);
        assert!(cut("other").is_empty() && cut("").is_empty());
    }

    #[test]
    fn a_word_of_more_than_a_hundred_letters_is_unknown() {
        let tokens = vocabulary(&["é", "##é"]).unwrap();
        assert_eq!(tokens.of_word(&"é".repeat(100)).len(), 100);
        assert!(tokens.of_word(&"é".repeat(101)).is_empty());
        assert!(tokens.of_word(&"é".repeat(1 << 20)).is_empty());
    }

    #[test]
    fn damaged_vocabularies_are_refused() {
        let refused = |text: &[u8], offsets: &[u32]| Tokens::new(text.to_vec(), offsets.to_vec()).is_err();
        assert!(refused(b"ab", &[]));
        assert!(refused(b"ab", &[0, 1]));
        assert!(refused(b"ab", &[0, 2, 1, 2]));
        assert!(refused(b"ab", &[0, 0, 2]));
        assert!(refused(b"ab", &[1, 2]));
        assert!(refused("é".as_bytes(), &[0, 1, 2]));
        assert!(refused(&[0xff], &[0, 1]));
        assert!(vocabulary(&["a", "b", "a"]).is_err());
    }
}
