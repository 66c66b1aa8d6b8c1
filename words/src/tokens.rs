//! WordPiece (Schuster and Nakajima, "Japanese and Korean voice search", 2012, as BERT has it): a word is cut into the longest
//! tokens that there are, from its beginning on.

use crate::Damaged;
use std::cmp::Ordering;

/// What a token begins with that goes on within a word.
pub(crate) const WITHIN: &str = "##";

/// Letters of the longest word that is cut; a longer one is unknown.
const LONGEST_WORD: usize = 100;

/// A vocabulary. Tokens are found by halving: first those with a vector stand in order, then the others.
pub struct Tokens {
    /// One behind the other.
    text: String,
    /// Where each begins, and the last ends.
    offsets: Vec<u32>,
    /// How many have a vector.
    rows: usize,
    /// Bytes of the longest.
    longest: usize,
}

impl Tokens {
    /// Of UTF-8 texts one behind the other, each from one of the offsets to the next; `rows` of them have a vector.
    ///
    /// # Errors
    /// Offsets that do not cut the text, and tokens that are not in order or stand twice.
    pub fn new(text: Vec<u8>, offsets: Vec<u32>, rows: usize) -> Result<Tokens, Damaged> {
        let expected = |expected| Damaged { what: "words.tokens", expected };
        let text = String::from_utf8(text).map_err(|_| expected("UTF-8"))?;
        let cuts = offsets.first() == Some(&0)
            && offsets.last().is_some_and(|&end| end as usize == text.len())
            && offsets.windows(2).all(|pair| pair[0] < pair[1] && text.is_char_boundary(pair[1] as usize));
        if !cuts {
            return Err(expected("offsets that cut it into tokens"));
        }
        let mut tokens = Tokens { text, offsets, rows, longest: 0 };
        tokens.longest = (0..tokens.len() as u32).map(|token| tokens.get(token).len()).max().unwrap_or(0);
        if rows == 0 || rows > tokens.len() {
            return Err(Damaged { what: "words.scales", expected: "one to as many as there are tokens" });
        }
        let rises = |token: usize| token == rows || tokens.get(token as u32 - 1) < tokens.get(token as u32);
        let is_new = |token: usize| tokens.within(0, rows, tokens.get(token as u32)).is_none();
        if !(1..tokens.len()).all(rises) || !(rows..tokens.len()).all(is_new) {
            return Err(expected("tokens in order, each once"));
        }
        Ok(tokens)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a token.
    ///
    /// # Panics
    /// For a number that none has.
    pub fn get(&self, token: u32) -> &str {
        let at = token as usize;
        &self.text[self.offsets[at] as usize..self.offsets[at + 1] as usize]
    }

    fn find(&self, text: &str) -> Option<u32> {
        self.within(0, self.rows, text).or_else(|| self.within(self.rows, self.len(), text))
    }

    /// The token with this text from one number up to another.
    fn within(&self, mut from: usize, mut to: usize, text: &str) -> Option<u32> {
        while from < to {
            let middle = from.midpoint(to);
            match self.get(middle as u32).cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(middle as u32),
                Ordering::Greater => to = middle,
            }
        }
        None
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
mod tests {
    use super::*;

    /// A vocabulary of these tokens, all with a vector.
    fn vocabulary(tokens: &[&str], rows: usize) -> Result<Tokens, Damaged> {
        let mut offsets = vec![0];
        tokens.iter().for_each(|token| offsets.push(offsets[offsets.len() - 1] + token.len() as u32));
        Tokens::new(tokens.concat().into_bytes(), offsets, rows)
    }

    #[test]
    fn a_word_is_cut_into_the_longest_tokens() {
        let tokens = vocabulary(&["##", "##able", "##aff", "un", "é", "##é", "una"], 5).unwrap();
        let cut = |word| tokens.of_word(word).into_iter().map(|token| tokens.get(token)).collect::<Vec<_>>();
        assert_eq!(cut("unaffable"), [""; 0], "una is the longest, and nothing goes on with ff");
        assert_eq!(cut("unéaffable"), ["un", "##é", "##aff", "##able"]);
        assert_eq!(cut("éé"), ["é", "##é"]);
        assert_eq!(cut("##"), ["##"]);
        assert!(cut("other").is_empty() && cut("").is_empty());
    }

    #[test]
    fn a_word_of_more_than_a_hundred_letters_is_unknown() {
        let tokens = vocabulary(&["##é", "é"], 2).unwrap();
        assert_eq!(tokens.of_word(&"é".repeat(100)).len(), 100);
        assert!(tokens.of_word(&"é".repeat(101)).is_empty());
        assert!(tokens.of_word(&"é".repeat(1 << 20)).is_empty());
    }

    #[test]
    fn damaged_vocabularies_are_refused() {
        let refused = |text: &[u8], offsets: &[u32]| Tokens::new(text.to_vec(), offsets.to_vec(), 1).is_err();
        assert!(refused(b"ab", &[]));
        assert!(refused(b"ab", &[0, 1]));
        assert!(refused(b"ab", &[0, 2, 1, 2]));
        assert!(refused(b"ab", &[0, 0, 2]));
        assert!(refused(b"ab", &[1, 2]));
        assert!(refused("é".as_bytes(), &[0, 1, 2]));
        assert!(refused(&[0xff], &[0, 1]));
        assert!(vocabulary(&["a", "b", "a"], 2).is_err() && vocabulary(&["b", "a"], 2).is_err());
        assert!(vocabulary(&["b", "a"], 1).is_ok());
        assert!(vocabulary(&["a", "b"], 0).is_err() && vocabulary(&["a", "b"], 3).is_err());
    }
}
