//! Columns of UTF-8 strings, read in place: one tensor of bytes, one of offsets.

use super::header::{Layout, Tensors, format_error};
use crate::error::Result;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// `count` strings; string `i` lies between offsets `i` and `i + 1`. Checked at open.
#[derive(Clone, Debug)]
pub struct Strings {
    bytes: Range<usize>,
    offsets: Range<usize>,
    count: usize,
}

impl Strings {
    /// Opens the column if the model has it.
    pub(crate) fn optional(
        tensors: &Tensors<'_>,
        bytes_name: &str,
        offsets_name: &str,
        count: usize,
        data: Option<&[u8]>,
    ) -> Result<Option<Strings>> {
        if tensors.optional(offsets_name, "U32", &[count + 1])?.is_none() {
            return match tensors.get(bytes_name) {
                Err(_) => Ok(None),
                Ok(_) => Err(format_error(offsets_name, format_args!("U32 [{}]", count + 1), "none")),
            };
        }
        Self::open(tensors, bytes_name, offsets_name, count, data).map(Some)
    }

    /// `data` is None where it has yet to arrive.
    pub(crate) fn open(
        tensors: &Tensors<'_>,
        bytes_name: &str,
        offsets_name: &str,
        count: usize,
        data: Option<&[u8]>,
    ) -> Result<Strings> {
        let offsets = tensors.range(offsets_name, "U32", &[count + 1])?;
        let (bytes, len) = tensors.vector(bytes_name, "U8")?;
        let strings = Strings { bytes: bytes.clone(), offsets, count };
        let Some(data) = data else { return Ok(strings) };
        let ends = strings.ends(data);
        let wrong = |found: &str| format_error(offsets_name, "rising offsets into UTF-8", found);
        if ends[0] != 0 || ends[count] as usize != len || !ends.is_sorted() {
            return Err(wrong("offsets that fall, or do not cover the bytes"));
        }
        let text = std::str::from_utf8(&data[bytes])
            .map_err(|_| format_error(bytes_name, "UTF-8", "other bytes"))?;
        if !ends.iter().all(|&end| text.is_char_boundary(end as usize)) {
            return Err(wrong("an offset inside a character"));
        }
        Ok(strings)
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Checked when opened, so that the default never happens.
    pub(crate) fn get<'a>(&self, index: usize, data: &'a [u8]) -> &'a str {
        let ends = self.ends(data);
        let text = &data[self.bytes.clone()][ends[index] as usize..ends[index + 1] as usize];
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// Position of the first among `range` that is `text`, looked for one by one.
    fn position(&self, text: &str, range: Range<usize>, data: &[u8]) -> Option<u32> {
        let (bytes, text) = (&data[self.bytes.clone()], text.as_bytes());
        let is_text = |pair: &[u32]| {
            let [start, end] = [pair[0] as usize, pair[1] as usize];
            // Most differ in length or in their last byte, which is cheaper to see than to compare all.
            end - start == text.len()
                && (text.is_empty() || bytes[end - 1] == text[text.len() - 1])
                && bytes[start..end] == *text
        };
        let ends = &self.ends(data)[range.start..=range.end];
        ends.windows(2).position(is_text).map(|at| (range.start + at) as u32)
    }

    fn ends<'a>(&self, data: &'a [u8]) -> &'a [u32] {
        bytemuck::cast_slice(&data[self.offsets.clone()])
    }
}

/// Strings that are looked up by value: an open-addressing table of positions, built as soon as that pays.
#[derive(Debug)]
pub(crate) struct StringIndex {
    strings: Strings,
    /// How often they were looked up.
    asked: AtomicU32,
    slots: OnceLock<Vec<u32>>,
}

/// To build the table takes several hundred times as long as to look one string up without it, and eight bytes or more
/// a string: whoever asks less often does without.
const PAYS_AFTER: u32 = 256;

const FREE: u32 = u32::MAX;

impl StringIndex {
    pub(crate) fn new(strings: Strings) -> Self {
        Self { strings, asked: AtomicU32::new(0), slots: OnceLock::new() }
    }

    pub(crate) fn get<'a>(&self, index: usize, data: &'a [u8]) -> &'a str {
        self.strings.get(index, data)
    }

    /// Position of the first among `range` that is `text`, without the table.
    pub(crate) fn find_among(&self, text: &str, range: Range<usize>, data: &[u8]) -> Option<u32> {
        self.strings.position(text, range, data)
    }

    /// Position of `text`; the first one, should it stand twice.
    pub(crate) fn find(&self, text: &str, data: &[u8]) -> Option<u32> {
        if self.slots.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) < PAYS_AFTER {
            return self.find_among(text, 0..self.strings.len(), data);
        }
        let slots = self.slots.get_or_init(|| self.build(data).0);
        let position = slots[self.slot(slots, text, data)];
        (position != FREE).then_some(position)
    }

    /// A string that stands twice.
    pub(crate) fn twice<'a>(&self, data: &'a [u8]) -> Option<&'a str> {
        let (slots, twice) = self.build(data);
        self.slots.get_or_init(|| slots);
        twice.map(|position| self.get(position, data))
    }

    /// The table, and the position of a string that stood before.
    fn build(&self, data: &[u8]) -> (Vec<u32>, Option<usize>) {
        let mut slots = vec![FREE; (self.strings.len() * 3 / 2 + 1).next_power_of_two()];
        let mut twice = None;
        for position in 0..self.strings.len() {
            let slot = self.slot(&slots, self.strings.get(position, data), data);
            match slots[slot] {
                FREE => slots[slot] = position as u32,
                _ => twice = Some(position),
            }
        }
        (slots, twice)
    }

    /// The slot that holds `text`, or the free one where it belongs.
    fn slot(&self, slots: &[u32], text: &str, data: &[u8]) -> usize {
        let mask = slots.len() - 1;
        let mut slot = hash(text) & mask;
        while slots[slot] != FREE && self.strings.get(slots[slot] as usize, data) != text {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// FNV-1a. A file made to collide could only slow its own page down.
fn hash(text: &str) -> usize {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (hash ^ hash >> 32) as usize
}

/// Strings written one after the other, as the file holds them.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    offsets: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { bytes: Vec::new(), offsets: vec![0] }
    }
}

impl Texts {
    /// Adds a string. Beyond 4 GiB offsets stop to rise, which [`Strings::open`] refuses.
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        let [start, end] = [0, 1].map(|next| self.offsets[at + next] as usize);
        std::str::from_utf8(&self.bytes[start..end]).unwrap_or_default()
    }

    pub(crate) fn push_to<'a>(&'a self, layout: &mut Layout<'a>, bytes_name: &str, offsets_name: &str) {
        layout.push(bytes_name, "U8", &[self.bytes.len()], &self.bytes);
        layout.push(offsets_name, "U32", &[self.offsets.len()], &self.offsets);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn offsets(&self) -> &[u32] {
        &self.offsets
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(strings: I) -> Texts {
        let mut texts = Texts::default();
        strings.into_iter().for_each(|text| texts.push(text.as_ref()));
        texts
    }
}
