//! Training in a page: the lab's trainers, compiled for speed, behind a boundary to JavaScript. A page hands interactions
//! over and gets a model file's parts back.

#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

use foldin::error::{Error, Result};
use foldin::model::{MAX_DIM, Model, Precision};
use foldin_kernel::FreshIsZero;
use foldin_lab::auto::{self, Comparison, Request, Sought};
use foldin_lab::complete::{Known, TREND_HALF_LIFE, complete};
use foldin_lab::train::{
    self, Entries, Epoch, Interactions, Observer, Options, Snapshot, bpr, ials, next, sgd,
};
use js_sys::Function;
use rlsf::SmallGlobalTlsf;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// The most interactions that a page may train on.
const MAX_INTERACTIONS: usize = 1_000_000;
/// The most passes.
const MAX_EPOCHS: usize = 1000;
/// Interactions that algorithms are compared on, at most: in a page a person waits.
const COMPARED_INTERACTIONS: usize = 100_000;
/// Passes of `next`, unless the page says how many.
const NEXT_EPOCHS: usize = 8;

/// Interactions to train on.
#[wasm_bindgen]
pub struct Training(Interactions);

#[wasm_bindgen]
impl Training {
    /// Of each interaction a user's number, a place in `ids`, a value and, where they are known, a time in seconds. `next`
    /// learns from the order: without times a user's interactions are to be given as they happened.
    #[wasm_bindgen(constructor)]
    pub fn new(
        users: Vec<u32>,
        items: Vec<u32>,
        values: Vec<f32>,
        times: Option<Vec<f64>>,
        ids: Vec<String>,
    ) -> Result<Training, JsValue> {
        Ok(Training(interactions(Entries { users, items, values: Some(values) }, times, ids)?))
    }

    /// Trains, and packs what comes out. `told` is called after each epoch, and in long ones in between, with its number,
    /// how many there will be, the loss, and the share of the whole work that is done. Without a seed chance gives one, which
    /// the model's metadata tell.
    pub fn run(
        &self,
        algorithm: &str,
        dim: usize,
        epochs: Option<usize>,
        seed: Option<u32>,
        told: &Function,
    ) -> Result<Trained, JsValue> {
        check_size(dim, epochs)?;
        let seed = seed.map_or_else(chance, Ok)?.into();
        let mut metadata = BTreeMap::new();
        let (options, progress) = match algorithm {
            "auto" => {
                let comparison = compare(&self.0, dim, epochs, seed, told)?;
                metadata = comparison.metadata();
                (comparison.chosen, 0.5..1.0)
            }
            name => (options(&self.0, name, dim, epochs, seed)?, 0.0..1.0),
        };
        let trained = train::train(&self.0, &options, &mut Teller::new(told, options.epochs(), progress))?;
        let known = Known { trend_half_life: TREND_HALF_LIFE, metadata, ..Known::default() };
        let (factors, _) = complete(&self.0, trained, known)?;
        Ok(Trained(Model::pack(&factors, Precision::default())?))
    }
}

/// A model that was trained, to be copied out of this module's memory.
#[wasm_bindgen]
pub struct Trained(Model);

#[wasm_bindgen]
impl Trained {
    /// The header that the model's file would have, as JavaScript parses one.
    pub fn header(&self) -> JsValue {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        // Plain data always serialises.
        self.0.header().serialize(&serializer).unwrap_or_default()
    }

    /// Where the file's data section starts in this module's memory.
    #[wasm_bindgen(getter)]
    pub fn pointer(&self) -> usize {
        self.0.bytes().as_ptr() as usize
    }

    /// Bytes of the data section.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.bytes().len()
    }
}

fn interactions(entries: Entries, times: Option<Vec<f64>>, ids: Vec<String>) -> Result<Interactions> {
    let Entries { users, items, values } = &entries;
    let (count, values) = (users.len(), values.as_deref().unwrap_or_default());
    if count == 0 || count > MAX_INTERACTIONS || items.len() != count || values.len() != count {
        return Err(Error::argument("interactions", format!("1 to {MAX_INTERACTIONS}"), count));
    }
    if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::argument("interactions.values", "finite numbers", value));
    }
    let of_time = times.as_deref().unwrap_or_default();
    if times.is_some() && of_time.len() != count {
        return Err(Error::argument("interactions.times", format!("{count} of them"), of_time.len()));
    }
    if let Some(&time) = of_time.iter().find(|time| !time.is_finite()) {
        return Err(Error::argument("interactions.times", "finite numbers", time));
    }
    let most = users.iter().max().map_or(0, |&user| user as usize + 1);
    if most > count || items.iter().any(|&item| item as usize >= ids.len()) {
        return Err(Error::argument("interactions", "users and items numbered from 0 on", "others"));
    }
    let user_ids = (0..most).map(|user| user.to_string()).collect();
    Ok(Interactions::new(user_ids, ids, entries, times))
}

/// A seed that the browser draws.
fn chance() -> Result<u32> {
    getrandom::u32()
        .map_err(|_| Error::argument("seed", "a whole number, as this browser draws none", "nothing"))
}

fn check_size(dim: usize, epochs: Option<usize>) -> Result<()> {
    if let Some(epochs) = epochs.filter(|epochs| !(1..=MAX_EPOCHS).contains(epochs)) {
        return Err(Error::argument("epochs", format!("1 to {MAX_EPOCHS}"), epochs));
    }
    match (1..=MAX_DIM).contains(&dim) {
        true => Ok(()),
        false => Err(Error::argument("dim", format!("1 to {MAX_DIM}"), dim)),
    }
}

/// Hyperparameters of an algorithm; the passes that suit it, unless they are given.
fn options(
    data: &Interactions,
    algorithm: &str,
    dim: usize,
    epochs: Option<usize>,
    seed: u64,
) -> Result<Options> {
    let options = match algorithm {
        "ials" => Options::Ials(ials::Options { dim, seed, ..ials::Options::suited_to(data) }),
        "sgd" => Options::Sgd(sgd::Options { dim, seed, ..Default::default() }),
        "bpr" => Options::Bpr(bpr::Options { dim, seed, ..Default::default() }),
        "next" => Options::Next(next(dim, seed)),
        other => return Err(Error::argument("algorithm", "auto, next, ials, sgd or bpr", other)),
    };
    Ok(match epochs {
        Some(epochs) => options.with_epochs(epochs),
        None => options,
    })
}

/// A page has little time: no search for the best number of passes.
fn next(dim: usize, seed: u64) -> next::Options {
    next::Options { dim, seed, epochs: NEXT_EPOCHS, patience: 0, in_order: true, ..Default::default() }
}

/// Which algorithm suits the data: iALS with weights that suit its density, or `next` where there are times.
fn compare(
    data: &Interactions,
    dim: usize,
    epochs: Option<usize>,
    seed: u64,
    told: &Function,
) -> Result<Comparison> {
    let suited = ials::Options { dim, seed, ..ials::Options::suited_to(data) };
    let request = Request {
        ials: suited,
        axes: Vec::new(),
        next: match data.times {
            Some(_) => Ok(next(dim, seed)),
            None => Err("not tried: the interactions have no times".into()),
        },
        sought: Sought::Last,
        precision: Precision::default(),
        most_interactions: COMPARED_INTERACTIONS,
        seed,
    };
    let candidates = 1 + usize::from(request.next.is_ok());
    let mut tried = 0;
    let mut train = |interactions: &Interactions, options: &Options| {
        let options = epochs.map_or(options.clone(), |epochs| options.clone().with_epochs(epochs));
        let part = |number: usize| 0.5 * number as f64 / candidates as f64;
        let mut teller = Teller::new(told, options.epochs(), part(tried)..part(tried + 1));
        tried += 1;
        train::train(interactions, &options, &mut teller)
    };
    let mut comparison = auto::choose(data, &request, &mut train)?;
    if let Some(epochs) = epochs {
        comparison.chosen = comparison.chosen.with_epochs(epochs);
    }
    Ok(comparison)
}

/// Tells the page how far a training is.
struct Teller<'a> {
    told: &'a Function,
    epochs: usize,
    /// The part of the whole work that this training is.
    part: Range<f64>,
    last: Epoch,
}

impl<'a> Teller<'a> {
    fn new(told: &'a Function, epochs: usize, part: Range<f64>) -> Teller<'a> {
        Teller { told, epochs, part, last: Epoch { epoch: 0, loss: f64::NAN } }
    }

    fn tell(&self, share: f64) {
        let share = self.part.start + (self.part.end - self.part.start) * share;
        let numbers = [self.last.epoch as f64, self.epochs as f64, self.last.loss, share];
        // A listener that throws is no reason to stop.
        let _ = self.told.apply(&JsValue::UNDEFINED, &numbers.iter().copied().map(JsValue::from).collect());
    }
}

impl Observer for Teller<'_> {
    fn epoch(&mut self, epoch: Epoch, _: &Snapshot<'_>) -> ControlFlow<()> {
        self.last = epoch;
        self.tell(epoch.epoch as f64 / self.epochs as f64);
        ControlFlow::Continue(())
    }

    fn progress(&mut self, share: f64) -> ControlFlow<()> {
        self.tell(share);
        ControlFlow::Continue(())
    }
}
