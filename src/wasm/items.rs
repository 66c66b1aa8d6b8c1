//! Which items there are. A page keeps what it shows of those that it added; here they have their rows.

use super::cold_start::columns;
use super::engine::Engine;
use crate::cold_start::NewItem;
use wasm_bindgen::prelude::*;

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

    /// Adds an item with this factor [dim] and these features, an object of the catalogue's columns; its row, from
    /// the model's number of items on. Where `replaces`, the item that has the id goes, with the visitor's events on
    /// it; else such an id is an error. After an error nothing has changed.
    pub fn add(
        &mut self,
        id: String,
        title: Option<String>,
        features: JsValue,
        factor: Vec<f32>,
        replaces: bool,
    ) -> Result<u32, JsValue> {
        let item = NewItem { id, title, features: columns("features", features)?, factor };
        Ok(if replaces { self.recommender.replace(&item) } else { self.recommender.add(&item) }?)
    }

    /// Removes the item with this id, and the visitor's events on it; the row that it had, which comes back from no
    /// question.
    pub fn remove(&mut self, id: &str) -> Result<u32, JsValue> {
        Ok(self.recommender.remove(id)?)
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
