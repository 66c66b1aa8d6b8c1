//! The safetensors header as a table, and the checks that every access goes through.
//!
//! In the browser `JSON.parse` reads the header, in the command `serde_json` does; the table that results is
//! checked here for both.

use super::AlignedBytes;
use crate::error::{Error, Result};
use crate::named::Named;
use crate::order;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// One tensor as the header describes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TensorInfo {
    /// safetensors' name of the number type, e.g. `F32`.
    pub dtype: String,
    /// Lengths of the axes, outermost first.
    pub shape: Vec<u64>,
    /// First byte and the byte after the last, in the data section.
    pub data_offsets: [u64; 2],
}

/// A safetensors header: `__metadata__` and the tensors by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Header {
    /// The strings under `__metadata__`.
    pub metadata: Named<String>,
    /// The tensors by name.
    pub tensors: Named<TensorInfo>,
}

impl TensorInfo {
    fn is_empty(&self) -> bool {
        self.data_offsets[0] == self.data_offsets[1]
    }
}

/// A dtype and a shape, as errors name them.
pub(crate) struct Described<'a, N>(pub(crate) &'a str, pub(crate) &'a [N]);

impl<N: Display> Display for Described<'_, N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} [", self.0)?;
        for (at, length) in self.1.iter().enumerate() {
            write!(f, "{}{length}", if at == 0 { "" } else { ", " })?;
        }
        f.write_str("]")
    }
}

/// More tensors than any model has; keeps a hostile header from taking long.
pub const MAX_TENSORS: usize = 1000;

const REMEDY: &str = "the file is damaged or not a foldin model: download it again, or pack it again";

/// A header whose tensors all lie inside the data section, side by side and without overlap.
pub(crate) struct Tensors<'a> {
    tensors: &'a Named<TensorInfo>,
}

/// Where an f32 tensor lies.
#[derive(Clone, Debug)]
pub(crate) struct F32S(Range<usize>);

impl F32S {
    pub(crate) fn of<'a>(&self, bytes: &'a [u8]) -> &'a [f32] {
        bytemuck::cast_slice(&bytes[self.0.clone()])
    }
}

impl<'a> Tensors<'a> {
    /// Checks every offset against the data section of `len` bytes.
    pub(crate) fn check(header: &'a Header, len: usize) -> Result<Self> {
        let tensors = &header.tensors;
        if tensors.iter().len() > MAX_TENSORS {
            let found = format_args!("{} tensors", tensors.iter().len());
            return Err(format_error("header", format_args!("at most {MAX_TENSORS} tensors"), found));
        }
        for (name, info) in tensors.iter() {
            // Readers differ in which of two they take.
            if tensors.iter().filter(|(other, _)| *other == name).count() > 1 {
                return Err(format_error(name, "each tensor once", "twice"));
            }
            let [start, end] = info.data_offsets;
            let elements = info.shape.iter().try_fold(1u64, |product, &axis| product.checked_mul(axis));
            let size = elements.zip(element_size(&info.dtype)).and_then(|(n, size)| n.checked_mul(size));
            if size.and_then(|size| start.checked_add(size)) != Some(end) {
                let described = Described(&info.dtype, &info.shape);
                let found = format_args!("{described} at bytes {start} to {end}");
                return Err(format_error(name, "a known dtype whose shape fills its bytes", found));
            }
        }
        // Side by side: whatever ends, there the next one starts, until the data end.
        let mut at = 0;
        for _ in tensors.values().filter(|info| !info.is_empty()) {
            let next = tensors.values().find(|info| info.data_offsets[0] == at && !info.is_empty());
            let Some(next) = next else { break };
            at = next.data_offsets[1];
        }
        let filled: u64 = tensors.values().map(|info| info.data_offsets[1] - info.data_offsets[0]).sum();
        if (at, filled) != (len as u64, len as u64) {
            let found = format_args!("{len} bytes, of which tensors side by side fill {at}");
            return Err(format_error("data section", format_args!("{filled} bytes"), found));
        }
        Ok(Self { tensors: &header.tensors })
    }

    /// Of a header that has been checked.
    pub(crate) fn of_open(header: &'a Header) -> Self {
        Self { tensors: &header.tensors }
    }

    /// Names of the tensors that start with `prefix`, without it.
    pub(crate) fn names<'p>(&self, prefix: &'p str) -> impl Iterator<Item = &'a str> + use<'a, 'p> {
        self.tensors.iter().filter_map(move |(name, _)| name.strip_prefix(prefix))
    }

    pub(crate) fn get(&self, name: &str) -> Result<&'a TensorInfo> {
        self.tensors.get(name).ok_or_else(|| format_error(name, "this tensor", "none"))
    }

    /// Bytes of a tensor that must be there.
    pub(crate) fn range(&self, name: &str, dtype: &str, shape: &[usize]) -> Result<Range<usize>> {
        let info = self.get(name)?;
        let same_shape = info.shape.iter().map(|&n| n as usize).eq(shape.iter().copied());
        if info.dtype != dtype || !same_shape {
            let found = Described(&info.dtype, &info.shape);
            return Err(format_error(name, Described(dtype, shape), found));
        }
        let [start, end] = info.data_offsets.map(|offset| offset as usize);
        let align = element_size(dtype).unwrap_or(1) as usize;
        if !start.is_multiple_of(align) {
            let found = format_args!("offset {start}");
            return Err(format_error(name, format_args!("an offset that is a multiple of {align}"), found));
        }
        Ok(start..end)
    }

    /// Bytes of a tensor that may be absent.
    pub(crate) fn optional(&self, name: &str, dtype: &str, shape: &[usize]) -> Result<Option<Range<usize>>> {
        if self.tensors.get(name).is_some() { self.range(name, dtype, shape).map(Some) } else { Ok(None) }
    }

    pub(crate) fn f32s(&self, name: &str, shape: &[usize]) -> Result<Option<F32S>> {
        Ok(self.optional(name, "F32", shape)?.map(F32S))
    }

    pub(crate) fn required_f32s(&self, name: &str, shape: &[usize]) -> Result<F32S> {
        self.range(name, "F32", shape).map(F32S)
    }

    /// A one-dimensional tensor of any length: its bytes and that length.
    pub(crate) fn vector(&self, name: &str, dtype: &str) -> Result<(Range<usize>, usize)> {
        let len = self.get(name)?.shape.first().copied().unwrap_or(0) as usize;
        Ok((self.range(name, dtype, &[len])?, len))
    }
}

/// Bytes an element takes; None for types that no foldin model has.
fn element_size(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F32" | "U32" => 4,
        "F16" => 2,
        "I8" | "U8" => 1,
        _ => return None,
    })
}

/// A part of a file that no model has there.
pub fn format_error(what: impl Display, expected: impl Display, found: impl Display) -> Error {
    Error::format(what, expected, found, REMEDY)
}

/// Lays tensors out one after the other, widest number type first so that each is aligned.
#[derive(Default)]
pub(crate) struct Layout<'a> {
    parts: Vec<(String, &'static str, Vec<u64>, &'a [u8])>,
}

impl<'a> Layout<'a> {
    pub(crate) fn push<T: bytemuck::NoUninit>(
        &mut self,
        name: impl Into<String>,
        dtype: &'static str,
        shape: &[usize],
        data: &'a [T],
    ) {
        let shape = shape.iter().map(|&n| n as u64).collect();
        self.parts.push((name.into(), dtype, shape, bytemuck::cast_slice(data)));
    }

    /// Room for a tensor of zeros, to be filled in what [`Layout::finish`] returns.
    pub(crate) fn reserve(&mut self, name: &str, dtype: &'static str, shape: &[usize]) {
        self.push::<u8>(name, dtype, shape, &[]);
    }

    pub(crate) fn finish(mut self, metadata: Named<String>) -> Result<(Header, AlignedBytes)> {
        let sizes: Vec<u64> = self.parts.iter().map(|part| element_size(part.1).unwrap_or(1)).collect();
        let lengths: Vec<u64> =
            self.parts.iter().zip(&sizes).map(|(part, size)| part.2.iter().product::<u64>() * size).collect();
        let mut bytes =
            AlignedBytes::zeroed(usize::try_from(lengths.iter().sum::<u64>()).unwrap_or(usize::MAX))?;
        let mut tensors = Named::default();
        let mut at = 0;
        for part in order::by_falling(sizes.into_iter().map(|size| size as f32)) {
            let (name, dtype, shape, data) = std::mem::take(&mut self.parts[part]);
            bytes[at..at + data.len()].copy_from_slice(data);
            let end = at + lengths[part] as usize;
            let data_offsets = [at as u64, end as u64];
            tensors.push(name, TensorInfo { dtype: dtype.into(), shape, data_offsets });
            at = end;
        }
        Ok((Header { metadata, tensors }, bytes))
    }
}
