//! How long the rows of a block are: what scoring needs to know to leave a block unread.
//!
//! Computed from the rows themselves and never read from the file, because a wrong bound would silently lose
//! items.

use super::{Model, Rows};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Rows a block.
pub(crate) const BLOCK: usize = 512;

/// What holds for every row of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    /// No row is longer than this.
    pub(crate) max_norm: f32,
    /// No bias is greater than this; 0 without biases.
    pub(crate) max_bias: f32,
}

/// To measure all rows takes as long as to multiply them two or three times, and what is skipped then saves half of that:
/// who asks less often does without.
const PAYS_AFTER: u32 = 4;

/// The bounds of a model, measured as soon as that pays.
#[derive(Debug, Default)]
pub(super) struct LazyBounds {
    /// How often they were asked for before.
    asked: AtomicU32,
    measured: OnceLock<Vec<Bounds>>,
}

impl LazyBounds {
    /// Of all blocks, or nothing yet.
    pub(super) fn of(&self, model: &Model) -> &[Bounds] {
        if self.measured.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) < PAYS_AFTER {
            return &[];
        }
        self.measured.get_or_init(|| bounds(model.rows(), model.items(), model.biases()))
    }
}

/// The bounds of all blocks, in the order of the rows.
fn bounds(rows: Rows<'_>, items: usize, biases: Option<&[f32]>) -> Vec<Bounds> {
    let block = |first: usize| {
        let block = first..items.min(first + BLOCK);
        let mut norms = [0.0; BLOCK];
        let norms = &mut norms[..block.len()];
        rows.squared_norms(first, norms);
        // Compared rather than by `f64::min`, which asks each time whether a number is one, and is a call in wasm.
        let max = norms.iter().fold(0f64, |max, &n| if n > max { n } else { max });
        let biases = biases.map(|biases| biases[block].iter().copied().fold(f32::NEG_INFINITY, f32::max));
        Bounds { max_norm: (max.sqrt() as f32).next_up(), max_bias: biases.unwrap_or(0.0) }
    };
    (0..items).step_by(BLOCK).map(block).collect()
}
