//! Bytes whose start is aligned for every number type of the format.

use crate::error::{Problem, Result};
use bytemuck::allocation::try_zeroed_slice_box;
use std::ops::{Deref, DerefMut};

/// A fixed-length byte buffer that starts at a multiple of 8, so that tensors in it are read in place.
#[derive(Debug, Default)]
pub struct AlignedBytes {
    words: Box<[u64]>,
    len: usize,
}

impl AlignedBytes {
    /// `len` zero bytes.
    ///
    /// # Errors
    /// [`Problem::OutOfMemory`] when the allocator refuses; nothing aborts.
    pub fn zeroed(len: usize) -> Result<Self> {
        // Asked for as zeros rather than filled with them: fresh memory is zero already.
        let words = try_zeroed_slice_box(len.div_ceil(8)).map_err(|()| Problem::OutOfMemory {
            needed: len,
            remedy: "use a smaller model: fewer items, a smaller --dim, or --precision int8 or int4",
        })?;
        Ok(Self { words, len })
    }
}

impl Deref for AlignedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }
}

impl DerefMut for AlignedBytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.len]
    }
}
