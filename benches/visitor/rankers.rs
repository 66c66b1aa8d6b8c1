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
    let rankers: [(&str, &Ranker<'_>); 4] = [
        ("popularity", &popular),
        ("fold-in, all events alike", &|model, events| folded(model, events, alike, false)),
        ("fold-in with recency (default)", &|model, events| {
            folded(model, events, EventWeights::default(), false)
        }),
        ("  and fine-tuned", &|model, events| folded(model, events, EventWeights::default(), true)),
    ];
    rankers.into_iter().map(|(name, ranker)| row(name, replays, ranker)).collect()
}

fn row(name: &'static str, replays: &[Replay], ranker: &Ranker<'_>) -> Result<Row> {
    let mut means = [0.0; STEPS.len()];
    for (mean, step) in means.iter_mut().zip(STEPS) {
        let tasks: Vec<_> = replays.iter().flat_map(|r| r.tasks(step).map(|task| (&r.model, task))).collect();
        let reached: Vec<f64> = tasks
            .par_iter()
            .map(|(model, (events, next))| Ok(ndcg(&ranker(model, events)?, *next)))
            .collect::<Result<_>>()?;
        *mean = reached.iter().sum::<f64>() / reached.len() as f64;
    }
    Ok(Row { name, ndcg: means })
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
