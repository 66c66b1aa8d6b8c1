//! A head or a part, checked against the model that its rows go into.

use super::catalog::{TAGS, TITLE};
use super::columns::{self, in_head};
use super::header::{Tensors, format_error};
use super::strings::Strings;
use super::{AlignedBytes, BIASES, Extremes, FACTORS, Header, ID_BYTES, Model, Rows, SCALES, TensorInfo};
use crate::error::Result;

/// Rows that are ready to be copied.
#[derive(Debug)]
pub(super) struct Source {
    header: Header,
    bytes: AlignedBytes,
    rows: usize,
    is_head: bool,
    pub(super) extremes: Extremes,
}

impl Source {
    /// A copy of a head, which was checked when it was opened.
    pub(super) fn head(head: &Model, whole: &Model) -> Result<Source> {
        let mut bytes = AlignedBytes::zeroed(head.bytes.len())?;
        bytes.copy_from_slice(&head.bytes);
        let (header, extremes) = (head.header.clone(), head.extremes);
        let source = Source { header, bytes, rows: head.items, is_head: true, extremes };
        source.check(whole)?;
        Ok(source)
    }

    /// A part of so many rows.
    pub(super) fn part(header: Header, bytes: AlignedBytes, rows: usize, whole: &Model) -> Result<Source> {
        Tensors::check(&header, bytes.len())?;
        let extremes = Extremes::default();
        let mut source = Source { header, bytes, rows, is_head: false, extremes };
        source.check(whole)?;
        let has = |name: &str| source.header.tensors.get(name).is_some();
        let scales = if has(SCALES) { bytemuck::cast_slice(source.column(SCALES)) } else { &[] };
        let biases = if has(BIASES) { bytemuck::cast_slice(source.column(BIASES)) } else { &[] };
        let factors = Rows::new(whole.precision, whole.dim, source.column(FACTORS), scales);
        source.extremes = Extremes::of(factors, whole.dim, biases)?.0;
        Ok(source)
    }

    fn check(&self, whole: &Model) -> Result<()> {
        let tensors = Tensors::of_open(&self.header);
        for (name, info) in whole.header.tensors.iter().filter(|(name, _)| columns::is_fixed(name)) {
            let tail = info.shape.get(1..).unwrap_or_default().iter().map(|&axis| axis as usize);
            let shape: Vec<usize> = std::iter::once(self.rows).chain(tail).collect();
            tensors.range(name, &info.dtype, &shape)?;
        }
        for column in columns::ragged(&whole.header) {
            let offsets = self.name(&column.offsets);
            tensors.range(&offsets, "U32", &[self.rows + 1])?;
            for name in &column.values {
                let (_, len) = tensors.vector(&self.name(name), &whole.header.tensors[name].dtype)?;
                let ends = self.ends(&column.offsets);
                if ends[0] != 0 || ends[self.rows] as usize != len || !ends.is_sorted() {
                    return Err(format_error(&offsets, format_args!("rising offsets to {len}"), "others"));
                }
                self.check_values(&tensors, whole, name, &offsets)?;
            }
        }
        Ok(())
    }

    /// Texts are UTF-8, and tags those that the whole model knows.
    fn check_values(&self, tensors: &Tensors<'_>, whole: &Model, name: &str, offsets: &str) -> Result<()> {
        if [ID_BYTES, TITLE].contains(&name) {
            Strings::open(tensors, name, offsets, self.rows, Some(&self.bytes))?;
        }
        let Some(column) = name.strip_prefix(TAGS) else { return Ok(()) };
        let count = whole.catalog.tags.get(column).map_or(0, |column| column.vocabulary_len());
        let codes: &[u32] = bytemuck::cast_slice(self.column(name));
        match codes.iter().all(|&code| (code as usize) < count) {
            true => Ok(()),
            false => Err(format_error(name, format_args!("codes below {count}"), "a larger one")),
        }
    }

    /// What is called by `name` in the whole model.
    fn name(&self, name: &str) -> String {
        if self.is_head { in_head(name) } else { name.to_owned() }
    }

    fn info(&self, name: &str) -> &TensorInfo {
        &self.header.tensors[&self.name(name)]
    }

    /// The bytes of a tensor that [`Source::check`] has seen.
    pub(super) fn column(&self, name: &str) -> &[u8] {
        let [start, end] = self.info(name).data_offsets;
        &self.bytes[start as usize..end as usize]
    }

    /// Bytes a value of such a tensor.
    pub(super) fn width(&self, name: &str) -> usize {
        if self.info(name).dtype == "U32" { 4 } else { 1 }
    }

    pub(super) fn ends(&self, offsets: &str) -> &[u32] {
        bytemuck::cast_slice(self.column(offsets))
    }

    /// Copies a tensor that has no row an item.
    pub(super) fn copy_whole(&self, name: &str, info: &TensorInfo, out: &mut [u8]) -> Result<()> {
        match self.header.tensors.get(name) {
            Some(own) if own.dtype == info.dtype && own.shape == info.shape => {
                out.copy_from_slice(self.column(name));
                Ok(())
            }
            _ => Err(format_error(name, "this tensor", "others")),
        }
    }
}
