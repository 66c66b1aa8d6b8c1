//! Which items there are. A page keeps what it shows of those that it added; here they have their rows.

use super::engine::Engine;
use crate::model;
use wasm_bindgen::prelude::*;

/// An item on its way in, told column by column of the catalogue; columns that are left out stay empty.
#[wasm_bindgen]
pub struct NewItem(model::NewItem);

#[wasm_bindgen]
impl NewItem {
    /// With this factor [dim].
    #[wasm_bindgen(constructor)]
    pub fn new(id: String, title: Option<String>, factor: Vec<f32>) -> NewItem {
        NewItem(model::NewItem { id, title, factor, ..Default::default() })
    }

    /// Its tags in a column.
    pub fn tags(&mut self, column: String, tags: Vec<String>) {
        self.0.tags.push(column, tags);
    }

    /// Its number in a column.
    pub fn number(&mut self, column: String, number: f32) {
        self.0.numbers.push(column, number);
    }
}

#[wasm_bindgen]
impl Engine {
    /// The row of the item with this id; error `unknown-item` where there is none.
    pub fn find(&self, id: &str) -> Result<u32, JsValue> {
        Ok(self.recommender.items().find(id)?)
    }

    /// Whether an item has this id.
    pub fn has(&self, id: &str) -> bool {
        self.recommender.items().has(id)
    }

    /// How many items there are: the model's and those that were added, without those that were removed.
    #[wasm_bindgen(getter)]
    pub fn items(&self) -> usize {
        self.recommender.items().len()
    }

    /// Adds an item; its row, from the model's number of items on. Where `replaces`, the item that has the id goes, with
    /// the visitor's events on it; else such an id is an error. After an error nothing has changed.
    pub fn add(&mut self, item: &NewItem, replaces: bool) -> Result<u32, JsValue> {
        let NewItem(item) = item;
        Ok(if replaces { self.recommender.replace(item) } else { self.recommender.add(item) }?)
    }

    /// Removes the item with this id, and the visitor's events on it; the row that it had, which comes back from no
    /// question.
    pub fn remove(&mut self, id: &str) -> Result<u32, JsValue> {
        Ok(self.recommender.remove(id)?)
    }

    /// Rows of the items that are gone, rising.
    pub fn removed(&self) -> Vec<u32> {
        self.recommender.items().removed().to_vec()
    }

    /// Says numbers of a column by row ([`crate::Recommender::set_numbers`]).
    #[wasm_bindgen(js_name = setNumbers)]
    pub fn set_numbers(&mut self, column: &str, rows: &[u32], numbers: &[f32]) -> Result<(), JsValue> {
        Ok(self.recommender.set_numbers(column, rows, numbers)?)
    }

    /// Says the tags of an item in a column ([`crate::Recommender::set_tags`]).
    #[wasm_bindgen(js_name = setTags)]
    pub fn set_tags(&mut self, column: &str, row: u32, tags: Vec<String>) -> Result<(), JsValue> {
        Ok(self.recommender.set_tags(column, row, &tags)?)
    }

    /// How much the visitor, or else everybody, wants the items of these rows, one number a row.
    pub fn wanted(&self, rows: &[u32]) -> Result<Vec<f32>, JsValue> {
        Ok(self.recommender.wanted(rows)?)
    }

    /// Removes every item that was added, and brings back every one of the model that was removed.
    pub fn restore(&mut self) {
        self.recommender.restore();
    }

    /// The place [x, y] on the map of the item in this row, found by a search for an added one; undefined where the
    /// model has no map.
    pub fn place(&self, row: u32) -> Result<Option<Vec<f32>>, JsValue> {
        Ok(self.recommender.place(row)?.map(Vec::from))
    }
}
