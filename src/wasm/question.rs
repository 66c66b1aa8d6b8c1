//! What a page asks, on its way in.

use super::engine::flat;
use crate::model::Unknown;
use crate::named::Named;
use crate::recommender::{Answer, Ask};
use crate::score::{Condition, Explore, Options};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// The options of a request, told field by field. [`Options`] documents them; their ranges are checked when
/// they are used.
#[wasm_bindgen]
pub struct Question {
    options: Options,
    explain: bool,
    vector: Option<Vec<f32>>,
    accept: Option<js_sys::Function>,
    /// What `accept` threw first.
    thrown: RefCell<Option<JsValue>>,
}

#[wasm_bindgen]
impl Question {
    /// With the options that are plain numbers.
    #[wasm_bindgen(constructor)]
    pub fn new(
        count: f64,
        offset: f64,
        diversity: f32,
        explain: bool,
        vector: Option<Vec<f32>>,
        accept: Option<js_sys::Function>,
    ) -> Question {
        let options =
            Options { count: count as usize, offset: offset as usize, diversity, ..Options::default() };
        Question { options, explain, vector, accept, thrown: RefCell::default() }
    }

    /// Sets `exclude`.
    pub fn exclude(&mut self, ids: Vec<String>) {
        self.options.exclude = ids;
    }

    /// Sets `only`.
    pub fn only(&mut self, ids: Vec<String>) {
        self.options.only = Some(ids);
    }

    /// Refuses ids in `only` and `boost.items` that no item has; they are skipped unless this is called.
    #[wasm_bindgen(js_name = refuseUnknown)]
    pub fn refuse_unknown(&mut self) {
        self.options.unknown = Unknown::Error;
    }

    /// Adds a condition of `where`.
    pub fn condition(
        &mut self,
        column: String,
        any: Option<Vec<String>>,
        not_in: Option<Vec<String>>,
        min: Option<f32>,
        max: Option<f32>,
    ) {
        self.options.filter.push(column, Condition { any, not_in, min, max });
    }

    /// Sets `boost.items`.
    #[wasm_bindgen(js_name = boostItems)]
    pub fn boost_items(&mut self, ids: Vec<String>, by: Vec<f32>) {
        self.options.boost.items = named(ids, by);
    }

    /// Adds a column of `boost.tags`.
    #[wasm_bindgen(js_name = boostTags)]
    pub fn boost_tags(&mut self, column: String, tags: Vec<String>, by: Vec<f32>) {
        self.options.boost.tags.push(column, named(tags, by));
    }

    /// Adds a column of `quota`.
    pub fn quota(&mut self, column: String, tags: Vec<String>, most: Vec<f64>) {
        self.options.quota.push(column, named(tags, most.into_iter().map(|most| most as usize)));
    }

    /// Sets `explore`.
    pub fn explore(&mut self, seed: u32, strength: f32) {
        self.options.explore = Some(Explore { seed, strength });
    }
}

fn named<T>(names: Vec<String>, values: impl IntoIterator<Item = T>) -> Named<T> {
    names.into_iter().zip(values).collect()
}

impl Question {
    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// Answers with `answer`, and gives what the page's own function threw meanwhile.
    pub(super) fn ask(&self, answer: &dyn Fn(Ask<'_>) -> crate::Result<Answer>) -> Result<Vec<f64>, JsValue> {
        let accept = |row: u32| self.accepts(row);
        let ask = Ask {
            vector: self.vector.as_deref(),
            explain: self.explain,
            accept: self.accept.as_ref().map(|_| &accept as &dyn Fn(u32) -> bool),
        };
        let answer = answer(ask)?;
        self.thrown.take().map_or_else(|| Ok(flat(&answer)), Err)
    }

    fn accepts(&self, row: u32) -> bool {
        let Some(accept) = &self.accept else { return true };
        match accept.call1(&JsValue::UNDEFINED, &row.into()) {
            Ok(verdict) => verdict.is_truthy(),
            Err(thrown) => {
                self.thrown.borrow_mut().get_or_insert(thrown);
                false
            }
        }
    }
}
