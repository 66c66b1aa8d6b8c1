//! What is asked: a query vector against every item, the best out.

/// An item with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The item's row.
    pub item: u32,
    /// Inner product of query and factor, plus the item's bias where it has one.
    pub score: f32,
}
