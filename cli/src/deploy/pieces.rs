//! A large model as a head, which a page answers from at once, and parts that follow: files of their own, which hosts
//! compress and browsers keep one by one. The head's metadata lists the parts, so that the head's address is all that a
//! page needs.

use super::compress::publish_with_copies;
use super::digest::{hex, sha256};
use super::last::Last;
use super::manifest::{Asset, Part, Pieces};
use super::name::Name;
use crate::model_file;
use foldin::Model;
use foldin::error::Result;
use foldin::model::Split;
use foldin::order;
use rayon::prelude::*;
use serde_json::json;
use std::path::Path;

/// Models of more bytes are deployed as a head and parts, unless somebody says otherwise.
const LARGE: usize = 4_000_000;
/// Bytes of a head, unless somebody says otherwise.
const HEAD: usize = 1_000_000;
/// Bytes of a part, where the head is no smaller: a second or so on a phone, and little enough to join between two frames.
const PART: usize = 1_000_000;
/// The most parts: the head lists them all.
const MOST_PARTS: usize = 128;
/// The engine reads so many rows at once.
const BLOCK: usize = 512;

/// How large a model is, and its head is to be.
pub(super) struct Size {
    /// Bytes of the model's file.
    pub(super) bytes: usize,
    /// Bytes of the head, 0 for none; None: as it suits the model.
    pub(super) head: Option<usize>,
}

/// Deploys the pieces of a model under its title and version; None where it is small, or the head would be all of it. They
/// are those of the last release as far as possible.
pub(super) fn deploy(
    model: &Model,
    Size { bytes, head }: Size,
    last: Option<&Last>,
    (name, version): (&str, &str),
    folder: &Path,
) -> Result<Option<Pieces>> {
    let head = head.unwrap_or(if bytes > LARGE { HEAD } else { 0 });
    let Some(rows) = head_rows(model, bytes, head, last) else { return Ok(None) };
    let items = model.items();
    let part = part_rows((bytes / MOST_PARTS).max(PART.min(head)) * items / bytes, items, last);
    let firsts: Vec<u32> = (0..items).step_by(part).map(|row| row as u32).collect();
    let Split { head: (mut header, data), parts, starts } = model.split(&rows, &firsts)?;
    let parts: Vec<Part> = parts
        .into_par_iter()
        .map(|part| {
            let file = model_file::bytes_of(&part.header, &part.bytes);
            let asset = publish_named(&format!("{name}.part"), &file, folder)?;
            let [first, end] = [part.rows.start, part.rows.end];
            Ok(Part { asset, first, end, longest: part.longest, largest_bias: part.largest_bias })
        })
        .collect::<Result<_>>()?;
    let file = |part: &Part| {
        let Part { asset, longest, largest_bias, .. } = part;
        json!({
            "file": asset.file.as_str().rsplit('/').next(),
            "bytes": asset.bytes,
            "integrity": asset.integrity,
            "longest": longest,
            "largestBias": largest_bias,
        })
    };
    let firsts: Vec<u32> = firsts.into_iter().chain([items as u32]).collect();
    let files: Vec<_> = parts.iter().map(file).collect();
    let list = json!({ "firsts": firsts, "starts": starts, "files": files });
    header.metadata.push("parts".into(), list.to_string());
    // Its own name has another hash.
    *header.metadata.entry("version") = version.to_owned();
    let head = publish_named(&format!("{name}.head"), &model_file::bytes_of(&header, &data), folder)?;
    Ok(Some(Pieces { head, items: rows.len(), parts }))
}

fn publish_named(title: &str, bytes: &[u8], folder: &Path) -> Result<Asset> {
    let file = Name::of_model(title, &hex(&sha256(bytes)));
    let sizes = publish_with_copies(&folder.join(file.as_str()), bytes)?;
    Ok(Asset::new(file, bytes, sizes))
}

/// Rows of the items that most people had in training, as many as make a head of that size; of the longest factors,
/// where that is not known.
fn head_rows(model: &Model, bytes: usize, head: usize, last: Option<&Last>) -> Option<Vec<u32>> {
    let items = model.items();
    // What is no item's goes along with the head.
    let whole = model.gram().len() * 4;
    let count = head.saturating_sub(whole).saturating_mul(items) / bytes.saturating_sub(whole).max(1);
    if head == 0 || count >= items {
        return None;
    }
    let weights: Vec<f32> = match model.counts() {
        Some(counts) => counts.iter().map(|&count| count as f32).collect(),
        None => (0..items).map(|row| model.rows().norm(row)).collect(),
    };
    let best = order::by_falling(weights.iter().copied()).take(count.max(1));
    let mut best: Vec<u32> = best.map(|row| row as u32).collect();
    best.sort_unstable();
    Some(last.and_then(|last| last.head_rows(model, &best, &weights)).unwrap_or(best))
}

/// Rows of a part: as many as the last release has in one, where that is near to what this one wants.
fn part_rows(wanted: usize, items: usize, last: Option<&Last>) -> usize {
    let wanted = wanted.max(1).next_multiple_of(BLOCK);
    let is_near = |&part: &usize| {
        part.is_multiple_of(BLOCK)
            && (wanted / 2..=wanted * 2).contains(&part)
            && items.div_ceil(part) <= 2 * MOST_PARTS
    };
    last.map(|last| last.part).filter(is_near).unwrap_or(wanted)
}
