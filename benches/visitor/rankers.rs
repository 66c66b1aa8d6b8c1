//! Who names films: popularity, and fold-in with more and more of what a profile does.

use crate::replay::{NAMED, Replay, STEPS, ndcg};
use foldin::score::{self, Options};
use foldin::visitor::{Event, EventWeights, FineTuning, Profile};
use foldin::{Model, Result};
use rayon::prelude::*;

/// A line of the table.
pub struct Row {
    pub name: &'static str,
    /// [steps]
    pub ndcg: [f64; STEPS.len()],
}

/// Epochs of a fine-tuning.
pub const EPOCHS: usize = 5;

type Ranker<'a> = dyn Fn(&Model, &[Event]) -> Result<Vec<u32>> + Sync + 'a;

pub fn rows(replays: &[Replay]) -> Result<Vec<Row>> {
    let alike = EventWeights { remains: 1.0, ..EventWeights::default() };
    let by_default = EventWeights::default();
    Ok(vec![
        row("popularity", &gains(replays, &popular)?),
        row("fold-in, all events alike", &gains(replays, &fold_in(alike))?),
        row("fold-in with recency (default)", &gains(replays, &fold_in(by_default))?),
        row("  and fine-tuned", &gains(replays, &|model, events| folded(model, events, by_default, true))?),
        row("fold-in, recency others choose", &chosen_on_others(replays)?),
    ])
}

/// The row of `next`, whose models weigh events by their order.
pub fn next(replays: &[Replay]) -> Result<Row> {
    Ok(row("next", &gains(replays, &fold_in(EventWeights::default()))?))
}

/// Of each step what every visitor's next film gained.
type Gains = [Vec<f64>; STEPS.len()];

fn gains(replays: &[Replay], ranker: &Ranker<'_>) -> Result<Gains> {
    let mut gains = Gains::default();
    for (gains, step) in gains.iter_mut().zip(STEPS) {
        let tasks: Vec<_> = replays.iter().flat_map(|r| r.tasks(step).map(|task| (&r.model, task))).collect();
        let gain =
            |(model, (events, next)): &(&Model, (&[Event], u32))| Ok(ndcg(&ranker(model, events)?, *next));
        *gains = tasks.par_iter().map(gain).collect::<Result<_>>()?;
    }
    Ok(gains)
}

fn row(name: &'static str, gains: &Gains) -> Row {
    Row { name, ndcg: gains.each_ref().map(|gains| gains.iter().sum::<f64>() / gains.len() as f64) }
}

/// Parts that an old event keeps, to choose from.
const REMAINS: [f32; 3] = [0.05, 0.1, 0.3];

/// Milliseconds in which it loses half of the rest.
const HALF_LIVES: [f64; 3] = [60e3, 120e3, 600e3];

/// Recency chosen for each part of the users by what serves all the others best: what the default would be worth had
/// they not been asked for it.
fn chosen_on_others(replays: &[Replay]) -> Result<Gains> {
    let recency =
        |remains| HALF_LIVES.map(|half_life| EventWeights { remains, half_life, ..EventWeights::default() });
    let choices: Vec<EventWeights> = REMAINS.into_iter().flat_map(recency).collect();
    let of_each = |replay: &Replay| {
        choices.iter().map(|&weights| gains(std::slice::from_ref(replay), &fold_in(weights))).collect()
    };
    let parts: Vec<Vec<Gains>> = replays.iter().map(of_each).collect::<Result<_>>()?;
    let mut all = Gains::default();
    for (number, part) in parts.iter().enumerate() {
        let worth = |choice: &usize| {
            let others = parts.iter().enumerate().filter(|&(other, _)| other != number);
            others.flat_map(|(_, other)| row("", &other[*choice]).ndcg).sum::<f64>()
        };
        let best = (0..choices.len()).max_by(|a, b| worth(a).total_cmp(&worth(b))).expect("there are some");
        all.iter_mut().zip(&part[best]).for_each(|(all, gains)| all.extend(gains));
    }
    Ok(all)
}

fn fold_in(weights: EventWeights) -> impl Fn(&Model, &[Event]) -> Result<Vec<u32>> + Sync {
    move |model, events| folded(model, events, weights, false)
}

fn popular(model: &Model, events: &[Event]) -> Result<Vec<u32>> {
    let mut seen: Vec<u32> = events.iter().map(|event| event.item).collect();
    seen.sort_unstable();
    Ok(rows_of(&score::popular(model, &seen, &options(), None)?.ranking))
}

fn folded(model: &Model, events: &[Event], weights: EventWeights, tuned: bool) -> Result<Vec<u32>> {
    let mut profile = Profile::new(model, weights);
    profile.record(model, events)?;
    if tuned {
        let mut tuning = profile.start_tuning(model, FineTuning::default())?;
        for _ in 0..EPOCHS {
            tuning.epoch(model)?;
        }
        profile.finish_tuning(model, tuning);
    }
    let folded = profile.fold_in(model);
    Ok(rows_of(&score::recommend(model, folded.vector(), &profile.items(), &options())?))
}

fn options() -> Options {
    Options { count: NAMED, ..Options::default() }
}

fn rows_of(ranking: &[score::Scored]) -> Vec<u32> {
    ranking.iter().map(|scored| scored.item).collect()
}
