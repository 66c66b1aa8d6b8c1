//! The rows of a new release where the last one has them, so that most of what pages keep of that stays good.

use super::Model;

/// Puts `rows`, numbers of items by falling length, in an order in which each item of `last` has its row there. The others,
/// the longest first, take the rows that are left: those of items that went, then those at the end.
pub(super) fn keep_rows(rows: &mut [u32], id: impl Fn(u32) -> String, last: &Model) {
    let mut placed = vec![None; rows.len()];
    let mut others = Vec::new();
    for &item in &*rows {
        let known = last.find(&id(item)).ok();
        match known.and_then(|row| placed.get_mut(row as usize)) {
            Some(free @ None) => *free = Some(item),
            _ => others.push(item),
        }
    }
    let mut others = others.into_iter();
    for (row, placed) in rows.iter_mut().zip(placed) {
        *row = placed.or_else(|| others.next()).expect("as many items as rows");
    }
}
