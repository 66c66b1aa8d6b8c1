//! A safetensors header on its way in.

use crate::model::{Header, TensorInfo};
use wasm_bindgen::prelude::*;

/// A header that JavaScript has parsed, told entry by entry. What it says is checked when a model is opened.
#[wasm_bindgen]
#[derive(Default)]
pub struct ModelHeader(Header);

#[wasm_bindgen]
impl ModelHeader {
    /// Without entries.
    #[wasm_bindgen(constructor)]
    pub fn new() -> ModelHeader {
        ModelHeader::default()
    }

    /// Adds a tensor. Numbers that are no whole ones become some: the check against the file's length tells.
    pub fn tensor(&mut self, name: String, dtype: String, shape: &[f64], start: f64, end: f64) {
        let shape = shape.iter().map(|&axis| axis as u64).collect();
        let data_offsets = [start as u64, end as u64];
        self.0.tensors.push(name, TensorInfo { dtype, shape, data_offsets });
    }

    /// Adds a string of `__metadata__`.
    pub fn note(&mut self, name: String, value: String) {
        self.0.metadata.push(name, value);
    }
}

impl ModelHeader {
    pub(super) fn into_header(self) -> Header {
        self.0
    }
}
