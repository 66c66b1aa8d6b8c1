//! `pin`, `bury` and `atLeast`: rankings that are put together of more than the best by score.

use super::columns::TagValues;
use super::rerank::Rerank;
use super::rules::Rules;
use super::search::{self, Products, Search};
use super::{Answer, Options, Scored};
use crate::error::Result;
use crate::model::Items;
use crate::order;

/// The first `options.end()` places, without those before `options.offset`.
///
/// # Errors
/// [`crate::Problem::Argument`] for a column or tag that the catalogue does not have; what [`Options::unknown`] says of
/// ids.
#[inline(never)]
pub(super) fn arranged(
    items: Items<'_>,
    products: &dyn Products,
    rules: &Rules<'_>,
    options: &Options,
    rerank: &Rerank<'_>,
) -> Result<Answer> {
    let pins = pins(items, rules, options)?;
    let pinned: Vec<u32> = pins.iter().map(|pin| pin.1).collect();
    let buried = items.find_all(&options.bury, options.unknown)?;
    let pages = Pages::new(items, options, &pins)?;
    let unpinned = rules.without(&pinned);
    let above = unpinned.without(&buried);
    let open = pages.open();
    let mut k = rerank.pool(open);
    let mut rows_read = 0;
    let (mut ranking, mut quotas) = loop {
        let (mut pool, read) = best(items, products, &above, k);
        rows_read += read;
        let (exhausted, mut all_owed) = (pool.len() < k, true);
        let main = order::rising(pool.iter().map(|scored| scored.item));
        for column in &pages.owed {
            for (tag, &least) in column.values().iter().enumerate().filter(|(_, least)| **least > 0) {
                let has_tag =
                    |row: u32| column.codes(items, row).any(|code| code == tag) && above.accepts(row);
                let wanted = least.saturating_mul(pages.count()).max(k);
                let (owed, read) = best(items, products, &above.accepting(&has_tag), wanted);
                all_owed &= owed.len() < wanted;
                pool.extend(owed);
                rows_read += read;
            }
        }
        let pool = rerank.order(once_each(pool));
        let mut quotas = rerank.quotas();
        // What is only owed is no better than what the pool does not have.
        let is_best = |item: u32| exhausted || main.binary_search(&item).is_ok();
        let (ranking, is_paid) = pages.fill(items, &pool, &is_best, &mut |item| quotas.take(item));
        if (exhausted || ranking.len() == open) && (all_owed || is_paid) {
            break (ranking, quotas);
        }
        k = k.saturating_mul(2);
    };
    if ranking.len() < open && !buried.is_empty() {
        let (last, read) = best(items, products, &unpinned.among(&buried), buried.len());
        ranking.extend(last.into_iter().filter(|scored| quotas.take(scored.item)).take(open - ranking.len()));
        rows_read += read;
    }
    for &(place, item) in pins.iter().filter(|pin| pin.0 < options.end()) {
        let mut product = [0.0];
        products.fill(item as usize, &mut product);
        let score = rules.score(item, product[0]);
        ranking.insert(place.min(ranking.len()), Scored { item, score });
    }
    ranking.drain(..options.offset.min(ranking.len()));
    Ok(Answer { ranking, rows_read })
}

/// The pinned items that may come back, by rising place: where several ask for one, the first that was named has it, and
/// the others stand behind.
fn pins(items: Items<'_>, rules: &Rules<'_>, options: &Options) -> Result<Vec<(usize, u32)>> {
    let mut pins: Vec<(usize, u32)> = Vec::new();
    for (id, &place) in options.pin.iter() {
        let row = items.find_if_known(id, options.unknown)?;
        let may_come = |row: &u32| rules.only().is_none_or(|only| only.binary_search(row).is_ok());
        if let Some(row) = row.filter(|row| may_come(row) && rules.accepts(*row)) {
            let at = pins.partition_point(|pin| pin.0 <= place);
            pins.insert(at, (place, row));
        }
    }
    let mut next = 0;
    for (place, _) in &mut pins {
        *place = next.max(*place);
        next = place.saturating_add(1);
    }
    Ok(pins)
}

fn best(items: Items<'_>, products: &dyn Products, rules: &Rules<'_>, k: usize) -> (Vec<Scored>, usize) {
    let mut search = Search::new(products, rules, k);
    search::run(items, std::slice::from_mut(&mut search));
    search.finish()
}

/// By falling score, of equal ones the lower row first.
fn once_each(mut pool: Vec<Scored>) -> Vec<Scored> {
    pool = order::by_rising(pool.iter().map(|scored| scored.item)).map(|at| pool[at]).collect();
    pool.dedup_by_key(|scored| scored.item);
    order::by_falling(pool.iter().map(|scored| scored.score + 0.0)).map(|at| pool[at]).collect()
}

/// Pages of a ranking, each with what is owed to it.
struct Pages<'a> {
    /// How many places of each page are not pinned.
    slots: Vec<usize>,
    /// By column and tag, how many items each page has at least.
    owed: Vec<TagValues<'a, usize>>,
}

impl<'a> Pages<'a> {
    fn new(items: Items<'a>, options: &Options, pins: &[(usize, u32)]) -> Result<Pages<'a>> {
        // A page is what one question returns; nobody asks for more than there is.
        let end = options.end().min(items.rows());
        let length = options.count.clamp(1, items.rows());
        let mut slots: Vec<usize> = (0..end).step_by(length).map(|start| length.min(end - start)).collect();
        for &(place, _) in pins {
            if let Some(slots) = slots.get_mut(place / length) {
                *slots = slots.saturating_sub(1);
            }
        }
        let mut owed = Vec::new();
        for (column, by_tag) in options.at_least.iter() {
            let by_tag = by_tag.iter().map(|(tag, &least)| (tag, least));
            owed.push(TagValues::new(items, "atLeast", column, 0, by_tag)?);
        }
        Ok(Pages { slots, owed })
    }

    fn count(&self) -> usize {
        self.slots.len()
    }

    /// How many places are not pinned.
    fn open(&self) -> usize {
        self.slots.iter().sum()
    }

    /// Fills page after page from the pool, best first, with items that `take` says yes to; those that `is_best` says no
    /// to are for what is owed alone. The ranking, and whether every page got what is owed to it.
    fn fill(
        &self,
        items: Items<'a>,
        pool: &[Scored],
        is_best: &dyn Fn(u32) -> bool,
        take: &mut dyn FnMut(u32) -> bool,
    ) -> (Vec<Scored>, bool) {
        let mut open: Vec<usize> = (0..pool.len()).collect();
        let (mut ranking, mut is_paid) = (Vec::new(), true);
        for &slots in &self.slots {
            let mut owed: Vec<Vec<usize>> = self.owed.iter().map(|column| column.values().to_vec()).collect();
            let mut chosen = Vec::new();
            // At first nothing takes a place that is owed to others; then, where they were too few, anything.
            for generous in [false, true] {
                is_paid &= !generous || owed.iter().flatten().sum::<usize>() == 0 || chosen.len() == slots;
                open.retain(|&at| {
                    let item = pool[at].item;
                    let left = slots - chosen.len();
                    let reserved: usize = owed.iter().flatten().sum();
                    let helps = || self.codes(items, item).any(|(column, code)| owed[column][code] > 0);
                    let fits = (generous || reserved < left) && is_best(item);
                    if left == 0 || !(fits || helps()) {
                        return true;
                    }
                    if take(item) {
                        for (column, code) in self.codes(items, item) {
                            owed[column][code] = owed[column][code].saturating_sub(1);
                        }
                        chosen.push(at as u32);
                    }
                    false
                });
            }
            ranking.extend(order::rising(chosen).into_iter().map(|at| pool[at as usize]));
        }
        (ranking, is_paid)
    }

    /// The item's tags, as columns and codes in what is owed.
    fn codes(&self, items: Items<'a>, item: u32) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.owed.iter().enumerate();
        columns.flat_map(move |(at, column)| column.codes(items, item).map(move |code| (at, code)))
    }
}
