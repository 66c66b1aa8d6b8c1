//! Nobody known yet: what a page asks for then.

use super::engine::Engine;
use crate::cold_start::{Content, Onboarding, Tower, Traits, Transfer, Value, changed};
use crate::error::Error;
use crate::named::Named;
use ndarray::Array2;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// Rows of the items to ask this visitor about, the most telling first.
    pub fn onboarding(&self, count: usize) -> Result<Vec<u32>, JsValue> {
        let mut onboarding = Onboarding::new(self.model())?;
        self.recommender.profile().items().into_iter().for_each(|row| onboarding.answered(self.model(), row));
        Ok(onboarding.questions(count))
    }

    /// The prior mean of a visitor with these traits: an object of the columns that training had.
    #[wasm_bindgen(js_name = priorOfTraits)]
    pub fn prior_of_traits(&self, said: JsValue) -> Result<Vec<f32>, JsValue> {
        let traits = Traits::open(self.model())?.ok_or_else(Traits::missing)?;
        Ok(traits.prior(&columns("traits", said)?)?)
    }

    /// The prior mean of a visitor who has this vector in the model that this one was trained to know.
    #[wasm_bindgen(js_name = priorOfTransfer)]
    pub fn prior_of_transfer(&self, vector: &[f32]) -> Result<Vec<f32>, JsValue> {
        let transfer = Transfer::open(self.model())?.ok_or_else(Transfer::missing)?;
        Ok(transfer.prior(vector)?)
    }

    /// Believes a prior mean of the visitor before their events; what the model believes of anybody without one.
    pub fn believe(&mut self, mean: Option<Vec<f32>>) -> Result<(), JsValue> {
        Ok(self.recommender.believe(mean.as_deref())?)
    }

    /// The factor of an item with these features, and an embedding where training had one.
    #[wasm_bindgen(js_name = factorOf)]
    pub fn factor_of(&self, features: JsValue, embedding: Option<Vec<f32>>) -> Result<Vec<f32>, JsValue> {
        let content = Content::open(self.model())?.ok_or_else(Content::missing)?;
        Ok(content.factor(&columns("features", features)?, embedding.as_deref())?)
    }

    /// The model with items added, each with its title and factor, [items x dim], and others gone; its visitor
    /// has done nothing yet.
    pub fn changed(
        &self,
        ids: Vec<String>,
        titles: Vec<String>,
        factors: Vec<f32>,
        gone: Vec<String>,
    ) -> Result<Engine, JsValue> {
        let factors = Array2::from_shape_vec((ids.len(), self.model().dim()), factors)
            .map_err(|_| Error::argument("vector", format!("{} numbers", self.model().dim()), "others"))?;
        Ok(Engine::new(changed(self.model(), &ids, &titles, factors, &gone)?))
    }

    /// What the user tower makes of the visitor's liked items, and their traits; None for a model without one.
    #[wasm_bindgen(js_name = towerVector)]
    pub fn tower_vector(&self, traits: JsValue) -> Result<Option<Vec<f32>>, JsValue> {
        let Some(tower) = Tower::open(self.model())? else { return Ok(None) };
        let traits = match traits.is_undefined() {
            true => None,
            false => tower.traits(&columns("traits", traits)?)?,
        };
        let liked = self
            .recommender
            .profile()
            .observations()
            .into_iter()
            .filter(|observation| observation.target > 0.0);
        let items = liked.map(|observation| self.model().factor(observation.item));
        Ok(Some(tower.vector(items, traits.as_deref())))
    }
}

/// A plain object's columns.
fn columns(field: &'static str, said: JsValue) -> Result<Named<Value>, Error> {
    let deserializer = serde_wasm_bindgen::Deserializer::from(said);
    Named::deserialize(deserializer)
        .map_err(|found| Error::argument(field, "an object of tags (strings), numbers or null", found))
}
