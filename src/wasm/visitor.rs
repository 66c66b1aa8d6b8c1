//! A visitor beyond recording: other weights, what a long history was summarised to, and fine-tuning, epoch by
//! epoch, so that JavaScript can show progress and stop between two.

use super::engine::Engine;
use crate::visitor::{Event, EventWeights, FineTune, FineTuning};
use wasm_bindgen::prelude::*;

/// A fine-tuning under way.
#[wasm_bindgen]
pub struct Tuning(FineTune);

#[wasm_bindgen]
impl Tuning {
    /// Runs one epoch; its loss.
    pub fn epoch(&mut self, engine: &Engine) -> Result<f32, JsValue> {
        Ok(self.0.epoch(engine.recommender.items())?)
    }
}

#[wasm_bindgen]
impl Engine {
    /// Of each event that is kept its row, its kind, its value or NaN, and its time.
    pub fn events(&self) -> Vec<f64> {
        let mut numbers = Vec::new();
        for &Event { item, kind, value, time } in self.recommender.profile().events() {
            numbers.extend([f64::from(item), f64::from(kind as u8), value.unwrap_or(f64::NAN), time]);
        }
        numbers
    }

    /// Weighs events by these numbers: of a like, dislike, rating, view, purchase and skip, what remains of that
    /// with age, of what is put into the basket or onto a list, clicked, shown and searched for, and of the page's own
    /// kinds; then the lowest and the highest rating, the seconds of a full view, and the half-life in
    /// milliseconds. NaN stands for the default.
    pub fn weigh(&mut self, weights: &[f32], scale: &[f64]) -> Result<(), JsValue> {
        let mut chosen = EventWeights::default();
        let EventWeights { like, dislike, rate, view, purchase, skip, remains, .. } = &mut chosen;
        let (page, shop) = weights.split_at(weights.len().min(7));
        set([like, dislike, rate, view, purchase, skip, remains], page);
        let EventWeights { cart, wishlist, click, impression, search, own, .. } = &mut chosen;
        let (shop, owns) = shop.split_at(shop.len().min(5));
        set([cart, wishlist, click, impression, search], shop);
        set(own.each_mut(), owns);
        let EventWeights { scale: (low, high), full_view, half_life, .. } = &mut chosen;
        set([low, high, full_view, half_life], scale);
        Ok(self.recommender.weigh(chosen)?)
    }

    /// Starts to fine-tune.
    #[wasm_bindgen(js_name = startTuning)]
    pub fn start_tuning(&self, learning_rate: f32, pull: f32) -> Result<Tuning, JsValue> {
        Ok(Tuning(self.recommender.start_tuning(FineTuning { learning_rate, pull })?))
    }

    /// Recommends with what was fine-tuned from now on.
    #[wasm_bindgen(js_name = finishTuning)]
    pub fn finish_tuning(&mut self, tuned: Tuning) {
        self.recommender.finish_tuning(tuned.0);
    }

    /// Recommends as before any fine-tuning.
    #[wasm_bindgen(js_name = resetTuning)]
    pub fn reset_tuning(&mut self) {
        self.recommender.reset_tuning();
    }
}

/// Sets what has a number.
fn set<T: Copy + Into<f64>, const N: usize>(fields: [&mut T; N], numbers: &[T]) {
    let given = fields.into_iter().zip(numbers).filter(|(_, number)| !(**number).into().is_nan());
    given.for_each(|(field, &number)| *field = number);
}
