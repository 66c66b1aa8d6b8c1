//! One model with one visitor: everything a page asks.

use super::buffer::ModelBuffer;
use super::header::ModelHeader;
use super::question::Question;
use crate::error::{Error, Result};
use crate::model::{Model, Unknown};
use crate::recommender::{Answer, Recommender};
use crate::score::{Metric, Rung};
use crate::visitor::{Event, EventKind};
use wasm_bindgen::prelude::*;

/// A loaded model and the visitor who asks it. Items go by their rows; JavaScript reads what they are called
/// from the model's bytes.
#[wasm_bindgen]
pub struct Engine {
    pub(super) recommender: Recommender,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the model whose data section was written into `buffer`; takes both, whatever comes out.
    pub fn open(header: ModelHeader, buffer: ModelBuffer) -> Result<Engine, JsValue> {
        Ok(Engine::new(Model::open(header.into_header(), buffer.into_bytes())?))
    }

    /// Takes all of the events in, or none: of each its row, its kind as a position in [`EventKind::ALL`], its
    /// value or NaN, and its time.
    pub fn record(
        &mut self,
        rows: &[u32],
        kinds: &[u8],
        values: &[f64],
        times: &[f64],
    ) -> Result<(), JsValue> {
        let events = self.events_of(rows, kinds, values, times)?;
        Ok(self.recommender.record(&events)?)
    }

    /// Takes events back.
    pub fn undo(&mut self, rows: &[u32], kinds: &[u8], values: &[f64], times: &[f64]) -> Result<(), JsValue> {
        let events = self.events_of(rows, kinds, values, times)?;
        self.recommender.undo(&events);
        Ok(())
    }

    /// Believes this of the visitor before their events ([`crate::Recommender::believe`]); nothing where it is empty.
    pub fn believe(&mut self, belief: &[f32]) -> Result<(), JsValue> {
        Ok(self.recommender.believe(belief)?)
    }

    /// The best items that the visitor has no event on, as [`flat`] has them.
    pub fn recommend(&self, question: &Question) -> Result<Vec<f64>, JsValue> {
        question.ask(&|ask| self.recommender.recommend(question.options(), ask))
    }

    /// The items with these ids, best first. An id that no item has is left out where `skip` says so, else an error.
    pub fn rank(&self, ids: Vec<String>, skip: bool, question: &Question) -> Result<Vec<f64>, JsValue> {
        let rows = self.rows(&ids, skip)?;
        question.ask(&|ask| self.recommender.rank(&rows, question.options(), ask))
    }

    /// The items most like those with these ids, of which unknown ones are treated as [`Engine::rank`] treats them.
    pub fn similar(
        &self,
        ids: Vec<String>,
        skip: bool,
        dot: bool,
        question: &Question,
    ) -> Result<Vec<f64>, JsValue> {
        let metric = if dot { Metric::Dot } else { Metric::Cosine };
        let rows = self.rows(&ids, skip)?;
        question.ask(&|ask| self.recommender.similar(&rows, metric, question.options(), ask))
    }

    /// The visitor's vector, [dim].
    pub fn vector(&self) -> Result<Vec<f32>, JsValue> {
        Ok(self.recommender.vector()?)
    }
}

impl Engine {
    pub(super) fn new(model: Model) -> Engine {
        Engine { recommender: Recommender::new(model) }
    }

    fn rows(&self, ids: &[String], skip: bool) -> Result<Vec<u32>> {
        self.recommender.items().find_all(ids, if skip { Unknown::Skip } else { Unknown::Error })
    }

    fn events_of(&self, rows: &[u32], kinds: &[u8], values: &[f64], times: &[f64]) -> Result<Vec<Event>> {
        let event = |at: usize| {
            let item = rows[at];
            self.recommender.items().check_row(item)?;
            let kind = EventKind::ALL.get(usize::from(kinds[at])).copied();
            let kind = kind.ok_or_else(|| Error::argument("event", "a kind of events", "another"))?;
            Ok(Event { item, kind, value: Some(values[at]).filter(|value| !value.is_nan()), time: times[at] })
        };
        (0..rows.len()).map(event).collect()
    }
}

/// An answer as numbers: how many rows were read for it, its rung as a position in [`Rung::NAMES`] or beyond them, then
/// of each result its row, its score, the number of its reasons, and of each reason its row, its kind as a position in [`EventKind::ALL`], and its share.
pub(super) fn flat(answer: &Answer) -> Vec<f64> {
    let rung = answer.rung.map_or(Rung::NAMES.len(), |rung| rung as usize);
    let mut numbers = vec![answer.rows_read as f64, rung as f64];
    for result in &answer.results {
        numbers.extend([f64::from(result.item), f64::from(result.score), result.because.len() as f64]);
        for reason in &result.because {
            numbers.extend([f64::from(reason.item), f64::from(reason.kind as u8), f64::from(reason.share)]);
        }
    }
    numbers
}
