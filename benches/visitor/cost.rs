//! What one event and one fine-tuning take, in catalogues of three sizes.

use crate::rankers::EPOCHS;
use foldin::model::{Algorithm, Factors, Recipe};
use foldin::score::{self, Options};
use foldin::visitor::{Event, EventKind, EventWeights, FineTuning, Profile};
use foldin::{Model, Precision, Result};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::time::Instant;

const DIM: usize = 64;
/// What the visitor did before.
const EVENTS: u32 = 50;
const REPEATS: u32 = 25;

pub fn print() -> Result<()> {
    println!("dim {DIM}, int8, a visitor with {EVENTS} events: median of {REPEATS}, in milliseconds");
    println!(
        "{:>9} {:>12} {:>16} {:>26}",
        "items",
        "one event",
        "and its top 10",
        format!("fine-tune, {EPOCHS} epochs")
    );
    for items in [1_000, 10_000, 100_000] {
        let model = model(items)?;
        let mut profile = Profile::new(&model, EventWeights::default());
        profile.record(&model, &(0..EVENTS).map(like).collect::<Vec<_>>())?;
        let (mut events, mut answers, mut tunings) = (Vec::new(), Vec::new(), Vec::new());
        for repeat in 0..REPEATS {
            let mut visitor = profile.clone();
            let start = Instant::now();
            visitor.record(&model, &[like(EVENTS + repeat)])?;
            let folded = visitor.fold_in(&model);
            events.push(start.elapsed().as_secs_f64());
            score::recommend(&model, folded.vector(), &visitor.items(), &Options::default())?;
            answers.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let mut tuning = visitor.start_tuning(&model, FineTuning::default())?;
            for _ in 0..EPOCHS {
                tuning.epoch(&model)?;
            }
            visitor.finish_tuning(&model, tuning);
            tunings.push(start.elapsed().as_secs_f64());
        }
        let [event, answer, tuning] = [events, answers, tunings].map(milliseconds);
        println!("{items:>9} {event:>12.3} {answer:>16.3} {tuning:>26.3}");
    }
    Ok(())
}

fn like(item: u32) -> Event {
    Event { item, kind: EventKind::Like, value: None, time: 10_000.0 * f64::from(item) }
}

fn model(items: usize) -> Result<Model> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let values = Array2::from_shape_simple_fn((items, DIM), || random.random_range(-0.3..0.3f32));
    let recipe = Recipe { algorithm: Algorithm::Ials, ..Recipe::default() };
    Model::pack(&Factors { recipe, ..Factors::external(values, None) }, Precision::Int8)
}

fn milliseconds(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    1000.0 * seconds[seconds.len() / 2]
}
