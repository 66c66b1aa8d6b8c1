//! The boundary to JavaScript: a file that a visitor gives, read as the command reads it.

use crate::look::{self, Sample};
use crate::{BadLines, Columns, Input, ReadAs, Reading, interactions};
use foldin::error::Result;
use foldin_kernel::FreshIsZero;
use foldin_lab::train::Interactions;
use rlsf::SmallGlobalTlsf;
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());

/// A file in memory.
#[wasm_bindgen]
pub struct File(Input);

#[wasm_bindgen]
impl File {
    /// Of all its bytes; the name is for errors.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, bytes: Vec<u8>) -> File {
        File(Input::Bytes { name, bytes: bytes.into() })
    }

    /// Its first records and what each column is, as JSON: `{columns: [{name, role?, why?}], rows: [[text]]}`.
    ///
    /// Throws (`format`) for what is no table.
    pub fn look(&self) -> Result<String, JsValue> {
        let sample: Sample = look::sample(self.0.clone(), &reading())?;
        Ok(json(&sample))
    }

    /// Who had what. Lines that cannot be used are left out and counted.
    ///
    /// Throws (`format`) where there are no columns of users and items, or no line that can be used.
    pub fn read(&self) -> Result<Table, JsValue> {
        let read = |reading| interactions::read_as(self.0.clone(), &reading);
        let (interactions, read_as) = read(reading()).or_else(|error| {
            // A page trains without times.
            let columns = Columns { time: Some("none".into()), ..Columns::default() };
            let Ok((interactions, mut read_as)) = read(Reading { columns, ..reading() }) else {
                return Err(error);
            };
            read_as.notes.push(format!("times are not read: {error}"));
            Ok((interactions, read_as))
        })?;
        Ok(Table { read_as, interactions })
    }
}

fn reading() -> Reading {
    Reading { bad_lines: BadLines::Skip(None), ..Reading::default() }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers are JSON")
}

/// A table of who had what.
#[wasm_bindgen]
pub struct Table {
    read_as: ReadAs,
    interactions: Interactions,
}

#[wasm_bindgen]
impl Table {
    /// What the file was taken for, in one line.
    pub fn line(&self) -> String {
        self.read_as.to_string()
    }

    /// Whether values are those of the file.
    #[wasm_bindgen(getter, js_name = hasValues)]
    pub fn has_values(&self) -> bool {
        self.read_as.has_values()
    }

    /// How many users.
    #[wasm_bindgen(getter, js_name = userCount)]
    pub fn user_count(&self) -> usize {
        self.interactions.users()
    }

    /// [interactions] the number of each one's user.
    pub fn users(&self) -> Vec<u32> {
        self.interactions.matrix.iter().map(|(user, ..)| user).collect()
    }

    /// [interactions] the number of each one's item.
    pub fn items(&self) -> Vec<u32> {
        self.interactions.matrix.iter().map(|(_, item, _)| item).collect()
    }

    /// [interactions] ratings, weights of kinds of events, or 1.
    pub fn values(&self) -> Vec<f32> {
        self.interactions.matrix.iter().map(|(.., value)| value).collect()
    }

    /// [interactions] seconds since 1970; nothing where the file has no times.
    pub fn times(&self) -> Option<Vec<f64>> {
        self.interactions.times.clone()
    }

    /// Ids of items by their numbers, as JSON.
    #[wasm_bindgen(js_name = itemIds)]
    pub fn item_ids(&self) -> String {
        json(&self.interactions.item_ids)
    }
}
