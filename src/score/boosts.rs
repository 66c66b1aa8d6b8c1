//! `boost`: multipliers that lift or lower items.

use super::columns::TagValues;
use super::options::{Boost, within};
use crate::error::Result;
use crate::model::{Items, Unknown};
use crate::named::Named;
use crate::order;

/// The least and the most that an item's multipliers make together.
const RANGE: (f32, f32) = (1e-6, 1e6);

/// Multipliers by row and by tag.
#[derive(Debug)]
pub(crate) struct Boosts<'a> {
    /// By row, rising.
    items: Vec<(u32, f32)>,
    tags: Vec<TagValues<'a, f32>>,
    /// No item's multiplier is greater; at least 1.
    max: f32,
}

impl<'a> Boosts<'a> {
    /// # Errors
    /// [`crate::Problem::Argument`] for a multiplier outside its range, and a column or tag that the catalogue does not
    /// have; what `unknown` says of ids.
    #[inline(never)]
    pub(crate) fn new(items: Items<'a>, boost: &Boost, unknown: Unknown) -> Result<Boosts<'a>> {
        let by_tags = boost.tags.values().flat_map(Named::values);
        boost.items.values().chain(by_tags).try_for_each(|&by| within("boost", by, 0.001, 1000.0))?;
        let mut own = Vec::new();
        for (id, &by) in boost.items.iter() {
            own.extend(items.find_if_known(id, unknown)?.map(|row| (row, by)));
        }
        let own: Vec<(u32, f32)> =
            order::by_rising(own.iter().map(|item| item.0)).map(|at| own[at]).collect();
        let mut tags = Vec::new();
        for (column, by_tag) in boost.tags.iter() {
            let by_tag = by_tag.iter().map(|(tag, &by)| (tag, by));
            tags.push(TagValues::new(items, "boost", column, 1.0, by_tag)?);
        }
        let greatest_item = own.iter().map(|item| item.1).fold(1.0, f32::max);
        let greatest_tags = tags.iter().flat_map(TagValues::values).map(|by| by.max(1.0)).product::<f32>();
        Ok(Boosts { items: own, tags, max: (greatest_item * greatest_tags).min(RANGE.1) })
    }

    /// The score of an item whose product is `product`.
    #[inline(never)]
    pub(crate) fn apply(&self, items: Items<'a>, item: u32, product: f32) -> f32 {
        let own = self.items.binary_search_by_key(&item, |item| item.0).map_or(1.0, |at| self.items[at].1);
        let tags = self.tags.iter().flat_map(|tags| tags.of(items, item)).product::<f32>();
        let by = (own * tags).clamp(RANGE.0, RANGE.1);
        if product > 0.0 { product * by } else { (product / by).max(f32::MIN) }
    }

    /// No product of this or less makes a score above `threshold`.
    #[inline(never)]
    pub(crate) fn floor(&self, threshold: f32) -> f32 {
        // Rounding may lift a boosted score a little: the floor lies clearly below.
        let floor = if threshold > 0.0 { threshold / self.max } else { threshold * self.max };
        floor - floor.abs() * 1e-5 - f32::MIN_POSITIVE
    }
}
