//! Nobody known yet: what a page asks for then.

use super::engine::Engine;
use crate::cold_start::{Content, Onboarding, Traits, Transfer, Value};
use crate::error::Error;
use crate::named::Named;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// Rows of the items to ask this visitor about, the most telling first.
    pub fn onboarding(&self, count: usize) -> Result<Vec<u32>, JsValue> {
        let items = self.recommender.items().untuned();
        let mut onboarding = Onboarding::new(items)?;
        self.recommender.profile().items().into_iter().for_each(|row| onboarding.answered(items, row));
        Ok(onboarding.questions(count))
    }

    /// What is to be believed of a visitor with these traits: an object of the columns that training had.
    #[wasm_bindgen(js_name = priorOfTraits)]
    pub fn prior_of_traits(&self, said: JsValue) -> Result<Vec<f32>, JsValue> {
        Ok(Traits::belief(self.model(), &columns("traits", said)?)?)
    }

    /// The prior mean of a visitor who has this vector in the model that this one was trained to know.
    #[wasm_bindgen(js_name = priorOfTransfer)]
    pub fn prior_of_transfer(&self, vector: &[f32]) -> Result<Vec<f32>, JsValue> {
        let transfer = Transfer::open(self.model())?.ok_or_else(Transfer::missing)?;
        Ok(transfer.prior(vector)?)
    }

    /// The prior mean of anybody.
    #[wasm_bindgen(js_name = priorOfAnybody)]
    pub fn prior_of_anybody(&self) -> Result<Vec<f32>, JsValue> {
        let missing =
            || Error::argument("prior", "a model from `foldin train` (iALS)", "one without a prior");
        Ok(self.model().prior().ok_or_else(missing)?.to_vec())
    }

    /// Believes this of the visitor before their events; nothing, where it is empty.
    pub fn believe(&mut self, belief: &[f32]) -> Result<(), JsValue> {
        Ok(self.recommender.believe(belief)?)
    }

    /// The factor of an item with these features, and an embedding where training had one.
    #[wasm_bindgen(js_name = factorOf)]
    pub fn factor_of(&self, features: JsValue, embedding: Option<Vec<f32>>) -> Result<Vec<f32>, JsValue> {
        let content = Content::open(self.model())?.ok_or_else(Content::missing)?;
        Ok(content.factor(&columns("features", features)?, embedding.as_deref())?)
    }
}

/// A plain object's columns.
pub(super) fn columns(field: &'static str, said: JsValue) -> Result<Named<Value>, Error> {
    let deserializer = serde_wasm_bindgen::Deserializer::from(said);
    Named::deserialize(deserializer)
        .map_err(|found| Error::argument(field, "an object of tags (strings), numbers or null", found))
}
