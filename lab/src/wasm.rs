//! The boundary to JavaScript: a page hands over the tensors that a question needs and gets numbers back.

use crate::cold_start::{Content, Onboarding, Texts, Traits, Transfer, Value};
use foldin::error::{Error, Result};
use foldin::model::{AlignedBytes, Header, Room, TensorInfo};
use foldin::named::Named;
use foldin_kernel::FreshIsZero;
use js_sys::{Array, Object};
use rlsf::SmallGlobalTlsf;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// Some of a model's tensors, copied out of its file by JavaScript.
#[wasm_bindgen]
pub struct Part {
    header: Header,
    bytes: AlignedBytes,
    dim: usize,
}

#[wasm_bindgen]
impl Part {
    /// Room for tensors of `byteLength` bytes together, of a model with factors of `dim` numbers.
    #[wasm_bindgen(constructor)]
    pub fn new(dim: usize, byte_length: usize) -> Result<Part, JsValue> {
        Ok(Part { header: Header::default(), bytes: AlignedBytes::zeroed(byte_length)?, dim })
    }

    /// Where the tensors' bytes start in wasm memory.
    #[wasm_bindgen(getter)]
    pub fn pointer(&self) -> usize {
        self.bytes.as_ptr() as usize
    }

    /// Adds a tensor that lies from byte `start` to byte `end`.
    pub fn tensor(&mut self, name: String, dtype: String, shape: &[f64], start: f64, end: f64) {
        let shape = shape.iter().map(|&axis| axis as u64).collect();
        self.header.tensors.push(name, TensorInfo { dtype, shape, data_offsets: [start as u64, end as u64] });
    }

    /// Adds a string of `__metadata__`.
    pub fn note(&mut self, name: String, value: String) {
        self.header.metadata.push(name, value);
    }

    /// The factor [dim] of an item with these features, and an embedding where training had one.
    #[wasm_bindgen(js_name = factorOf)]
    pub fn factor_of(&self, features: &JsValue, embedding: Option<Vec<f32>>) -> Result<Vec<f32>, JsValue> {
        let content = Content::open(self.room()?)?.ok_or_else(Content::missing)?;
        Ok(content.factor(&columns("features", features)?, embedding.as_deref())?)
    }

    /// The belief about a visitor with these traits: an object of the columns that training had.
    #[wasm_bindgen(js_name = beliefOfTraits)]
    pub fn belief_of_traits(&self, traits: &JsValue) -> Result<Vec<f32>, JsValue> {
        Ok(Traits::belief(self.room()?, &columns("traits", traits)?)?)
    }

    /// The belief about a visitor who has this vector in the model that this one was trained to know.
    #[wasm_bindgen(js_name = beliefOfTransfer)]
    pub fn belief_of_transfer(&self, vector: &[f32]) -> Result<Vec<f32>, JsValue> {
        let transfer = Transfer::open(self.room()?)?.ok_or_else(Transfer::missing)?;
        Ok(transfer.prior(vector)?)
    }

    /// The factor [dim] of an item whose text has this vector.
    #[wasm_bindgen(js_name = factorOfText)]
    pub fn factor_of_text(&self, vector: &[f32]) -> Result<Vec<f32>, JsValue> {
        Ok(Texts::required(self.room()?)?.factor(vector)?)
    }

    /// The belief about a visitor whose wish has this vector.
    #[wasm_bindgen(js_name = beliefOfText)]
    pub fn belief_of_text(&self, vector: &[f32]) -> Result<Vec<f32>, JsValue> {
        Ok(Texts::required(self.room()?)?.belief(vector)?)
    }

    /// Rows of the items to ask a visitor about who has answered about the rows `answered`, the most telling first;
    /// those of `removed` are gone. Rows after the model's are ignored.
    pub fn onboarding(&self, answered: &[u32], removed: &[u32], count: usize) -> Result<Vec<u32>, JsValue> {
        let room = self.room()?;
        let (_, items) = room.rows()?;
        let mut onboarding = Onboarding::new(room)?;
        answered.iter().filter(|&&row| (row as usize) < items).for_each(|&row| onboarding.answered(row));
        removed.iter().for_each(|&row| onboarding.leave_out(row));
        Ok(onboarding.questions(count))
    }
}

impl Part {
    fn room(&self) -> Result<Room<'_>> {
        Room::check(&self.header, &self.bytes, self.dim)
    }
}

/// A plain object's columns.
fn columns(field: &'static str, said: &JsValue) -> Result<Named<Value>> {
    let wrong = || Error::argument(field, "an object of tags (strings), numbers or null", "something else");
    let object = said.dyn_ref::<Object>().ok_or_else(wrong)?;
    let value = |entry: JsValue| -> Option<(String, Value)> {
        let entry = entry.dyn_into::<Array>().ok()?;
        Some((entry.get(0).as_string()?, value_of(&entry.get(1))?))
    };
    Object::entries(object).iter().map(|entry| value(entry).ok_or_else(wrong)).collect()
}

fn value_of(said: &JsValue) -> Option<Value> {
    if said.is_null() || said.is_undefined() {
        return Some(Value::Unknown(()));
    }
    if let Some(tags) = said.dyn_ref::<Array>() {
        return tags.iter().map(|tag| tag.as_string()).collect::<Option<_>>().map(Value::Tags);
    }
    let number = said.as_f64().map(|number| Value::Number(number as f32));
    number.or_else(|| said.as_string().map(Value::Tag))
}
