//! `quota`: how many items of a tag may come.

use super::Options;
use super::columns::TagValues;
use crate::error::Result;
use crate::model::Items;

/// The quotas of the options, by column.
///
/// # Errors
/// [`crate::Problem::Argument`] for a column or tag that the catalogue does not have.
#[inline(never)]
pub(super) fn limits<'a>(items: Items<'a>, options: &Options) -> Result<Vec<TagValues<'a, usize>>> {
    let mut quotas = Vec::new();
    for (column, by_tag) in options.quota.iter() {
        let by_tag = by_tag.iter().map(|(tag, &most)| (tag, most));
        quotas.push(TagValues::new(items, "quota", column, usize::MAX, by_tag)?);
    }
    Ok(quotas)
}

/// How many items of each tag may still come.
pub(super) struct Quotas<'a> {
    items: Items<'a>,
    quotas: &'a [TagValues<'a, usize>],
    left: Vec<Vec<usize>>,
}

impl<'a> Quotas<'a> {
    /// Nothing counted yet.
    pub(super) fn new(items: Items<'a>, quotas: &'a [TagValues<'a, usize>]) -> Quotas<'a> {
        let left = if quotas.is_empty() { Vec::new() } else { whole(quotas) };
        Quotas { items, quotas, left }
    }

    /// Counts the item, unless one of its tags is used up.
    pub(super) fn take(&mut self, item: u32) -> bool {
        self.quotas.is_empty() || self.count(item)
    }

    #[inline(never)]
    fn count(&mut self, item: u32) -> bool {
        let items = self.items;
        let mut columns = self.quotas.iter().zip(&self.left);
        if columns.any(|(quota, left)| quota.codes(items, item).any(|code| left[code] == 0)) {
            return false;
        }
        for (quota, left) in self.quotas.iter().zip(&mut self.left) {
            quota.codes(items, item).for_each(|code| left[code] -= 1);
        }
        true
    }
}

#[inline(never)]
fn whole(quotas: &[TagValues<'_, usize>]) -> Vec<Vec<usize>> {
    quotas.iter().map(|quota| quota.values().to_vec()).collect()
}
