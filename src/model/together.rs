//! What was bought together: of each item the items that shared baskets with it more often than chance would have it.
//!
//! Tensors: `together.items` (U32 rows), `together.offsets` (U32 [items + 1], where each item's end) and
//! `together.weights` (U8, in 255ths of the greatest weight, rounded up).

use super::header::{Layout, Tensors};
use super::{Model, format_error};
use crate::error::{Error, Result};

const ITEMS: &str = "together.items";
const OFFSETS: &str = "together.offsets";
const WEIGHTS: &str = "together.weights";

/// Of each item others with weights, the greatest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Together(pub Vec<Vec<(u32, u8)>>);

impl Together {
    /// What it says of these items alone, which stand in rows of their own then.
    pub fn select(&self, items: &[u32]) -> Together {
        let mut rows = vec![None; self.0.len()];
        items.iter().zip(0u32..).for_each(|(&item, row)| rows[item as usize] = Some(row));
        let others = |&item: &u32| {
            let others = self.0[item as usize].iter();
            others.filter_map(|&(other, weight)| Some((rows[other as usize]?, weight))).collect()
        };
        Together(items.iter().map(others).collect())
    }
}

/// The tensors' numbers on their way into a file: items, offsets and weights.
pub(super) struct Columns(Vec<u32>, Vec<u32>, Vec<u8>);

impl From<Together> for Columns {
    fn from(Together(others): Together) -> Columns {
        let ends = others.iter().scan(0, |end, others| {
            *end += others.len() as u32;
            Some(*end)
        });
        let offsets = std::iter::once(0).chain(ends).collect();
        let (items, weights) = others.iter().flatten().copied().unzip();
        Columns(items, offsets, weights)
    }
}

impl Columns {
    pub(super) fn push<'a>(&'a self, layout: &mut Layout<'a>) {
        let Columns(items, offsets, weights) = self;
        layout.push(ITEMS, "U32", &[items.len()], items);
        layout.push(OFFSETS, "U32", &[offsets.len()], offsets);
        layout.push(WEIGHTS, "U8", &[weights.len()], weights);
    }
}

impl Model {
    /// What was bought together; None where the model does not know.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for tensors that do not fit the model.
    pub fn together(&self) -> Result<Option<TogetherView<'_>>> {
        let tensors = Tensors::of_open(&self.header);
        if tensors.get(ITEMS).is_err() {
            return Ok(None);
        }
        let (items, len) = tensors.vector(ITEMS, "U32")?;
        let offsets = tensors.range(OFFSETS, "U32", &[self.items + 1])?;
        let weights = tensors.range(WEIGHTS, "U8", &[len])?;
        let view = TogetherView {
            items: bytemuck::cast_slice(&self.bytes[items]),
            offsets: bytemuck::cast_slice(&self.bytes[offsets]),
            weights: &self.bytes[weights],
        };
        let covers = view.offsets[0] == 0 && view.offsets[self.items] as usize == len;
        if !covers || !view.offsets.is_sorted() {
            return Err(format_error(OFFSETS, "rising offsets that cover the items", "others"));
        }
        if view.items.iter().any(|&row| row as usize >= self.items) {
            return Err(format_error(ITEMS, format_args!("rows below {}", self.items), "a larger one"));
        }
        Ok(Some(view))
    }

    /// [`Model::together`], which a question needs.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] where the model does not know.
    pub(crate) fn required_together(&self) -> Result<TogetherView<'_>> {
        let expected = "a model from `foldin train --baskets`, beside bought-together";
        self.together()?.ok_or_else(|| Error::argument("by", expected, "one that knows no baskets"))
    }
}

/// [`Together`] as it lies in a file that was checked.
#[derive(Clone, Copy, Debug)]
pub struct TogetherView<'a> {
    items: &'a [u32],
    offsets: &'a [u32],
    weights: &'a [u8],
}

impl<'a> TogetherView<'a> {
    /// What was bought with the item of this row, rows and weights; nothing with one that was added.
    pub fn of(self, row: u32) -> impl Iterator<Item = (u32, u8)> + 'a {
        let ends = self.offsets.get(row as usize..row as usize + 2).unwrap_or(&[0, 0]);
        let range = ends[0] as usize..ends[1] as usize;
        self.items[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// All of it.
    pub fn to_owned(self) -> Together {
        Together((0..self.offsets.len() - 1).map(|row| self.of(row as u32).collect()).collect())
    }
}
