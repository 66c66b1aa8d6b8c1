//! Bytes whose start is aligned for every number type of the format.

use crate::error::{Problem, Result};
use std::ops::{Deref, DerefMut};

/// A fixed-length byte buffer that starts at a multiple of 8, so that tensors in it are read in place.
#[derive(Debug, Default)]
pub struct AlignedBytes {
    words: Vec<u64>,
    len: usize,
}

impl AlignedBytes {
    /// `len` zero bytes.
    ///
    /// # Errors
    /// [`Problem::OutOfMemory`] when the allocator refuses; nothing aborts.
    pub fn zeroed(len: usize) -> Result<Self> {
        let count = len.div_ceil(8);
        let mut words = Vec::new();
        words.try_reserve_exact(count).map_err(|_| Problem::OutOfMemory {
            needed: len,
            remedy: "use a smaller model: fewer items, a smaller --dim, or --precision int8 or int4",
        })?;
        words.resize(count, 0);
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
