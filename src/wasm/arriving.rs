//! A model that comes in parts.

use super::buffer::ModelBuffer;
use super::engine::Engine;
use super::header::ModelHeader;
use crate::model::Model;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// An engine with the whole model that this one has the head of, without a visitor and for now without items:
    /// [`Model::arriving`]. Of each column in `names`, `starts` has one number a part and one more.
    pub fn arriving(
        &self,
        header: ModelHeader,
        buffer: ModelBuffer,
        firsts: Vec<u32>,
        names: Vec<String>,
        starts: &[u32],
    ) -> Result<Engine, JsValue> {
        let starts = names.into_iter().zip(starts.chunks(firsts.len().max(1)).map(<[u32]>::to_vec)).collect();
        let (header, bytes, head) = (header.into_header(), buffer.into_bytes(), self.recommender.model());
        Ok(Engine::new(Model::arriving(header, bytes, head, firsts, &starts)?))
    }

    /// Places the head's items among the rows of a part.
    #[wasm_bindgen(js_name = placeHead)]
    pub fn place_head(&mut self, part: usize) -> Result<(), JsValue> {
        Ok(self.recommender.place_head(part)?)
    }

    /// Whether an item of this part that has arrived has this id.
    pub fn holds(&self, part: usize, id: &str) -> bool {
        self.recommender.model().holds(part, id)
    }

    /// Takes a part in, whose data section was written into `buffer`.
    pub fn arrive(&mut self, part: usize, header: ModelHeader, buffer: ModelBuffer) -> Result<(), JsValue> {
        Ok(self.recommender.arrive(part, header.into_header(), buffer.into_bytes())?)
    }
}
