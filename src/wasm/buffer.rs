//! Room for a model's bytes in wasm memory.

use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::model::AlignedBytes;
use wasm_bindgen::prelude::*;

/// Room for the data section of a model file (all but its first 8 + N bytes), to be filled through
/// `new Uint8Array(memory.buffer, pointer, length)`.
#[wasm_bindgen]
pub struct ModelBuffer(AlignedBytes);

/// wasm memory ends at 4 GiB; a model may take half of it.
const MAX_BYTES: f64 = 2_147_483_648.0;

#[wasm_bindgen]
impl ModelBuffer {
    /// Zeroed room for `byteLength` bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(byte_length: f64) -> Result<ModelBuffer, JsValue> {
        if !(0.0..=MAX_BYTES).contains(&byte_length) {
            Err(Error::argument("byteLength", "0 to 2 GiB", Decimal(byte_length)))?;
        }
        Ok(ModelBuffer(AlignedBytes::zeroed(byte_length as usize)?))
    }

    /// Where it starts in wasm memory.
    #[wasm_bindgen(getter)]
    pub fn pointer(&self) -> usize {
        self.0.as_ptr() as usize
    }
}

impl ModelBuffer {
    pub(super) fn into_bytes(self) -> AlignedBytes {
        self.0
    }
}
