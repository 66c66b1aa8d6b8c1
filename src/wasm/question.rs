//! What a page asks, on its way in.

use super::engine::flat;
use crate::model::Unknown;
use crate::named::Named;
use crate::recommender::{Answer, Ask};
use crate::score::{By, Condition, Explore, Options, Seen, Where};
use crate::visitor::EventKind;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// The options of a request, told field by field. [`Options`] documents them; their ranges are checked when
/// they are used.
#[wasm_bindgen]
pub struct Question {
    options: Options,
    /// Conditions of `where` that are still open, the outermost first.
    groups: Vec<Where>,
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
        Question { options, groups: Vec::new(), explain, vector, accept, thrown: RefCell::default() }
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

    /// Opens conditions of `or` or `not`: those that are added go there until they are closed.
    pub fn open(&mut self) {
        self.groups.push(Where::default());
    }

    /// Closes what was opened last, as one of `or` or as `not`.
    pub fn close(&mut self, negated: bool) {
        let Some(group) = self.groups.pop() else { return };
        let outer = self.groups.last_mut().unwrap_or(&mut self.options.filter);
        if negated { &mut outer.not } else { &mut outer.or }.push(group);
    }

    /// Sets `by`, a position in [`By::ALL`], and `dates`.
    #[wasm_bindgen(js_name = rankBy)]
    pub fn rank_by(&mut self, by: u8, dates: Option<String>) {
        self.options.by = By::ALL[usize::from(by)];
        self.options.dates = dates.unwrap_or(std::mem::take(&mut self.options.dates));
    }

    /// Sets `seeds` and `personal`.
    pub fn seeds(&mut self, ids: Vec<String>, personal: f32) {
        self.options.seeds = ids;
        self.options.personal = personal;
    }

    /// Sets `seen`: 0 hides, 1 shows, 2 returns nothing else; `kinds` are positions in [`EventKind::ALL`].
    pub fn seen(&mut self, what: u8, kinds: Option<Vec<u8>>) {
        let kinds = kinds.map(|kinds| kinds.iter().map(|&kind| EventKind::ALL[usize::from(kind)]).collect());
        self.options.seen = Some(match what {
            0 => Seen::Hide(kinds),
            1 => Seen::Show,
            _ => Seen::Only(kinds),
        });
    }

    /// Sets `pin`.
    pub fn pin(&mut self, ids: Vec<String>, places: Vec<f64>) {
        self.options.pin = named(ids, places.into_iter().map(|place| place as usize));
    }

    /// Sets `bury`.
    pub fn bury(&mut self, ids: Vec<String>) {
        self.options.bury = ids;
    }

    /// Adds a column of `atLeast`.
    #[wasm_bindgen(js_name = atLeast)]
    pub fn at_least(&mut self, column: String, tags: Vec<String>, least: Vec<f64>) {
        self.options.at_least.push(column, named(tags, least.into_iter().map(|least| least as usize)));
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
        let group = self.groups.last_mut().unwrap_or(&mut self.options.filter);
        group.columns.push(column, Condition { any, not_in, min, max });
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
