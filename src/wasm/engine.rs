//! One model with one visitor: everything a page asks.

use super::buffer::ModelBuffer;
use super::types::{Info, JsEvent, JsOptions, from_js, header_from_js, to_js};
use crate::error::{Error, Result};
use crate::model::{Factors, Model, Precision};
use crate::recommender::{Ask, Recommender};
use crate::score::Metric;
use crate::visitor::Event;
use ndarray::Array2;
use wasm_bindgen::prelude::*;

/// A loaded model and the visitor who asks it.
#[wasm_bindgen]
pub struct Engine {
    recommender: Recommender,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the model whose data section was written into `buffer`; takes the buffer, whatever comes out.
    pub fn open(header: &JsValue, buffer: ModelBuffer) -> Result<Engine, JsValue> {
        Ok(Engine::new(Model::open(header_from_js(header)?, buffer.into_bytes())?))
    }

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

    /// Items, dim, precision, bytes and metadata of the model.
    pub fn info(&self) -> JsValue {
        let model = self.recommender.model();
        to_js(&Info {
            items: model.items(),
            dim: model.dim(),
            precision: model.precision().name(),
            bytes: model.byte_len(),
            metadata: model.metadata(),
        })
    }

    /// Takes all of the events in, or none.
    pub fn record(&mut self, events: JsValue) -> Result<(), JsValue> {
        let events: Vec<JsEvent> = from_js(events, "events")?;
        let model = self.recommender.model();
        let events: Vec<Event> = events.iter().map(|event| event.resolve(model)).collect::<Result<_>>()?;
        Ok(self.recommender.record(&events)?)
    }

    /// Every event, in the order in which they were recorded.
    pub fn events(&self) -> JsValue {
        let (model, events) = (self.recommender.model(), self.recommender.profile().events());
        to_js(&events.iter().map(|event| JsEvent::new(event, model)).collect::<Vec<_>>())
    }

    /// Takes back every event on one item.
    pub fn forget(&mut self, item: &str) -> Result<(), JsValue> {
        Ok(self.recommender.forget(item)?)
    }

    /// Takes back every event.
    #[wasm_bindgen(js_name = clearEvents)]
    pub fn clear_events(&mut self) {
        self.recommender.clear();
    }

    /// The best items that the visitor has no event on.
    pub fn recommend(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = JsOptions::new(options)?;
        let explain = options.read("explain")?.unwrap_or(false);
        let vector = options.vector()?;
        let ask = Ask { vector: vector.as_deref(), explain };
        Ok(to_js(&self.recommender.recommend(&options.rest()?, ask)?))
    }

    /// The given items, best first.
    pub fn rank(&self, items: Vec<String>, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = JsOptions::new(options)?;
        let explain = options.read("explain")?.unwrap_or(false);
        let vector = options.vector()?;
        Ok(to_js(&self.recommender.rank(&items, Ask { vector: vector.as_deref(), explain })?))
    }

    /// The items most like this one.
    pub fn similar(&self, item: &str, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = JsOptions::new(options)?;
        let metric: Metric = options.read("metric")?.unwrap_or_default();
        let count = options.read("count")?.unwrap_or(10);
        Ok(to_js(&self.recommender.similar(item, metric, count)?))
    }

    /// Every title, in the order of the rows; none where the catalogue has none.
    pub fn titles(&self) -> Vec<String> {
        let model = self.recommender.model();
        let titles = (0..model.items() as u32).map_while(|row| model.catalog().title(row));
        titles.map(String::from).collect()
    }

    /// What is known of the item in one row.
    #[wasm_bindgen(js_name = itemAt)]
    pub fn item_at(&self, row: u32) -> Result<JsValue, JsValue> {
        let items = self.recommender.model().items();
        if row as usize >= items {
            Err(Error::argument("row", format!("a row below {items}"), row))?;
        }
        Ok(to_js(&self.recommender.item(row)))
    }

    /// What is known of one item.
    pub fn item(&self, id: &str) -> Result<JsValue, JsValue> {
        Ok(to_js(&self.recommender.item(self.recommender.model().find(id)?)))
    }

    /// The visitor's vector, [dim].
    pub fn vector(&self) -> Vec<f32> {
        self.recommender.profile().fold_in(self.recommender.model()).vector().to_vec()
    }
}

impl Engine {
    fn new(model: Model) -> Engine {
        Engine { recommender: Recommender::new(model) }
    }
}
