//! A model taken apart into a head, a complete small model, and parts that [`Model::arrive`] joins to it.

use super::arrival::{HEAD_ROWS, WHOLE_ITEMS};
use super::columns::{self, in_head};
use super::header::{Layout, Tensors, format_error};
use super::strings::Texts;
use super::{AlignedBytes, GRAM, Header, ID_BYTES, ID_NUMBERS, ID_OFFSETS, Model};
use crate::error::{Error, Result};
use crate::named::Named;
use std::ops::Range;

/// A model in pieces.
#[derive(Debug)]
pub struct Split {
    /// The head's header and data section. It opens as a model of its own.
    pub head: (Header, AlignedBytes),
    /// The parts, in the order of their rows.
    pub parts: Vec<Part>,
    /// By the names of offsets, where each part's texts and tags start, and how many there are.
    pub starts: Named<Vec<u32>>,
}

/// All items of some rows but the head's.
#[derive(Debug)]
pub struct Part {
    /// The rows that it completes.
    pub rows: Range<u32>,
    /// The header of its file.
    pub header: Header,
    /// The data section of its file.
    pub bytes: AlignedBytes,
    /// No factor in it is longer.
    pub longest: f32,
    /// No bias in it is greater; 0 without biases.
    pub largest_bias: f32,
}

/// A tensor on its way into a file.
struct Column {
    name: String,
    dtype: &'static str,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Model {
    /// Takes the model apart: the items of the rows `head` on their own, the others in parts that start at the rows
    /// `firsts`, of which the first is 0. Both rise. Items without ids get their numbers as ids.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for other rows; [`crate::Problem::OutOfMemory`].
    pub fn split(&self, head: &[u32], firsts: &[u32]) -> Result<Split> {
        let items = self.items as u32;
        let rises =
            |rows: &[u32]| rows.is_sorted_by(|a, b| a < b) && rows.last().is_some_and(|&row| row < items);
        if !rises(head) || !rises(firsts) || firsts[0] != 0 {
            let expected = format_args!("rising rows below {items}, from 0 on for parts");
            return Err(Error::argument("rows", expected, "others"));
        }
        // Places and baskets are looked at only when something asks for them.
        let places = self.header.tensors.iter().filter(|(name, _)| columns::is_fixed(name));
        for (name, info) in places {
            if info.shape.first() != Some(&u64::from(items)) {
                return Err(format_error(name, format_args!("a row for each of {items} items"), "others"));
            }
        }
        self.together()?;
        let mut columns = self.columns_of(head);
        let mut starts = Named::default();
        let ends = firsts.iter().skip(1).copied().chain([items]);
        let ranges: Vec<Range<u32>> = firsts.iter().zip(ends).map(|(&first, end)| first..end).collect();
        for column in columns::ragged(&self.header) {
            let ends: &[u32] = self.tensor(&column.offsets);
            let of_part = ranges.iter().map(|rows| rows.start).chain([items]).map(|row| ends[row as usize]);
            starts.push(column.offsets, of_part.collect());
        }
        if self.header.tensors.get(ID_OFFSETS).is_none() {
            let lengths: Vec<u32> = (0..items).map(|row| self.id(row).len() as u32).collect();
            let start = |row: u32| lengths[..row as usize].iter().sum();
            let of_part = ranges.iter().map(|rows| rows.start).chain([items]).map(start);
            starts.push(ID_OFFSETS.to_owned(), of_part.collect());
        }
        for column in &mut columns {
            column.name = in_head(&column.name);
        }
        columns.extend(self.whole_tensors());
        columns.push(Column::new(HEAD_ROWS, "U32", &[head.len()], head));
        let mut metadata = self.metadata().clone();
        metadata.push(WHOLE_ITEMS.to_owned(), items.to_string());
        let parts = ranges.into_iter().map(|rows| self.part(rows, head));
        Ok(Split { parts: parts.collect::<Result<_>>()?, head: lay_out(&columns, metadata)?, starts })
    }

    fn part(&self, rows: Range<u32>, head: &[u32]) -> Result<Part> {
        let others: Vec<u32> = rows.clone().filter(|row| head.binary_search(row).is_err()).collect();
        let metadata = [("format".to_owned(), "foldin-part".to_owned())].into_iter().collect();
        let (header, bytes) = lay_out(&self.columns_of(&others), metadata)?;
        let longest = others.iter().map(|&row| self.rows().norm(row as usize).next_up()).fold(0.0, f32::max);
        let biases = others.iter().filter_map(|&row| self.biases().map(|biases| biases[row as usize]));
        let largest_bias = biases.fold(f32::NEG_INFINITY, f32::max);
        let largest_bias = if largest_bias.is_finite() { largest_bias } else { 0.0 };
        Ok(Part { rows, header, bytes, longest, largest_bias })
    }

    /// What the model says of these rows.
    fn columns_of(&self, rows: &[u32]) -> Vec<Column> {
        let tensors = self.header.tensors.iter();
        let fixed = tensors.filter(|(name, _)| columns::is_fixed(name)).map(|(name, info)| {
            let bytes: &[u8] = self.tensor(name);
            let width = bytes.len() / self.items;
            let values = rows.iter().map(|&row| &bytes[row as usize * width..][..width]);
            let bytes = values.collect::<Vec<_>>().concat();
            let mut shape: Vec<usize> = info.shape.iter().map(|&axis| axis as usize).collect();
            shape[0] = rows.len();
            Column { name: name.to_owned(), dtype: dtype(&info.dtype), shape, bytes }
        });
        let mut found: Vec<Column> = fixed.collect();
        for column in columns::ragged(&self.header) {
            self.gather(&column, rows, &mut found);
        }
        if self.header.tensors.get(ID_OFFSETS).is_none() {
            let texts: Texts = rows.iter().map(|&row| self.id(row)).collect();
            found.push(Column::new(ID_BYTES, "U8", &[texts.bytes().len()], texts.bytes()));
            found.push(Column::new(ID_OFFSETS, "U32", &[rows.len() + 1], texts.offsets()));
        }
        found
    }

    fn gather(&self, column: &columns::Ragged, rows: &[u32], found: &mut Vec<Column>) {
        let ends: &[u32] = self.tensor(&column.offsets);
        let ranges = || rows.iter().map(|&row| ends[row as usize] as usize..ends[row as usize + 1] as usize);
        let mut offsets = vec![0];
        let mut end = 0;
        offsets.extend(ranges().map(|range| {
            end += range.len() as u32;
            end
        }));
        for name in &column.values {
            let dtype = dtype(&self.header.tensors[name].dtype);
            let width = if dtype == "U32" { 4 } else { 1 };
            let bytes: &[u8] = self.tensor(name);
            let values = ranges().map(|range| &bytes[range.start * width..range.end * width]);
            let bytes = values.collect::<Vec<_>>().concat();
            found.push(Column { name: name.clone(), dtype, shape: vec![end as usize], bytes });
        }
        found.push(Column::new(&column.offsets, "U32", &[offsets.len()], &offsets));
    }

    /// The tensors that are no item's, and the Gram matrix of all items in any case.
    fn whole_tensors(&self) -> Vec<Column> {
        let ragged = columns::ragged(&self.header);
        let is_column = |name: &str| {
            columns::is_fixed(name)
                || name == ID_NUMBERS
                || ragged.iter().any(|r| r.offsets == name || r.values.iter().any(|value| value == name))
        };
        let tensors = self.header.tensors.iter().filter(|(name, _)| !is_column(name) && *name != GRAM);
        let column = |name: &str, info: &super::TensorInfo| {
            let shape: Vec<usize> = info.shape.iter().map(|&axis| axis as usize).collect();
            Column::new::<u8>(name, dtype(&info.dtype), &shape, self.tensor(name))
        };
        let mut whole: Vec<Column> = tensors.map(|(name, info)| column(name, info)).collect();
        whole.push(Column::new(GRAM, "F32", &[self.dim, self.dim], &self.gram));
        whole
    }

    /// The numbers of a tensor that the model has.
    fn tensor<T: bytemuck::AnyBitPattern>(&self, name: &str) -> &[T] {
        let info = &self.header.tensors[name];
        let range = Tensors::of_open(&self.header).range(
            name,
            &info.dtype,
            &info.shape.iter().map(|&axis| axis as usize).collect::<Vec<_>>(),
        );
        bytemuck::cast_slice(&self.bytes[range.expect("a tensor that was checked")])
    }
}

impl Column {
    fn new<T: bytemuck::NoUninit>(name: &str, dtype: &'static str, shape: &[usize], data: &[T]) -> Column {
        let bytes = bytemuck::cast_slice(data).to_vec();
        Column { name: name.to_owned(), dtype, shape: shape.to_vec(), bytes }
    }
}

fn dtype(name: &str) -> &'static str {
    ["F32", "F16", "U32", "I8"].into_iter().find(|&known| known == name).unwrap_or("U8")
}

fn lay_out(columns: &[Column], metadata: Named<String>) -> Result<(Header, AlignedBytes)> {
    let mut layout = Layout::default();
    for Column { name, dtype, shape, bytes } in columns {
        layout.push(name.as_str(), dtype, shape, bytes);
    }
    layout.finish(metadata)
}
