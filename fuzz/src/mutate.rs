//! Small changes to an input.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Where changes come from; the same for the same seed.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// Of a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.0.random_range(0..end) }
    }

    /// One of them.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Any 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0.random()
    }
}

/// What readers of text stumble over.
const WORDS: [&str; 32] = [
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "::",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "é",
    "null",
    "true",
    "0",
    "-1",
    "1e308",
    "-1e999",
    "1e-320",
    "NaN",
    "inf",
    "4294967296",
    "18446744073709551616",
    "0x10",
    "..",
    "/",
    "\\u0000",
    "\u{1f}\u{8b}",
];

/// The longest input.
const LONGEST: usize = 1 << 16;

/// Changes bytes anywhere; `other` is an input to take parts from.
pub fn bytes(input: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    let end = at + chance.below((input.len() - at).min(64) + 1);
    match chance.below(8) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = chance.bits() as u8,
        2 => drop(input.drain(at..end)),
        3 => {
            let part = input[at..end].to_vec();
            let times = 1 + chance.below(20);
            input.splice(at..at, part.repeat(times));
        }
        4 => {
            let from = chance.below(other.len() + 1);
            let to = from + chance.below((other.len() - from).min(200) + 1);
            input.splice(at..end, other[from..to].iter().copied());
        }
        5 => input.truncate(at),
        _ => drop(input.splice(at..end, chance.one_of(&WORDS).bytes())),
    }
    input.truncate(LONGEST);
}
