//! Strings numbered as they first appear.
//!
//! Half of the time of reading ten million lines went to looking ids up, each in memory that no cache holds. So ids that
//! are small numbers, as in most files, are looked up in a list of 4 bytes each, and short ones in a table that holds their
//! letters itself.

use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Strings, and the number of each.
#[derive(Debug, Default)]
pub struct Numbers {
    /// In the order of their numbers.
    pub ids: Vec<String>,
    /// Of the strings `0`, `1`, `2` and so on: one more than the number of each, 0 for none.
    counted: Vec<u32>,
    short: HashMap<Short, u32, RandomState>,
    long: HashMap<String, u32, RandomState>,
}

impl Numbers {
    /// The number of `id`; the next one if it is new.
    pub fn of(&mut self, id: &str) -> u32 {
        let count = count(id);
        if let Some(&known @ 1..) = count.and_then(|count| self.counted.get(count)) {
            return known - 1;
        }
        let next = self.ids.len() as u32;
        let number = match (Short::of(id), count) {
            (Some(short), Some(count)) if self.is_dense(count) => match self.short.get(&short) {
                Some(&number) => number,
                None => self.add_counted(count, next),
            },
            (Some(short), _) => *self.short.entry(short).or_insert(next),
            (None, _) => match self.long.get(id) {
                Some(&number) => number,
                None => *self.long.entry(id.to_owned()).or_insert(next),
            },
        };
        if number == next {
            self.ids.push(id.to_owned());
        }
        number
    }

    /// Whether a list that reaches up to this number is worth its memory: 32 bytes an id, as a table takes.
    fn is_dense(&self, count: usize) -> bool {
        count < self.counted.len() || count / 8 < self.ids.len() + 1024
    }

    fn add_counted(&mut self, count: usize, number: u32) -> u32 {
        if count >= self.counted.len() {
            self.counted.resize(count + 1, 0);
        }
        self.counted[count] = number + 1;
        number
    }
}

/// The number that the text is, written as numbers are.
fn count(text: &str) -> Option<usize> {
    let is_plain = text.len() <= 9 && (text == "0" || !text.starts_with(['0', '+']));
    if is_plain { text.parse().ok() } else { None }
}

/// A string of at most fifteen bytes: its bytes, zeros, and in the last one its length.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Short(u128);

impl Short {
    fn of(text: &str) -> Option<Short> {
        let mut bytes = [0; 16];
        bytes[..15].get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        bytes[15] = text.len() as u8;
        Some(Short(u128::from_le_bytes(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers each text twice, and says what the first time gave.
    fn numbered(texts: &[String]) -> Vec<u32> {
        let mut numbers = Numbers::default();
        let first: Vec<u32> = texts.iter().map(|text| numbers.of(text)).collect();
        assert_eq!(texts.iter().map(|text| numbers.of(text)).collect::<Vec<u32>>(), first);
        first.iter().zip(texts).for_each(|(&number, text)| assert_eq!(numbers.ids[number as usize], *text));
        first
    }

    #[test]
    fn strings_of_every_length_have_a_number_each() {
        let texts: Vec<String> =
            (1..40).flat_map(|length| ["a", "1", "\0"].map(|one| one.repeat(length))).collect();
        assert_eq!(numbered(&texts), (0..117).collect::<Vec<u32>>());
        let alike =
            ["", "0", "00", "1", "01", "+1", "1.0", "-1", "4294967296", "999999999"].map(String::from);
        assert_eq!(numbered(&alike), (0..10).collect::<Vec<u32>>());
    }

    #[test]
    fn numbers_far_apart_take_no_long_list() {
        // 20,000 is looked up in the table at first, and in the list once that reaches so far.
        let far = (0..100).map(|at| at * 9_999_999);
        let texts: Vec<String> =
            [20_000].into_iter().chain(far).chain(1..30_000).map(|id: u32| id.to_string()).collect();
        let mut seen = HashMap::new();
        let expected: Vec<u32> = (texts.iter())
            .map(|text| {
                let next = seen.len() as u32;
                *seen.entry(text).or_insert(next)
            })
            .collect();
        assert_eq!(numbered(&texts), expected);
        let mut numbers = Numbers::default();
        (0..100u32).for_each(|at| {
            numbers.of(&(at * 9_999_999).to_string());
        });
        assert!(numbers.counted.len() < 10_000);
    }
}
