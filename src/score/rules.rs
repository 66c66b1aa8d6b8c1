//! Which items a request may return, and what becomes of their scores.

use super::boosts::Boosts;
use super::filter::Filter;
use super::options::Options;
use crate::error::Result;
use crate::model::{Items, Unknown};
use crate::order;

/// The options, looked up in a model once for any number of requests.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    items: Items<'a>,
    /// Sorted rows that do not come back.
    exclude: Vec<u32>,
    /// Sorted rows outside which none comes back.
    only: Option<Vec<u32>>,
    filter: Filter<'a>,
    boosts: Option<Boosts<'a>>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// [`crate::Problem::Argument`] for a column or tag that the catalogue does not have; what
    /// [`Options::unknown`] says of ids.
    pub(crate) fn new(items: Items<'a>, options: &Options) -> Result<Plan<'a>> {
        let only = options.only.as_ref().map(|ids| items.find_all(ids, options.unknown));
        Ok(Plan {
            items,
            exclude: sorted(items.find_all(&options.exclude, Unknown::Skip)?),
            only: only.transpose()?.map(sorted),
            filter: Filter::new(items, &options.filter)?,
            boosts: match options.boosts() {
                true => Some(Boosts::new(items, &options.boost, options.unknown)?),
                false => None,
            },
        })
    }
}

/// A plan for one visitor.
pub(crate) struct Rules<'a> {
    plan: &'a Plan<'a>,
    seen: Vec<u32>,
    /// Sorted rows outside which none comes back, fewer than those of the plan.
    among: Option<Vec<u32>>,
    accept: Option<&'a dyn Fn(u32) -> bool>,
}

impl<'a> Rules<'a> {
    /// `seen` and what `accept` refuses do not come back.
    pub(crate) fn new(plan: &'a Plan<'a>, seen: &[u32], accept: Option<&'a dyn Fn(u32) -> bool>) -> Self {
        Rules { plan, seen: sorted(seen.to_vec()), among: None, accept }
    }

    /// The same without these rows.
    pub(crate) fn without(&self, rows: &[u32]) -> Rules<'a> {
        let seen = sorted([&self.seen, rows].concat());
        Rules { plan: self.plan, seen, among: self.among.clone(), accept: self.accept }
    }

    /// The same for these rows alone, where they could come back before.
    pub(crate) fn among(&self, rows: &[u32]) -> Rules<'a> {
        let mut rows = sorted(rows.to_vec());
        if let Some(only) = self.only() {
            rows.retain(|row| only.binary_search(row).is_ok());
        }
        Rules { among: Some(rows), ..self.without(&[]) }
    }

    /// The same with `accept` in place of what accepted items before.
    pub(crate) fn accepting<'b>(&'b self, accept: &'b dyn Fn(u32) -> bool) -> Rules<'b> {
        Rules { accept: Some(accept), ..self.without(&[]) }
    }

    /// The only rows that can come back, sorted; None: any.
    pub(crate) fn only(&self) -> Option<&[u32]> {
        self.among.as_deref().or(self.plan.only.as_deref())
    }

    /// Whether the item, one of [`Rules::only`], may come back. Asked last, of the few with a high score.
    pub(crate) fn accepts(&self, item: u32) -> bool {
        let Plan { items, exclude, filter, .. } = self.plan;
        items.has_row(item)
            && self.seen.binary_search(&item).is_err()
            && exclude.binary_search(&item).is_err()
            && filter.accepts(*items, item)
            && self.accept.is_none_or(|accept| accept(item))
    }

    /// The score of an item whose product is `product`.
    pub(crate) fn score(&self, item: u32, product: f32) -> f32 {
        self.plan.boosts.as_ref().map_or(product, |boosts| boosts.apply(self.plan.items, item, product))
    }

    /// No product of this or less makes a score above `threshold`.
    pub(crate) fn floor(&self, threshold: f32) -> f32 {
        self.plan.boosts.as_ref().map_or(threshold, |boosts| boosts.floor(threshold))
    }
}

fn sorted(rows: Vec<u32>) -> Vec<u32> {
    let mut rows = order::rising(rows);
    rows.dedup();
    rows
}
