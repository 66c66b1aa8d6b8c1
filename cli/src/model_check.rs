//! What must hold of a model before anybody is recommended to.

use crate::outcome::Outcome;
use foldin::recommender::{Answer, Ask, Recommender};
use foldin::score::{Metric, Options};
use foldin::visitor::{Event, EventKind};
use foldin::{Error, Model, Result};
use foldin_lab::cold_start::{Content, Onboarding, Traits, Transfer, onboarding};
use std::collections::HashSet;

/// Everything that can be told from the model alone.
pub fn outcomes(recommender: &mut Recommender) -> Vec<Outcome> {
    let model = recommender.model();
    let mut outcomes = vec![finite(model), unique_ids(model), gram(model)];
    outcomes.push(answers(recommender));
    outcomes
}

/// Holds once a model is open.
fn finite(model: &Model) -> Outcome {
    Outcome {
        name: "finite numbers".into(),
        holds: true,
        found: format!("{} items of dimension {}, {}", model.items(), model.dim(), model.precision().name()),
        expected: "no NaN, no infinity".into(),
    }
}

fn unique_ids(model: &Model) -> Outcome {
    let mut met = HashSet::new();
    let twice = (0..model.items() as u32).map(|row| model.id(row)).find(|id| !met.insert(id.clone()));
    Outcome {
        name: "unique ids".into(),
        holds: twice.is_none(),
        found: twice.map_or(format!("{} ids", model.items()), |id| format!("{id} twice")),
        expected: "each id once".into(),
    }
}

/// An entry of the Gram matrix may be off by this share of what its row and column have on the diagonal: it may have been
/// summed in 32 bits, elsewhere.
const TOLERANCE: f64 = 1e-3;

/// Every entry of the Gram matrix is the sum of the rows' products, with their weights.
fn gram(model: &Model) -> Outcome {
    let (dim, found, wanted) = (model.dim(), model.gram(), model.gram_of_rows());
    let diagonal = |at: usize| f64::from(wanted[at * (dim + 1)]);
    let allowed = |at: usize| {
        TOLERANCE * (diagonal(at / dim) * diagonal(at % dim)).sqrt() + f64::from(f32::MIN_POSITIVE)
    };
    let off = |at: usize| (f64::from(found[at]) - f64::from(wanted[at])).abs() / allowed(at);
    let worst = (0..dim * dim).max_by(|&a, &b| off(a).total_cmp(&off(b))).expect("a dimension or more");
    Outcome {
        name: "Gram matrix".into(),
        holds: off(worst) <= 1.0,
        found: match off(worst) <= 1.0 {
            true => format!("{} entries", dim * dim),
            false => format!(
                "{:e} at [{}, {}], where the rows make {:e}",
                found[worst],
                worst / dim,
                worst % dim,
                wanted[worst]
            ),
        },
        expected: "the sum of the rows' outer products: pack the model again".into(),
    }
}

/// How many items are asked with, besides those at the ends of every scale.
const PROBES: usize = 32;

/// Real questions get answers of finite numbers.
fn answers(recommender: &mut Recommender) -> Outcome {
    let asked = ask_everything(recommender);
    Outcome {
        name: "answers".into(),
        holds: asked.is_ok(),
        found: asked
            .map_or_else(|error| error.to_string(), |asked| format!("{asked} questions, all answered")),
        expected: "finite scores and shares for every visitor".into(),
    }
}

/// Asks for a visitor of whom nothing is known, of whom something is believed, and for those who like or dislike one of
/// many items; how many questions that were.
fn ask_everything(recommender: &mut Recommender) -> Result<usize> {
    let probes = probes(recommender.model());
    let mut asked = 1;
    let explained = Ask { explain: true, ..Ask::default() };
    let mut ask = |recommender: &Recommender| {
        asked += 1;
        let options = Options { count: 10, ..Options::default() };
        all_finite(&recommender.recommend(&options, explained)?)
    };
    ask(recommender)?;
    ask_rooms(recommender.model())?;
    if let Some(prior) = recommender.model().prior().map(<[f32]>::to_vec)
        && recommender.believe(&prior).is_ok()
    {
        ask(recommender)?;
        recommender.believe(&[])?;
    }
    let event = |item: u32, kind: EventKind| Event { item, kind, value: None, time: 0.0 };
    let liked: Vec<Event> = probes.iter().map(|&item| event(item, EventKind::Like)).collect();
    for (like, &other) in liked.iter().zip(probes.iter().rev()) {
        let dislike = event(other, EventKind::Dislike);
        for events in [vec![*like], vec![*like, dislike]] {
            recommender.record(&events)?;
            ask(recommender)?;
            recommender.undo(&events);
        }
        all_finite(&recommender.similar(
            &[like.item],
            Metric::Cosine,
            &Options::best(10),
            Ask::default(),
        )?)?;
        all_finite(&recommender.similar(&[like.item], Metric::Dot, &Options::best(10), Ask::default())?)?;
    }
    recommender.record(&liked)?;
    ask(recommender)?;
    recommender.undo(&liked);
    Ok(asked)
}

/// Opens all that a page may ask for besides.
fn ask_rooms(model: &Model) -> Result<()> {
    if model.room().has(&format!("{}.map", onboarding::PREFIX)) {
        Onboarding::new(model.room())?.questions(3);
    }
    Traits::open(model.room())?;
    Transfer::open(model.room())?;
    Content::open(model.room())?;
    Ok(())
}

/// Rows along the whole catalogue, with those of the longest and the shortest factors and of the greatest and the least
/// biases.
fn probes(model: &Model) -> Vec<u32> {
    let items = model.items();
    let mut rows: Vec<u32> =
        (0..PROBES.min(items)).map(|at| (at * items / PROBES.min(items)) as u32).collect();
    let mut factor = vec![0.0; model.dim()];
    let mut length = |row: u32| {
        model.factor_into(row, &mut factor);
        factor.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>()
    };
    let lengths: Vec<f64> = (0..items as u32).map(&mut length).collect();
    let at_the_ends = |numbers: &[f64]| {
        let rows = || (0..items).filter(|&row| numbers[row] != 0.0);
        let by = |a: &usize, b: &usize| numbers[*a].total_cmp(&numbers[*b]);
        [rows().min_by(by), rows().max_by(by)].into_iter().flatten().map(|row| row as u32).collect::<Vec<_>>()
    };
    rows.extend(at_the_ends(&lengths));
    let biases: Option<Vec<f64>> =
        model.biases().map(|biases| biases.iter().map(|&b| f64::from(b)).collect());
    rows.extend(biases.iter().flat_map(|biases| at_the_ends(biases)));
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn all_finite(answer: &Answer) -> Result<()> {
    let finite = |result: &foldin::recommender::Recommendation| {
        result.score.is_finite() && result.because.iter().all(|reason| reason.share.is_finite())
    };
    match answer.results.iter().all(finite) {
        true => Ok(()),
        false => Err(Error::format("answers", "finite scores", "others", "pack the model again")),
    }
}
