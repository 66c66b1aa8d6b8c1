//! The boundary to JavaScript, which makes texts plain.

use crate::{Damaged, Parts, Shelf, Table, halves};
use foldin_kernel::FreshIsZero;
use rlsf::SmallGlobalTlsf;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// A table, and the items that are searched with it.
#[wasm_bindgen]
pub struct Words {
    table: Table,
    shelf: Shelf,
}

#[wasm_bindgen]
impl Words {
    /// Of a table's tensors, as [`Parts`] says. Throws what parts that do not belong together should be.
    #[wasm_bindgen(constructor)]
    pub fn new(
        tokens: Vec<u8>,
        offsets: Vec<u32>,
        rows: Vec<u8>,
        scales: Vec<f32>,
        dim: usize,
        bits: u32,
    ) -> Result<Words, JsValue> {
        let table = Table::new(Parts { tokens, offsets, rows, scales, dim, bits }).map_err(
            |Damaged { what, expected }| JsValue::from_str(&[what, ": expected ", expected].concat()),
        )?;
        Ok(Words { table, shelf: Shelf::new(dim) })
    }

    /// The direction of plain words [dim]; empty where none is known.
    pub fn vector(&self, words: &str) -> Vec<f32> {
        self.table.vector(words)
    }

    /// What maps take of plain words, beside a model's frequent tokens.
    pub fn inputs(&self, words: &str, frequent: &[u32]) -> Vec<f32> {
        self.table.inputs(words, frequent)
    }

    /// Empties the shelf.
    pub fn clear(&mut self) {
        self.shelf = Shelf::new(self.table.dim());
    }

    /// Adds an item with its plain words.
    pub fn add(&mut self, item: u32, words: &str) {
        self.shelf.add(item, &self.table.vector(words));
    }

    /// The nearest items to a vector: of each its number and its cosine, best first.
    pub fn nearest(&self, vector: &[f32], count: usize) -> Vec<f64> {
        let found = self.shelf.nearest(vector, count);
        found.into_iter().flat_map(|(item, cosine)| [f64::from(item), f64::from(cosine)]).collect()
    }
}

/// What a sentence of plain words wishes for, a new line, and what not.
#[wasm_bindgen(js_name = halves)]
pub fn halves_of(words: &str) -> String {
    halves(words).join("\n")
}
