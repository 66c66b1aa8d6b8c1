//! The boundary to JavaScript.

use crate::utf16;
use foldin::decimal::Decimal;
use foldin::error::{Error, Result};
use foldin::model::{Model, Packer, Precision};
use foldin_kernel::FreshIsZero;
use rlsf::SmallGlobalTlsf;
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// Makes a model of factors [items x dim] that stay in JavaScript and are handed over twice, a few MB at a time:
///
/// ```js
/// const packing = new Packing(items, dim, "int8");
/// for (chunk of chunks) packing.measure(chunk);          // Float32Array, whole rows
/// packing.ids(texts.join(""), lengths);                  // or never: the ids are the row numbers
/// packing.biases(biases);                                // or never
/// for (chunk of chunks) packing.pack(chunk);             // the same rows in the same order
/// const packed = packing.finish();                       // frees `packing`
/// ```
///
/// How rows, ids and biases are cut into chunks makes no difference. After an error all there is to do is `free()`.
#[wasm_bindgen]
pub struct Packing(Packer);

#[wasm_bindgen]
impl Packing {
    /// For `items` rows of `dim` numbers; int8 where no precision is given. Refuses (`argument`) `items`, `dim` and
    /// `precision` out of range, and an odd `dim` for int4.
    #[wasm_bindgen(constructor)]
    pub fn new(items: f64, dim: f64, precision: Option<String>) -> Result<Packing, JsValue> {
        let precision = precision.map_or(Ok(Precision::default()), |name| Precision::from_name(&name))?;
        Ok(Packing(Packer::new(whole("items", items)?, whole("dim", dim)?, precision)?))
    }

    /// The next rows, for the first time. Refuses numbers that are not finite (`format`), a part of a row, and more rows
    /// than there are (`argument`).
    pub fn measure(&mut self, rows: &[f32]) -> Result<(), JsValue> {
        Ok(self.0.measure(rows)?)
    }

    /// The next items' ids one after the other, and the `length` of each as JavaScript counts it. Refuses more ids than
    /// items, and lengths that do not add up to the text.
    pub fn ids(&mut self, text: &str, lengths: &[u32]) -> Result<(), JsValue> {
        Ok(self.0.ids(&utf16::cut(text, lengths)?)?)
    }

    /// What is added to the next items' scores.
    pub fn biases(&mut self, biases: &[f32]) -> Result<(), JsValue> {
        Ok(self.0.biases(biases)?)
    }

    /// The next rows, for the second time, with which measuring, ids and biases end. Refuses rows before all were
    /// measured, and another number of ids or biases than of items (`argument`).
    pub fn pack(&mut self, rows: &[f32]) -> Result<(), JsValue> {
        Ok(self.0.pack(rows)?)
    }

    /// The model. Refuses a lack of rows and an id that stands twice (`argument`),
    /// and numbers so large that their products are not finite (`format`).
    pub fn finish(self) -> Result<Packed, JsValue> {
        Ok(Packed(self.0.finish()?))
    }
}

/// A packed model, to be copied out of this module's memory.
#[wasm_bindgen]
pub struct Packed(Model);

#[wasm_bindgen]
impl Packed {
    /// The header that the model's file would have, as JavaScript parses one.
    pub fn header(&self) -> JsValue {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        // Plain data always serialises.
        self.0.header().serialize(&serializer).unwrap_or_default()
    }

    /// Where the file's data section starts in this module's memory.
    #[wasm_bindgen(getter)]
    pub fn pointer(&self) -> usize {
        self.0.bytes().as_ptr() as usize
    }

    /// Bytes of the data section.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.bytes().len()
    }
}

/// A number from JavaScript as a count; what is out of range is refused by those who know the range.
fn whole(field: &'static str, number: f64) -> Result<usize> {
    match number >= 0.0 && number <= f64::from(u32::MAX) && number == f64::from(number as u32) {
        true => Ok(number as usize),
        false => Err(Error::argument(field, "a whole number", Decimal(number))),
    }
}
