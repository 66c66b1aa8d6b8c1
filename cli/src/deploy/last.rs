//! Pieces of the last release that a new one keeps, so that pages download few.

use super::manifest::{Manifest, Pieces};
use crate::model_file;
use foldin::Model;
use std::path::Path;

/// A head is taken over while its items have this share of what the best ones of that number have.
const GOOD_ENOUGH: f64 = 0.9;

/// The pieces of the release before.
pub(super) struct Last {
    head: Model,
    /// Rows of a part.
    pub(super) part: usize,
}

impl Last {
    /// The pieces of the current release, if `model` keeps its rows: where it does not, all of them change anyway, as they
    /// do where a file of it is gone or damaged.
    pub(super) fn of(model: &Model, manifest: &Manifest, folder: &Path) -> Option<Last> {
        let release = manifest.current.as_ref()?;
        let Pieces { head, parts, .. } = release.pieces.as_ref()?;
        let whole = model_file::read(folder.join(release.model.file.as_str())).ok()?;
        let rows = whole.items().min(model.items());
        let kept = (0..rows as u32).filter(|&row| whole.id(row) == model.id(row)).count();
        if 2 * kept < rows {
            return None;
        }
        let first = parts.first()?;
        let head = model_file::read(folder.join(head.file.as_str())).ok()?;
        let part = first.end.checked_sub(first.first)? as usize;
        Some(Last { head, part })
    }

    /// Rows of its head's items, rising, if they are still as good as about as many, `best`, by what each row weighs.
    pub(super) fn head_rows(&self, model: &Model, best: &[u32], weights: &[f32]) -> Option<Vec<u32>> {
        let ids = (0..self.head.items() as u32).map(|row| self.head.id(row));
        let mut rows: Vec<u32> = ids.filter_map(|id| model.find(&id).ok()).collect();
        rows.sort_unstable();
        let sum = |rows: &[u32]| rows.iter().map(|&row| f64::from(weights[row as usize])).sum::<f64>();
        let is_as_large = rows.len().abs_diff(best.len()) * 10 <= best.len();
        (is_as_large && sum(&rows) >= GOOD_ENOUGH * sum(best)).then_some(rows)
    }
}
