//! Rows that come from a head and from parts, and where their values belong in the whole model.

use super::columns;
use super::header::{Tensors, format_error};
use super::source::Source;
use crate::error::Result;
use crate::named::Named;
use std::ops::Range;

/// A tensor with a row an item, and where it lies.
#[derive(Debug)]
pub(super) struct Fixed {
    pub(super) name: String,
    pub(super) bytes: Range<usize>,
}

/// Tensors with values an item, and where they lie.
#[derive(Debug)]
pub(super) struct Ragged {
    pub(super) name: String,
    offsets: Range<usize>,
    pub(super) values: Vec<Fixed>,
    /// Where the values of each part start, and how many there are.
    starts: Vec<u32>,
}

/// Rows that lie side by side in the whole model and in what they come from.
pub(super) struct Run<'a> {
    /// None: they have not arrived.
    pub(super) source: Option<&'a Source>,
    pub(super) at: usize,
    pub(super) row: usize,
    pub(super) len: usize,
}

/// Whether the numbers rise from 0 to `end`.
pub(super) fn covers(starts: &[u32], end: usize) -> bool {
    starts.first() == Some(&0) && starts.is_sorted() && starts.last() == Some(&(end as u32))
}

impl Fixed {
    /// Writes the rows that are there, of so many.
    pub(super) fn fill(&self, bytes: &mut [u8], items: usize, runs: &[Run<'_>]) {
        let width = self.bytes.len() / items;
        let target = &mut bytes[self.bytes.clone()];
        for &Run { source, at, row, len } in runs {
            let Some(source) = source else { continue };
            target[row * width..][..len * width]
                .copy_from_slice(&source.column(&self.name)[at * width..][..len * width]);
        }
    }
}

impl Ragged {
    /// Where a column of a whole model lies, whose parts start at `starts`, so many.
    pub(super) fn locate(
        column: columns::Ragged,
        tensors: &Tensors<'_>,
        items: usize,
        parts: usize,
        starts: &Named<Vec<u32>>,
    ) -> Result<Ragged> {
        let starts = starts.get(&column.offsets).cloned().unwrap_or_default();
        let mut values = Vec::new();
        for name in column.values {
            let (bytes, len) = tensors.vector(&name, &tensors.get(&name)?.dtype)?;
            if starts.len() != parts || !covers(&starts, len) {
                let expected = format_args!("rising offsets to {len}");
                return Err(format_error(&column.offsets, expected, "others"));
            }
            values.push(Fixed { name, bytes });
        }
        let offsets = tensors.range(&column.offsets, "U32", &[items + 1])?;
        Ok(Ragged { name: column.offsets, offsets, values, starts })
    }

    fn room(&self, part: usize) -> usize {
        (self.starts[part + 1] - self.starts[part]) as usize
    }

    fn held(&self, runs: &[Run<'_>]) -> usize {
        let held = |run: &Run<'_>| {
            run.source.map_or(0, |source| {
                let ends = source.ends(&self.name);
                (ends[run.at + run.len] - ends[run.at]) as usize
            })
        };
        runs.iter().map(held).sum()
    }

    pub(super) fn check(&self, runs: &[Run<'_>], part: usize) -> Result<()> {
        let (room, held) = (self.room(part), self.held(runs));
        let is_open = runs.iter().any(|run| run.source.is_none());
        match held == room || is_open && held < room {
            true => Ok(()),
            false => Err(format_error(&self.name, format_args!("{room} values"), held)),
        }
    }

    pub(super) fn fill(&self, bytes: &mut [u8], runs: &[Run<'_>], part: usize) {
        let mut room = self.room(part) - self.held(runs);
        let mut next = self.starts[part] as usize;
        for &Run { source, at, row, len } in runs {
            let offsets: &mut [u32] = bytemuck::cast_slice_mut(&mut bytes[self.offsets.clone()]);
            let Some(source) = source else {
                offsets[row] = next as u32;
                next += std::mem::take(&mut room);
                offsets[row + 1..row + len].fill(next as u32);
                continue;
            };
            let ends = &source.ends(&self.name)[at..=at + len];
            for (offset, end) in offsets[row..].iter_mut().zip(&ends[..len]) {
                *offset = next as u32 + end - ends[0];
            }
            let (from, to) = (ends[0] as usize, ends[len] as usize);
            for Fixed { name, bytes: range } in &self.values {
                let values = source.column(name);
                let width = source.width(name);
                bytes[range.clone()][next * width..][..(to - from) * width]
                    .copy_from_slice(&values[from * width..to * width]);
            }
            next += to - from;
        }
        let end = runs.last().map_or(0, |run| run.row + run.len);
        let offsets: &mut [u32] = bytemuck::cast_slice_mut(&mut bytes[self.offsets.clone()]);
        offsets[end] = next as u32;
    }
}
