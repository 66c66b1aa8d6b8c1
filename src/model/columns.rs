//! What a model says of each item, by tensor: a row of one width, or any number of values with offsets.

use super::catalog::{NUMBERS, OFFSETS, PLACES, TAGS, TITLE};
use super::header::Header;
use super::{BIASES, COUNTS, FACTORS, ID_BYTES, ID_OFFSETS, SCALES, TREND};

const TOGETHER: &str = "together.";

/// Whether the tensor has a row an item, all of one width.
pub(super) fn is_fixed(name: &str) -> bool {
    [FACTORS, SCALES, BIASES, COUNTS, TREND, PLACES].contains(&name) || name.starts_with(NUMBERS)
}

/// Tensors with any number of values an item, and the one that tells where each item's start and end.
pub(super) struct Ragged {
    pub offsets: String,
    pub values: Vec<String>,
}

/// All of a model's ragged columns.
pub(super) fn ragged(header: &Header) -> Vec<Ragged> {
    let names = header.tensors.iter().map(|(name, _)| name);
    let column = |name: &str| {
        let values = match name {
            ID_OFFSETS => vec![ID_BYTES.to_owned()],
            _ if name.starts_with(TOGETHER) => {
                ["items", "weights"].map(|end| TOGETHER.to_owned() + end).into()
            }
            _ => vec![name.strip_suffix(OFFSETS)?.to_owned()],
        };
        Some(Ragged { offsets: name.to_owned(), values })
    };
    names.filter(|name| is_offsets(name)).filter_map(column).collect()
}

fn is_offsets(name: &str) -> bool {
    name == ID_OFFSETS
        || name.strip_suffix(OFFSETS).is_some_and(|column| {
            column == TITLE || column.starts_with(TAGS) || format!("{column}.") == TOGETHER
        })
}

/// What the head calls a tensor of the whole model. Baskets name rows of the whole model, which the head alone must not
/// take for its own.
pub(super) fn in_head(name: &str) -> String {
    if name.starts_with(TOGETHER) { format!("parts.{name}") } else { name.to_owned() }
}
