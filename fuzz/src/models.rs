//! Model files: changed where it hurts, and asked everything that a page asks.

use crate::mutate::{self, Chance};
use foldin::recommender::{Answer, Ask, Recommender};
use foldin::score::{Metric, Options};
use foldin::visitor::{Event, EventKind, FineTuning};
use foldin::{Named, Result};
use foldin_cli::{model_check, model_file};
use foldin_lab::cold_start::{Content, Onboarding, Traits, Transfer};
use serde_json::{Value, json};

/// Numbers that are large, small, or none.
const FLOATS: [f32; 20] = [
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
    f32::MIN,
    3e38,
    -6e22,
    -1.7e35,
    1e30,
    1e20,
    1e10,
    1e9,
    -1e9,
    1e5,
    1e-9,
    1e-20,
    1e-30,
    f32::MIN_POSITIVE,
    0.0,
    -0.0,
];

/// The same in text, for metadata.
const TEXTS: [&str; 16] = [
    "0",
    "1e30",
    "1e9",
    "1e-30",
    "10",
    "2",
    "1e38",
    "NaN",
    "-1",
    "",
    "ials",
    "sgd",
    "bpr",
    "two-tower",
    "external",
    "popular",
];

/// Metadata that something is computed from.
const KEYS: [&str; 9] = [
    "algorithm",
    "unobserved_weight",
    "regularization",
    "frequency_exponent",
    "mean",
    "popularity_exponent",
    "confidence",
    "users",
    "sampling",
];

/// Changes one thing in a model file, mostly numbers where numbers are; bytes anywhere in what is none.
pub fn mutate(file: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let parsed = if chance.below(10) == 0 { None } else { parse(file) };
    let Some((mut header, mut data)) = parsed else { return mutate::bytes(file, other, chance) };
    let names: Vec<String> = header.as_object().expect("parsed").keys().cloned().collect();
    let name = chance.one_of(&names).clone();
    if name == METADATA || chance.below(6) == 0 {
        header[METADATA][*chance.one_of(&KEYS)] = (*chance.one_of(&TEXTS)).into();
    } else if chance.below(8) == 0 {
        describe_otherwise(&mut header, &name, chance);
    } else if let Some(range) = bytes_of(&header[&name], data.len()) {
        change_numbers(&mut data[range], header[&name]["dtype"] == "F32", chance);
    }
    *file = joined(&header, &data);
}

const METADATA: &str = "__metadata__";

fn parse(file: &[u8]) -> Option<(Value, Vec<u8>)> {
    let len = u64::from_le_bytes(file.get(..8)?.try_into().ok()?) as usize;
    let header: Value = serde_json::from_slice(file.get(8..8usize.checked_add(len)?)?).ok()?;
    (header.is_object() && header.get(METADATA)?.is_object()).then(|| (header, file[8 + len..].to_vec()))
}

fn joined(header: &Value, data: &[u8]) -> Vec<u8> {
    let mut json = serde_json::to_vec(header).expect("plain data always serialises");
    json.resize(json.len().next_multiple_of(8), b' ');
    [&(json.len() as u64).to_le_bytes(), json.as_slice(), data].concat()
}

fn bytes_of(tensor: &Value, len: usize) -> Option<std::ops::Range<usize>> {
    let offset = |at: usize| tensor["data_offsets"][at].as_u64().map(|offset| offset as usize);
    let range = offset(0)?..offset(1)?;
    (range.start < range.end && range.end <= len).then_some(range)
}

/// One number, several, or all of them.
fn change_numbers(bytes: &mut [u8], floats: bool, chance: &mut Chance) {
    if !floats {
        let at = chance.below(bytes.len());
        bytes[at] = *chance.one_of(&[0, 1, 0x7f, 0x80, 0x81, 0xff]);
        return;
    }
    let value = match chance.below(4) {
        0 => f32::from_bits(chance.bits()),
        _ => *chance.one_of(&FLOATS),
    };
    let count = bytes.len() / 4;
    let one = chance.below(count);
    let (scaled, all) = (chance.below(4) == 0, chance.below(4) == 0);
    for (at, bytes) in bytes.chunks_exact_mut(4).enumerate().filter(|(at, _)| all || *at == one) {
        let old = f32::from_le_bytes(bytes.try_into().expect("four bytes"));
        let sign = if at % 3 == 0 { -1.0 } else { 1.0 };
        let new = if scaled {
            old * value
        } else if all {
            sign * value
        } else {
            value
        };
        bytes.copy_from_slice(&new.to_le_bytes());
    }
}

fn describe_otherwise(header: &mut Value, name: &str, chance: &mut Chance) {
    let tensor = &mut header[name];
    let number = *chance.one_of(&[0u64, 1, 2, 4096, 1 << 31, u64::MAX]);
    match chance.below(5) {
        0 => tensor["dtype"] = (*chance.one_of(&["F32", "F16", "I8", "U8", "U32", "F64", ""])).into(),
        1 => tensor["shape"][0] = number.into(),
        2 => tensor["shape"] = json!([number, number]),
        3 => tensor["data_offsets"][chance.below(2)] = number.into(),
        _ => drop(header.as_object_mut().expect("parsed").remove(name)),
    }
}

/// Opens a model and asks it; what came of it.
///
/// # Panics
/// For an answer with a number that is not finite, and for a model that `foldin check` lets pass and that refuses to answer.
pub fn ask(file: &[u8]) -> String {
    let model = match model_file::from_bytes(file) {
        Ok(model) => model,
        Err(error) => return short(&error),
    };
    let mut recommender = Recommender::new(model);
    let passed = model_check::outcomes(&mut recommender).iter().all(|outcome| outcome.holds);
    let seed = file.iter().fold(0u64, |seed, &byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    match questions(&mut recommender, &mut Chance::new(seed)) {
        Ok(()) => format!("answers, {passed}"),
        Err(error) => {
            assert!(!passed, "passed foldin check, then: {error}");
            short(&error)
        }
    }
}

fn short(error: &foldin::Error) -> String {
    let text = error.to_string();
    assert!(text.chars().count() <= 300 && !text.contains(char::is_control), "{text}");
    text
}

/// Visitors of all kinds, with everything that may be asked for them.
fn questions(recommender: &mut Recommender, chance: &mut Chance) -> Result<()> {
    let mut first = rooms(recommender);
    for _ in 0..3 {
        let events: Vec<Event> = (0..1 + chance.below(4)).map(|at| event(recommender, at, chance)).collect();
        let asked = visitor(recommender, &events, chance);
        first = first.and(asked);
        recommender.undo(&events);
    }
    first
}

fn event(recommender: &Recommender, at: usize, chance: &mut Chance) -> Event {
    let kinds = [
        EventKind::Like,
        EventKind::Like,
        EventKind::Dislike,
        EventKind::Rate,
        EventKind::View,
        EventKind::Skip,
    ];
    let kind = *chance.one_of(&kinds);
    let value = (kind == EventKind::Rate).then(|| 1.0 + chance.below(5) as f64);
    Event { item: chance.below(recommender.model().items()) as u32, kind, value, time: 1e5 * at as f64 }
}

fn visitor(recommender: &mut Recommender, events: &[Event], chance: &mut Chance) -> Result<()> {
    recommender.record(events)?;
    let vector = recommender.vector()?;
    assert!(vector.iter().all(|v| v.is_finite()), "vector {vector:?}");
    let options = Options { count: 10, diversity: 0.3 * chance.below(2) as f32, ..Options::default() };
    let explained = Ask { explain: true, ..Ask::default() };
    finite(&recommender.recommend(&options, explained)?);
    finite(&recommender.rank(&[0, events[0].item], &options, explained)?);
    for metric in [Metric::Cosine, Metric::Dot] {
        finite(&recommender.similar(&[events[0].item], metric, &Options::best(5), Ask::default())?);
    }
    // Two towers are not tuned, and hostile factors may well diverge.
    if let Ok(mut tuning) = recommender.start_tuning(FineTuning::default())
        && let Ok(loss) = tuning.epoch(recommender.model())
    {
        assert!(loss.is_finite(), "loss {loss}");
        recommender.finish_tuning(tuning);
        let tuned = recommender.recommend(&options, explained).map(|answer| finite(&answer));
        recommender.reset_tuning();
        let _ = tuned;
    }
    Ok(())
}

/// What is asked for a visitor of whom nothing is known, and what is believed of them.
fn rooms(recommender: &mut Recommender) -> Result<()> {
    finite(&recommender.recommend(&Options::default(), Ask::default())?);
    let model = recommender.model();
    if let Ok(mut onboarding) = Onboarding::new(model.room()) {
        onboarding.answered(0);
        onboarding.questions(3);
    }
    let nothing = Named::default();
    let mut beliefs = vec![model.prior().unwrap_or_default().to_vec()];
    beliefs.extend(Traits::belief(model.room(), &nothing).ok());
    if let Some(transfer) = Transfer::open(model.room())? {
        beliefs.extend(transfer.prior(&vec![0.5; transfer.source_dim()]).ok());
    }
    if let Some(content) = Content::open(model.room())? {
        let factor = content.factor_of_encoded(&vec![1.0; content.features().width()]);
        assert!(factor.iter().all(|v| v.is_finite()), "content {factor:?}");
    }
    for belief in beliefs {
        if recommender.believe(&belief).is_ok() {
            finite(&recommender.recommend(&Options::default(), Ask::default())?);
        }
    }
    recommender.believe(&[])
}

fn finite(answer: &Answer) {
    for result in &answer.results {
        assert!(result.score.is_finite(), "score {}", result.score);
        assert!(result.because.iter().all(|reason| reason.share.is_finite()), "shares {:?}", result.because);
    }
}
