//! What is known of the items besides their factors: titles, tags such as genres, numbers such as the year.
//!
//! Tensors: `catalog.title` with `.offsets`; for each column of tags `catalog.tags.NAME` (U32 codes) with
//! `.offsets` [items + 1], and its vocabulary `catalog.vocabulary.NAME` with `.offsets`; for each column of
//! numbers `catalog.numbers.NAME` (F32 [items], NaN where there is none). `map.xy` (F32 [items, 2]) is for pages
//! alone: nothing here reads it.

use super::header::{F32S, Tensors, format_error};
use super::strings::Strings;
use crate::error::Result;
use crate::named::Named;
use std::ops::Range;

pub(crate) const TITLE: &str = "catalog.title";
pub(crate) const TAGS: &str = "catalog.tags.";
pub(crate) const VOCABULARY: &str = "catalog.vocabulary.";
pub(crate) const NUMBERS: &str = "catalog.numbers.";
pub(crate) const OFFSETS: &str = ".offsets";
pub(crate) const PLACES: &str = "map.xy";

/// Where the columns lie in the model's bytes.
#[derive(Debug, Default)]
pub struct Catalog {
    pub(crate) titles: Option<Strings>,
    pub(crate) tags: Named<TagColumn>,
    pub(crate) numbers: Named<NumberColumn>,
}

/// A column in which an item has any number of tags out of a vocabulary.
#[derive(Debug)]
pub struct TagColumn {
    codes: Range<usize>,
    offsets: Range<usize>,
    names: Strings,
    /// Among the columns of tags.
    pub(crate) position: usize,
}

/// A column in which an item has one number or none.
#[derive(Debug)]
pub struct NumberColumn {
    values: F32S,
    /// Among the columns of numbers.
    pub(crate) position: usize,
}

impl Catalog {
    pub(crate) fn open(tensors: &Tensors<'_>, items: usize, data: Option<&[u8]>) -> Result<Catalog> {
        let titles = Strings::optional(tensors, TITLE, &(TITLE.to_owned() + OFFSETS), items, data)?;
        let mut catalog = Catalog { titles, ..Catalog::default() };
        for name in tensors.names(TAGS).filter(|name| !name.ends_with(OFFSETS)) {
            let position = catalog.tags.iter().len();
            catalog.tags.push(name.to_owned(), TagColumn::open(tensors, name, position, items, data)?);
        }
        for name in tensors.names(NUMBERS) {
            let values = tensors.required_f32s(&(NUMBERS.to_owned() + name), &[items])?;
            let position = catalog.numbers.iter().len();
            catalog.numbers.push(name.to_owned(), NumberColumn { values, position });
        }
        Ok(catalog)
    }
}

impl TagColumn {
    fn open(
        tensors: &Tensors<'_>,
        name: &str,
        position: usize,
        items: usize,
        data: Option<&[u8]>,
    ) -> Result<TagColumn> {
        let tensor = TAGS.to_owned() + name;
        let (codes, len) = tensors.vector(&tensor, "U32")?;
        let offsets = tensors.range(&(tensor.clone() + OFFSETS), "U32", &[items + 1])?;
        let vocabulary = VOCABULARY.to_owned() + name;
        let vocabulary_offsets = vocabulary.clone() + OFFSETS;
        let (_, ends) = tensors.vector(&vocabulary_offsets, "U32")?;
        let count = ends
            .checked_sub(1)
            .ok_or_else(|| format_error(&vocabulary_offsets, "at least 1 offset", "an empty tensor"))?;
        let names = Strings::open(tensors, &vocabulary, &vocabulary_offsets, count, data)?;
        let column = TagColumn { codes, offsets, names, position };
        let Some(data) = data else { return Ok(column) };
        let ends = column.ends(data);
        if ends[0] != 0 || ends[items] as usize != len || !ends.is_sorted() {
            return Err(format_error(&tensor, "rising offsets that cover the codes", "others"));
        }
        if column.all_codes(data).iter().any(|&code| code as usize >= count) {
            return Err(format_error(&tensor, format_args!("codes below {count}"), "a larger one"));
        }
        Ok(column)
    }

    /// How many different tags there are.
    pub fn vocabulary_len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name<'a>(&self, code: u32, data: &'a [u8]) -> &'a str {
        self.names.get(code as usize, data)
    }

    pub(crate) fn codes<'a>(&self, item: usize, data: &'a [u8]) -> &'a [u32] {
        let ends = self.ends(data);
        &self.all_codes(data)[ends[item] as usize..ends[item + 1] as usize]
    }

    fn all_codes<'a>(&self, data: &'a [u8]) -> &'a [u32] {
        bytemuck::cast_slice(&data[self.codes.clone()])
    }

    fn ends<'a>(&self, data: &'a [u8]) -> &'a [u32] {
        bytemuck::cast_slice(&data[self.offsets.clone()])
    }
}

impl NumberColumn {
    pub(crate) fn get(&self, item: usize, data: &[u8]) -> f32 {
        self.values.of(data)[item]
    }
}
