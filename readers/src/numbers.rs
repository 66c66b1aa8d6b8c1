//! Strings numbered as they first appear.

use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Strings, and the number of each.
#[derive(Debug, Default)]
pub struct Numbers {
    /// In the order of their numbers.
    pub ids: Vec<String>,
    numbers: HashMap<String, u32, RandomState>,
}

impl Numbers {
    /// The number of `id`; the next one if it is new.
    pub fn of(&mut self, id: &str) -> u32 {
        if let Some(&number) = self.numbers.get(id) {
            return number;
        }
        let number = self.ids.len() as u32;
        self.ids.push(id.to_owned());
        self.numbers.insert(id.to_owned(), number);
        number
    }
}
