//! The ranges of options that several algorithms have.

use foldin::error::{Error, Result};
use foldin::model::MAX_DIM;

/// A number from 0 to `most`.
pub(super) fn number(field: &'static str, value: f32, most: f32) -> Result<()> {
    match (0.0..=most).contains(&value) {
        true => Ok(()),
        false => Err(Error::argument(field, format_args!("a number from 0 to {most}"), value)),
    }
}

/// Of the vectors that are learned, and how long.
pub(super) fn size(dim: usize, epochs: usize) -> Result<()> {
    if !(1..=MAX_DIM).contains(&dim) {
        return Err(Error::argument("dim", format_args!("1 to {MAX_DIM}"), dim));
    }
    match epochs {
        0 => Err(Error::argument("epochs", "at least 1", 0)),
        _ => Ok(()),
    }
}

/// Of steps down a gradient, and what their length is multiplied by after each epoch.
pub(super) fn descent(learning_rate: f32, decay: f32, regularization: f32) -> Result<()> {
    if !(learning_rate > 0.0 && learning_rate.is_finite()) {
        return Err(Error::argument("learning-rate", "a number above 0", learning_rate));
    }
    if !(decay > 0.0 && decay <= 1.0) {
        return Err(Error::argument("decay", "a number above 0 and up to 1", decay));
    }
    number("regularization", regularization, 1e6)
}
