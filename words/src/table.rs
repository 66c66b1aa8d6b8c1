//! A vector for each token.

use crate::{Damaged, Tokens};
use foldin_kernel::nibbles;

/// How much the direction of a text counts beside its frequent tokens, which are 1: as much as one of them.
const WEIGHT: f32 = 1.0;

/// Numbers of the longest vector.
const MOST_NUMBERS: usize = 4096;

/// What a table is made of.
pub struct Parts {
    /// UTF-8 texts of the tokens, one behind the other: in order those with rows, then the others.
    pub tokens: Vec<u8>,
    /// Where each begins, and the last ends.
    pub offsets: Vec<u32>,
    /// Whole numbers [rows, dim], of 8 bits each or of 4, the low half of a byte first.
    pub rows: Vec<u8>,
    /// What a row is multiplied with [rows]: its token's weight is in it.
    pub scales: Vec<f32>,
    /// Numbers of a vector.
    pub dim: usize,
    /// 4 or 8.
    pub bits: u32,
}

/// A static table.
pub struct Table {
    tokens: Tokens,
    rows: Vec<u8>,
    scales: Vec<f32>,
    dim: usize,
    bits: u32,
}

impl Table {
    /// Checks the parts.
    ///
    /// # Errors
    /// Parts that do not belong together.
    pub fn new(Parts { tokens, offsets, rows, scales, dim, bits }: Parts) -> Result<Table, Damaged> {
        if !matches!(bits, 4 | 8)
            || dim == 0
            || dim > MOST_NUMBERS
            || !(dim * bits as usize).is_multiple_of(8)
        {
            return Err(Damaged { what: "words.rows", expected: "whole bytes of 4 or 8 bits a number" });
        }
        if rows.len() != scales.len() * dim * bits as usize / 8 {
            return Err(Damaged { what: "words.rows", expected: "a row a scale" });
        }
        // So small that a megabyte of the longest row does not overflow.
        if !scales.iter().all(|scale| (0.0..1e20).contains(scale)) {
            return Err(Damaged { what: "words.scales", expected: "numbers from 0 to 1e20" });
        }
        Ok(Table { tokens: Tokens::new(tokens, offsets, scales.len())?, rows, scales, dim, bits })
    }

    /// The tokens, of which those with a row come first.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Numbers of a vector.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The direction in which plain words point [dim], of length 1; empty where none of them is known. Lines count alike,
    /// however long they are.
    pub fn vector(&self, words: &str) -> Vec<f32> {
        let mut sum = vec![0.0; self.dim];
        for line in words.split('\n') {
            let mut of_line = vec![0.0; self.dim];
            line.split_ascii_whitespace().for_each(|word| self.add(word, &mut of_line));
            let length = length(&of_line).max(f64::MIN_POSITIVE);
            sum.iter_mut().zip(of_line).for_each(|(sum, v)| *sum += v / length);
        }
        let length = length(&sum);
        if length == 0.0 { Vec::new() } else { sum.into_iter().map(|v| (v / length) as f32).collect() }
    }

    /// What maps from texts take, [dim + frequent + 1]: the direction of plain words, [`WEIGHT`] long; 1 for each of the
    /// `frequent` tokens that is among them, else 0; the last year that they name, 0 without one. What a catalogue says again and
    /// again, such as its genres, so has a say of its own; all else has one by what it means.
    pub fn inputs(&self, words: &str, frequent: &[u32]) -> Vec<f32> {
        let mut inputs = self.vector(words);
        inputs.resize(self.dim + frequent.len() + 1, 0.0);
        let (vector, says) = inputs.split_at_mut(self.dim);
        vector.iter_mut().for_each(|v| *v *= WEIGHT);
        for word in words.split_ascii_whitespace() {
            if let Some(year) = year(word) {
                says[frequent.len()] = year;
            }
            for token in self.tokens.of_word(word) {
                let at = frequent.iter().position(|&other| other == token);
                at.into_iter().for_each(|at| says[at] = 1.0);
            }
        }
        inputs
    }

    /// The tokens of plain words that are known, in their order.
    pub fn tokens_of(&self, words: &str) -> Vec<u32> {
        words.split_ascii_whitespace().flat_map(|word| self.tokens.of_word(word)).collect()
    }

    fn add(&self, word: &str, sum: &mut [f64]) {
        let width = self.dim * self.bits as usize / 8;
        for token in self.tokens.of_word(word) {
            let Some(&scale) = self.scales.get(token as usize) else { continue };
            let row = &self.rows[token as usize * width..][..width];
            let mut add = |at: usize, value: i8| sum[at] += f64::from(scale) * f64::from(value);
            match self.bits {
                8 => row.iter().enumerate().for_each(|(at, &value)| add(at, value as i8)),
                _ => row.iter().enumerate().for_each(|(at, &byte)| {
                    let (low, high) = nibbles(byte);
                    add(2 * at, low);
                    add(2 * at + 1, high);
                }),
            }
        }
    }
}

/// The year of `1984`, and of `1980s`.
fn year(word: &str) -> Option<f32> {
    let digits = word.strip_suffix('s').unwrap_or(word).as_bytes();
    let is_year =
        digits.len() == 4 && matches!(digits[0], b'1' | b'2') && digits.iter().all(u8::is_ascii_digit);
    is_year.then(|| digits.iter().fold(0.0, |year, digit| 10.0 * year + f32::from(digit - b'0')))
}

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        Parts {
            tokens: b"##srobotshipthe".to_vec(),
            offsets: vec![0, 3, 8, 12, 15],
            rows: vec![0x11, 0x07, 0x70],
            scales: vec![0.5, 1.0, 1.0],
            dim: 2,
            bits: 4,
        }
    }

    #[test]
    fn a_text_points_where_its_tokens_do() {
        let table = Table::new(parts()).unwrap();
        assert_eq!(table.vector("robot"), [1.0, 0.0]);
        assert_eq!(table.vector("the robot the"), [1.0, 0.0], "a token without a row says nothing");
        let [x, y] = table.vector("robot ship")[..] else { panic!() };
        assert!((x - y).abs() < 1e-6 && (x * x + y * y - 1.0).abs() < 1e-6);
        assert!(table.vector("the").is_empty() && table.vector("unheard of").is_empty());
    }

    #[test]
    fn lines_count_alike() {
        let table = Table::new(parts()).unwrap();
        assert_eq!(table.vector("robot robot robot\nship"), table.vector("ship\nrobot"));
        assert_eq!(table.vector("robot\n\nunheard of"), [1.0, 0.0]);
    }

    #[test]
    fn frequent_tokens_have_a_say_of_their_own() {
        let table = Table::new(parts()).unwrap();
        assert_eq!(table.inputs("the robots", &[3, 1, 2])[2..], [1.0, 1.0, 0.0, 0.0], "the, robot, ship");
        assert_eq!(table.inputs("unheard of", &[3, 1]), [0.0; 5]);
        assert_eq!(table.inputs("2001 : 1968", &[]), [0.0, 0.0, 1968.0]);
        assert_eq!(table.inputs("the 1980s", &[])[2], 1980.0);
        assert_eq!(table.inputs("19840 robots 3000 s", &[])[2], 0.0);
    }

    #[test]
    fn bytes_and_nibbles_say_the_same() {
        let bytes = Parts { rows: vec![1, 1, 7, 0, 0, 7], bits: 8, ..parts() };
        let (a, b) = (Table::new(parts()).unwrap(), Table::new(bytes).unwrap());
        assert_eq!(a.vector("robots ship"), b.vector("robots ship"));
    }

    #[test]
    fn damaged_tables_are_refused() {
        let refused = |parts: Parts| Table::new(parts).err().expect("refused").what;
        assert_eq!(refused(Parts { rows: vec![0; 2], ..parts() }), "words.rows");
        assert_eq!(refused(Parts { scales: vec![1.0; 5], rows: vec![0; 5], ..parts() }), "words.scales");
        assert_eq!(refused(Parts { scales: vec![1.0, f32::NAN, 1.0], ..parts() }), "words.scales");
        assert_eq!(refused(Parts { scales: vec![1.0, -1.0, 1.0], ..parts() }), "words.scales");
        assert_eq!(refused(Parts { bits: 3, ..parts() }), "words.rows");
        assert_eq!(refused(Parts { dim: 0, ..parts() }), "words.rows");
        assert_eq!(refused(Parts { dim: usize::MAX, ..parts() }), "words.rows");
        assert_eq!(refused(Parts { dim: 3, rows: vec![0; 4], ..parts() }), "words.rows");
    }
}
