//! How much each event of a sequence weighs, by how many came after it: what a model of `algorithm=next` learned
//! beside its factors.

use super::{Model, PACK_AGAIN};
use crate::decimal::Decimal;
use crate::error::{Error, Result};

/// The tensor with the weights by place, F32 [places + 1]: that of the newest event first, that of all events older
/// than `places` last.
pub const ORDER_WEIGHTS: &str = "next.weights";

impl Model {
    /// The weights by place, [places + 1]; only a model of `algorithm=next` must have them.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] where there are none, or one is negative or not finite.
    pub fn order_weights(&self) -> Result<&[f32]> {
        let weights = self.room().f32s(ORDER_WEIGHTS)?;
        if weights.is_empty() {
            return Err(Error::format(ORDER_WEIGHTS, "at least 1 number", "none", PACK_AGAIN));
        }
        match weights.iter().find(|weight| **weight < 0.0) {
            Some(&wrong) => {
                Err(Error::format(ORDER_WEIGHTS, "numbers of 0 or more", Decimal(wrong.into()), PACK_AGAIN))
            }
            None => Ok(weights),
        }
    }
}
