//! What the items are called.

use super::header::{Tensors, format_error};
use super::strings::{StringIndex, Strings};
use super::{ID_BYTES, ID_NUMBERS, ID_OFFSETS};
use crate::error::Result;
use std::ops::Range;
use std::sync::OnceLock;

/// The items' ids, by row and back.
#[derive(Debug)]
pub(crate) enum Ids {
    /// An item's id is the number of its row.
    Rows { items: usize },
    /// An item's id is a number below `items`, each once: rows that were ordered without ids.
    Numbers { numbers: Range<usize>, rows: OnceLock<Vec<u32>> },
    /// Ids are strings.
    Strings(StringIndex),
}

impl Ids {
    pub(crate) fn open(tensors: &Tensors<'_>, items: usize, data: Option<&[u8]>) -> Result<Ids> {
        if let Some(strings) = Strings::optional(tensors, ID_BYTES, ID_OFFSETS, items, data)? {
            return Ok(Ids::Strings(StringIndex::new(strings)));
        }
        let Some(numbers) = tensors.optional(ID_NUMBERS, "U32", &[items])? else {
            return Ok(Ids::Rows { items });
        };
        let Some(data) = data else {
            return Err(format_error(ID_OFFSETS, "this tensor", "none, in a model of parts"));
        };
        let mut met = vec![false; items];
        for &number in bytemuck::cast_slice::<u8, u32>(&data[numbers.clone()]) {
            match met.get_mut(number as usize) {
                Some(met) if !*met => *met = true,
                _ => {
                    let expected = format_args!("every number below {items} once");
                    let found = format_args!("{number} again or too large");
                    return Err(format_error(ID_NUMBERS, expected, found));
                }
            }
        }
        Ok(Ids::Numbers { numbers, rows: OnceLock::new() })
    }

    pub(crate) fn get(&self, item: u32, data: &[u8]) -> String {
        match self {
            Ids::Rows { .. } => item.to_string(),
            Ids::Numbers { numbers, .. } => numbers_of(numbers, data)[item as usize].to_string(),
            Ids::Strings(strings) => strings.get(item as usize, data).to_owned(),
        }
    }

    /// The row of this id among `rows`, where ids are strings.
    pub(super) fn find_among(&self, id: &str, rows: Range<usize>, data: &[u8]) -> Option<u32> {
        match self {
            Ids::Strings(strings) => strings.find_among(id, rows, data),
            _ => None,
        }
    }

    /// An id that stands twice; numbers were looked at when they were opened.
    pub(crate) fn twice<'a>(&self, data: &'a [u8]) -> Option<&'a str> {
        match self {
            Ids::Strings(strings) => strings.twice(data),
            _ => None,
        }
    }

    pub(crate) fn find(&self, id: &str, data: &[u8]) -> Option<u32> {
        match self {
            Ids::Rows { items } => number(id).filter(|&row| (row as usize) < *items),
            Ids::Numbers { numbers, rows } => {
                let number = number(id)?;
                let rows = rows.get_or_init(|| inverse(numbers_of(numbers, data)));
                rows.get(number as usize).copied()
            }
            Ids::Strings(strings) => strings.find(id, data),
        }
    }
}

/// A number, only as numbers are written: without a sign, without zeros in front.
#[inline(never)]
pub(super) fn number(text: &str) -> Option<u32> {
    let written = text == "0" || matches!(text.as_bytes().first(), Some(b'1'..=b'9'));
    text.parse().ok().filter(|_: &u32| written)
}

fn numbers_of<'a>(numbers: &Range<usize>, data: &'a [u8]) -> &'a [u32] {
    bytemuck::cast_slice(&data[numbers.clone()])
}

fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; permutation.len()];
    permutation.iter().zip(0..).for_each(|(&number, row)| inverse[number as usize] = row);
    inverse
}
