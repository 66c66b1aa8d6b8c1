//! Training in a page: the lab's trainers, compiled for speed, behind a boundary to JavaScript. A page hands interactions
//! over and gets a model file's parts back.

#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

use foldin::error::{Error, Result};
use foldin::model::{MAX_DIM, Model, Precision};
use foldin_kernel::FreshIsZero;
use foldin_lab::complete::{Known, complete};
use foldin_lab::train::{self, Entries, Epoch, Interactions, Options, Snapshot, bpr, ials, next, sgd};
use rlsf::SmallGlobalTlsf;
use serde::Serialize;
use std::ops::ControlFlow;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// The most interactions that a page may train on.
const MAX_INTERACTIONS: usize = 1_000_000;
/// The most passes.
const MAX_EPOCHS: usize = 1000;

/// Interactions to train on.
#[wasm_bindgen]
pub struct Training(Interactions);

#[wasm_bindgen]
impl Training {
    /// Of each interaction a user's number, a place in `ids` and a value. `next` learns from their order: a user's are to
    /// be given as they happened.
    #[wasm_bindgen(constructor)]
    pub fn new(
        users: Vec<u32>,
        items: Vec<u32>,
        values: Vec<f32>,
        ids: Vec<String>,
    ) -> Result<Training, JsValue> {
        Ok(Training(interactions(Entries { users, items, values: Some(values) }, ids)?))
    }

    /// Trains, and packs what comes out. After each epoch `told` is called with its number and its loss.
    pub fn run(
        &self,
        algorithm: &str,
        dim: usize,
        epochs: usize,
        seed: u32,
        told: &js_sys::Function,
    ) -> Result<Trained, JsValue> {
        let options = options(&self.0, algorithm, dim, epochs, seed)?;
        let mut observer = |Epoch { epoch, loss }: Epoch, _: &Snapshot<'_>| {
            // A listener that throws is no reason to stop.
            let _ = told.call2(&JsValue::UNDEFINED, &(epoch as u32).into(), &loss.into());
            ControlFlow::Continue(())
        };
        let trained = train::train(&self.0, &options, &mut observer)?;
        let (factors, _) = complete(&self.0, trained, Known::default())?;
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

fn interactions(entries: Entries, ids: Vec<String>) -> Result<Interactions> {
    let Entries { users, items, values } = &entries;
    let (count, values) = (users.len(), values.as_deref().unwrap_or_default());
    if count == 0 || count > MAX_INTERACTIONS || items.len() != count || values.len() != count {
        return Err(Error::argument("interactions", format!("1 to {MAX_INTERACTIONS}"), count));
    }
    if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::argument("interactions.values", "finite numbers", value));
    }
    let most = users.iter().max().map_or(0, |&user| user as usize + 1);
    if most > count || items.iter().any(|&item| item as usize >= ids.len()) {
        return Err(Error::argument("interactions", "users and items numbered from 0 on", "others"));
    }
    let user_ids = (0..most).map(|user| user.to_string()).collect();
    Ok(Interactions::new(user_ids, ids, entries, None))
}

fn options(data: &Interactions, algorithm: &str, dim: usize, epochs: usize, seed: u32) -> Result<Options> {
    if !(1..=MAX_EPOCHS).contains(&epochs) {
        return Err(Error::argument("epochs", format!("1 to {MAX_EPOCHS}"), epochs));
    }
    if !(1..=MAX_DIM).contains(&dim) {
        return Err(Error::argument("dim", format!("1 to {MAX_DIM}"), dim));
    }
    let seed = seed.into();
    Ok(match algorithm {
        "ials" => Options::Ials(ials::Options { dim, epochs, seed, ..ials::Options::suited_to(data) }),
        "sgd" => Options::Sgd(sgd::Options { dim, epochs, seed, ..Default::default() }),
        "bpr" => Options::Bpr(bpr::Options { dim, epochs, seed, ..Default::default() }),
        // A page has little time: no search for the best number of epochs.
        "next" => Options::Next(next::Options {
            dim,
            epochs,
            seed,
            patience: 0,
            in_order: true,
            ..Default::default()
        }),
        other => return Err(Error::argument("algorithm", "ials, sgd, bpr or next", other)),
    })
}
