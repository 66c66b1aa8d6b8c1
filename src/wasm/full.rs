//! What few pages ask for.

use super::engine::Engine;
use crate::error::{Error, Result};
use crate::model::{Factors, Model, Precision};
use ndarray::Array2;
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// Packs factors [items x dim] made elsewhere; without ids the row numbers are the ids.
    #[wasm_bindgen(js_name = fromFactors)]
    pub fn from_factors(
        factors: Vec<f32>,
        dim: usize,
        ids: Option<Vec<String>>,
        precision: Option<String>,
    ) -> Result<Engine, JsValue> {
        let precision = precision.map_or(Ok(Precision::default()), |name| Precision::from_name(&name))?;
        if dim == 0 || factors.is_empty() || !factors.len().is_multiple_of(dim) {
            let expected = format!("a multiple of dim = {dim}, at least one row");
            Err(Error::argument("factors", expected, format!("{} numbers", factors.len())))?;
        }
        let values = Array2::from_shape_vec((factors.len() / dim, dim), factors).expect("whole rows");
        Ok(Engine::new(Model::pack(&Factors::external(values, ids), precision)?))
    }

    /// Where the model's data section starts in wasm memory.
    #[wasm_bindgen(getter)]
    pub fn pointer(&self) -> usize {
        self.model().bytes().as_ptr() as usize
    }

    /// The header that the model's file would have, as JavaScript parses one.
    pub fn header(&self) -> JsValue {
        let header = self.model().header();
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        // Plain data always serialises.
        header.serialize(&serializer).unwrap_or_default()
    }
}
