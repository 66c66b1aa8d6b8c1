//! How long the rows of a block are: what scoring needs to know to leave a block unread.
//!
//! Computed from the rows themselves and never read from the file, because a wrong bound would silently lose
//! items.

use super::Rows;

/// Rows a block.
pub(crate) const BLOCK: usize = 512;

/// What holds for every row of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    /// No row is longer than this.
    pub(crate) max_norm: f32,
    /// No bias is greater than this; 0 without biases.
    pub(crate) max_bias: f32,
    /// Whether some row's scale is negative, so that its score falls as its integer product rises, or so small that
    /// the product of both may have few digits left.
    pub(crate) odd_scales: bool,
}

/// The smallest scale that packing ever needs is far above it, and so is the smallest normal number far below.
const SMALLEST: f32 = 1e-30;

/// The bounds of all blocks, in the order of the rows.
pub(crate) fn bounds(rows: Rows<'_>, items: usize, biases: Option<&[f32]>) -> Vec<Bounds> {
    let block = |first: usize| {
        let block = first..items.min(first + BLOCK);
        let mut norms = [0.0; BLOCK];
        let norms = &mut norms[..block.len()];
        rows.squared_norms(first, norms);
        // Compared rather than by `f64::min`, which asks each time whether a number is one, and is a call in wasm.
        let max = norms.iter().fold(0f64, |max, &n| if n > max { n } else { max });
        let scales = rows.scales().get(block.clone()).unwrap_or_default();
        let odd_scales = scales.iter().any(|&scale| scale < SMALLEST && scale != 0.0);
        let biases = biases.map(|biases| biases[block].iter().copied().fold(f32::NEG_INFINITY, f32::max));
        Bounds { max_norm: (max.sqrt() as f32).next_up(), max_bias: biases.unwrap_or(0.0), odd_scales }
    };
    (0..items).step_by(BLOCK).map(block).collect()
}
