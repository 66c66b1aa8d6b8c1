//! A model whose items come in parts: a head, which has the items that most visitors want, and ranges of all others.
//!
//! The rows are those of the whole model from the start, so that nothing moves when a part joins and the last one leaves
//! the very model that one file would have made. A row that has not arrived is treated as that of a removed item. Until its
//! part comes, its texts are empty, but for the first in each part, which holds the room of all.

use super::columns;
use super::header::{Tensors, format_error};
use super::placing::{Fixed, Ragged, Run, covers};
use super::source::Source;
use super::{AlignedBytes, Extremes, Header, Model};
use crate::error::{Error, Result};
use crate::named::Named;
use std::ops::Range;

/// The tensor of a head with the rows that its items have in the whole model, rising.
pub(super) const HEAD_ROWS: &str = "parts.rows";

/// The key of a head's metadata with the number of items of the whole model.
pub(super) const WHOLE_ITEMS: &str = "whole_items";

/// What has come of a model, and where the rest belongs.
#[derive(Debug)]
pub(super) struct Arrival {
    head: Source,
    /// Rows of the head's items, rising.
    head_rows: Vec<u32>,
    /// The first row of each part, and the number of items.
    firsts: Vec<u32>,
    arrived: Vec<bool>,
    fixed: Vec<Fixed>,
    ragged: Vec<Ragged>,
}

impl Model {
    /// A model of which nothing but the head's items will be there, once [`Model::place_head`] has placed them for every
    /// part. `bytes` are zeros, room for all that `header` tells; `firsts` are the first rows of the parts, and the
    /// number of items; `starts` tell, by the names of their offsets, where each part's texts and tags start, and how
    /// many there are.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a header that is not the head's with more items, or parts that do not fit it.
    pub fn arriving(
        header: Header,
        bytes: AlignedBytes,
        head: &Model,
        firsts: Vec<u32>,
        starts: &Named<Vec<u32>>,
    ) -> Result<Model> {
        let mut model = Model::located(header, bytes, false)?;
        let whole = model.header.clone();
        let (items, tensors) = (model.items, Tensors::of_open(&whole));
        if !covers(&firsts, items) || !firsts.is_sorted_by(|a, b| a < b) {
            let expected = format_args!("rising rows to {items}");
            return Err(format_error("parts", expected, "others"));
        }
        let head_rows = head.head_rows(items)?;
        let head = Source::head(head, &model)?;
        let ragged = columns::ragged(&whole).into_iter();
        let ragged = ragged.map(|column| Ragged::locate(column, &tensors, items, firsts.len(), starts));
        let ragged = ragged.collect::<Result<Vec<_>>>()?;
        let mut fixed = Vec::new();
        let is_ragged =
            |name: &str| ragged.iter().any(|r| r.name == name || r.values.iter().any(|v| v.name == name));
        for (name, info) in whole.tensors.iter() {
            let bytes = info.data_offsets[0] as usize..info.data_offsets[1] as usize;
            if columns::is_fixed(name) {
                fixed.push(Fixed { name: name.to_owned(), bytes });
            } else if !is_ragged(name) {
                head.copy_whole(name, info, &mut model.bytes[bytes])?;
            }
        }
        let gram = tensors.required_f32s(super::GRAM, &[model.dim, model.dim])?;
        model.gram = gram.of(&model.bytes).to_vec();
        model.extremes = head.extremes;
        let arrived = vec![false; firsts.len() - 1];
        model.arrival = Some(Box::new(Arrival { head, head_rows, firsts, arrived, fixed, ragged }));
        Ok(model)
    }

    /// Places the head's items among the rows of a part that has not arrived.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a part that there is not, or has arrived; [`crate::Problem::Format`] where the head's
    /// texts do not fit in.
    pub fn place_head(&mut self, part: usize) -> Result<()> {
        let arrival = self.take_arrival(part)?;
        let done = arrival.fill(self, part, None);
        self.arrival = Some(arrival);
        done
    }

    /// Takes a part in: `bytes` is the data section of its file. After the last one the model is what its single file
    /// would have made of it, and is checked as that would be.
    ///
    /// # Errors
    /// As [`Model::place_head`]; [`crate::Problem::Format`] for a part that is damaged or another's, which leaves the model
    /// as it was.
    pub fn arrive(&mut self, part: usize, header: Header, bytes: AlignedBytes) -> Result<()> {
        let mut arrival = self.take_arrival(part)?;
        let done = arrival.take_in(self, part, header, bytes);
        if done.is_ok() && !arrival.arrived.contains(&false) {
            self.extremes = Extremes::check(self)?;
            return Ok(());
        }
        self.arrival = Some(arrival);
        done
    }

    /// For a part that is still to come.
    fn take_arrival(&mut self, part: usize) -> Result<Box<Arrival>> {
        match self.arrival.take() {
            Some(arrival) if arrival.arrived.get(part) == Some(&false) => Ok(arrival),
            others => {
                self.arrival = others;
                Err(Error::argument("part", "a part that has not arrived", part))
            }
        }
    }

    /// The rows of a head's items in a model of so many.
    fn head_rows(&self, whole: usize) -> Result<Vec<u32>> {
        let tensors = Tensors::of_open(&self.header);
        let rows = tensors.range(HEAD_ROWS, "U32", &[self.items])?;
        let rows: &[u32] = bytemuck::cast_slice(&self.bytes[rows]);
        match rows.is_sorted_by(|a, b| a < b) && rows.last().is_some_and(|&row| (row as usize) < whole) {
            true => Ok(rows.to_vec()),
            false => Err(format_error(HEAD_ROWS, format_args!("rising rows to {whole}"), "others")),
        }
    }

    /// How many rows have not arrived.
    pub(super) fn missing(&self) -> usize {
        self.missing_before(self.items as u32)
    }

    /// How many rows before this one have not arrived.
    pub(super) fn missing_before(&self, row: u32) -> usize {
        self.arrival.as_ref().map_or(0, |arrival| arrival.missing_before(row))
    }

    /// Whether this row has arrived.
    pub(super) fn has_arrived(&self, row: u32) -> bool {
        self.arrival.as_ref().is_none_or(|arrival| arrival.has(row))
    }

    /// Whether an item of this part has this id; of a part that completed the model, any.
    pub fn holds(&self, part: usize, id: &str) -> bool {
        let rows = self.arrival.as_ref().and_then(|arrival| arrival.rows_of(part));
        let rows = rows.unwrap_or(0..self.items as u32);
        self.ids.find_among(id, rows.start as usize..rows.end as usize, &self.bytes).is_some()
    }

    /// The rows of the head among these, where no others of them have arrived.
    pub(crate) fn head_alone(&self, rows: Range<usize>) -> Option<&[u32]> {
        self.arrival.as_ref()?.head_alone(rows)
    }
}

impl Arrival {
    /// Checks a part and writes its rows.
    fn take_in(&mut self, model: &mut Model, part: usize, header: Header, bytes: AlignedBytes) -> Result<()> {
        let source = Source::part(header, bytes, self.missing(part), model)?;
        self.fill(model, part, Some(&source))?;
        self.arrived[part] = true;
        model.extremes = model.extremes.or(source.extremes);
        // What was measured before knows nothing of these rows.
        model.bounds = Default::default();
        Ok(())
    }

    /// The row of this id, among those that have arrived.
    #[inline(never)]
    pub(super) fn find(&self, model: &Model, id: &str) -> Option<u32> {
        let among =
            |rows: Range<u32>| model.ids.find_among(id, rows.start as usize..rows.end as usize, &model.bytes);
        let head = || self.head_rows.iter().find_map(|&row| among(row..row + 1));
        let parts = (0..self.arrived.len()).filter(|&part| self.arrived[part]);
        parts.map(|part| among(self.rows(part))).find_map(|row| row).or_else(head)
    }

    fn part_of(&self, row: u32) -> usize {
        self.firsts.partition_point(|&first| first <= row) - 1
    }

    #[inline(never)]
    fn has(&self, row: u32) -> bool {
        self.arrived.get(self.part_of(row)).is_none_or(|&arrived| arrived)
            || self.head_rows.binary_search(&row).is_ok()
    }

    /// Places in `head_rows` of those among `rows`.
    fn heads(&self, rows: Range<u32>) -> Range<usize> {
        let before = |row: u32| self.head_rows.partition_point(|&head| head < row);
        before(rows.start)..before(rows.end)
    }

    fn rows(&self, part: usize) -> Range<u32> {
        self.firsts[part]..self.firsts[part + 1]
    }

    fn rows_of(&self, part: usize) -> Option<Range<u32>> {
        (part < self.arrived.len()).then(|| self.rows(part))
    }

    /// How many rows of a part are not the head's.
    fn missing(&self, part: usize) -> usize {
        self.rows(part).len() - self.heads(self.rows(part)).len()
    }

    #[inline(never)]
    fn missing_before(&self, row: u32) -> usize {
        let missing = |part: usize| {
            let rows = self.rows(part);
            let rows = rows.start.min(row)..rows.end.min(row);
            rows.len() - self.heads(rows).len()
        };
        (0..self.arrived.len()).filter(|&part| !self.arrived[part]).map(missing).sum()
    }

    #[inline(never)]
    fn head_alone(&self, rows: Range<usize>) -> Option<&[u32]> {
        let rows = rows.start as u32..rows.end as u32;
        let parts = self.part_of(rows.start)..self.part_of(rows.end - 1) + 1;
        let none = !self.arrived[parts].contains(&true);
        none.then(|| &self.head_rows[self.heads(rows)])
    }

    /// The rows of a part, from wherever they come.
    fn runs<'a>(&'a self, part: usize, source: Option<&'a Source>) -> Vec<Run<'a>> {
        let rows = self.rows(part);
        let heads = self.heads(rows.clone());
        let (mut runs, mut row, mut at): (Vec<Run<'_>>, _, _) = (Vec::new(), rows.start, 0);
        let mut others = |runs: &mut Vec<Run<'a>>, row: u32, end: u32| {
            let len = (end - row) as usize;
            if len > 0 {
                runs.push(Run { source, at, row: row as usize, len });
                at += len;
            }
        };
        for head in heads {
            let place = self.head_rows[head];
            others(&mut runs, row, place);
            runs.push(Run { source: Some(&self.head), at: head, row: place as usize, len: 1 });
            row = place + 1;
        }
        others(&mut runs, row, rows.end);
        runs
    }

    /// Writes the rows of a part that are there; nothing where they do not fit.
    fn fill(&self, model: &mut Model, part: usize, source: Option<&Source>) -> Result<()> {
        let runs = self.runs(part, source);
        for column in &self.ragged {
            column.check(&runs, part)?;
        }
        let items = model.items;
        self.fixed.iter().for_each(|column| column.fill(&mut model.bytes, items, &runs));
        self.ragged.iter().for_each(|column| column.fill(&mut model.bytes, &runs, part));
        Ok(())
    }
}
