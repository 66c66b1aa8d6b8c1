//! Finding an item by its title, whatever the case and the accents.

use crate::model::Model;
use js_sys::JsString;
use wasm_bindgen::JsCast;

/// Titles without case and accents, one after the other; `ends` has where each stops.
pub struct TitleIndex {
    text: String,
    ends: Vec<usize>,
}

impl TitleIndex {
    /// Folds every title of the catalogue; an empty index where there are no titles.
    pub fn new(model: &Model) -> TitleIndex {
        let mut index = TitleIndex { text: String::new(), ends: Vec::with_capacity(model.items()) };
        for item in 0..model.items() as u32 {
            index.text.push_str(&fold(model.catalog().title(item).unwrap_or_default()));
            index.ends.push(index.text.len());
        }
        index
    }

    /// The best `count` items whose title holds `query`: where the title starts with it, then where a word
    /// does, then the rest; each in the order of the rows, which is that of falling norm.
    pub fn find(&self, query: &str, count: usize) -> Vec<u32> {
        let query = fold(query.trim());
        if query.is_empty() {
            return Vec::new();
        }
        let mut by_rank = [const { Vec::new() }; 3];
        let mut start = 0;
        for (item, &end) in self.ends.iter().enumerate() {
            if let Some(rank) = rank(&self.text[start..end], &query) {
                by_rank[rank].push(item as u32);
            }
            start = end;
        }
        let mut found = by_rank.concat();
        found.truncate(count);
        found
    }
}

/// 0: at the start; 1: at the start of a word; 2: anywhere.
fn rank(title: &str, query: &str) -> Option<usize> {
    let at = |(position, _)| match title[..position].chars().next_back() {
        None => 0,
        Some(before) if !before.is_alphanumeric() => 1,
        Some(_) => 2,
    };
    title.match_indices(query).map(at).min()
}

/// Lower case without accents. The browser's own Unicode tables do it: ours would cost more than all the rest.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed: String = JsString::from(text).normalize("NFD").unchecked_into::<JsString>().into();
    let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    decomposed.chars().filter(|c| !is_mark(c)).flat_map(char::to_lowercase).collect()
}
