//! Which items anybody will see.

use crate::evaluate::Fold;
use foldin::error::Result;
use foldin::model::Model;
use foldin::score::{self, Options};
use foldin::visitor::FoldIn;
use rayon::prelude::*;

/// An item further down than this is never scrolled to.
const LIST: usize = 100;

/// What is seen by anybody has this visibility or more: less than the last place of a list gives, more than
/// popularity alone.
pub const SEEN: f64 = 0.12;

/// How much each row of the model is seen in the lists of the fold's judged users, who are known by what is given of
/// them, not by what is hidden: each list adds 1 / log2(place + 1). Of items in no list the more popular one counts
/// more, by less than any place does. [items]
///
/// # Errors
/// What scoring refuses.
pub fn visibility(model: &Model, fold: &Fold) -> Result<Vec<f64>> {
    let rows: Vec<Option<u32>> = fold.train.item_ids.iter().map(|id| model.find(id).ok()).collect();
    let options = Options { count: LIST, ..Options::default() };
    let lists: Vec<Vec<u32>> = (fold.users().into_par_iter())
        .map(|user| {
            let (items, values) = fold.given.row(user);
            let known =
                items.iter().zip(values).filter_map(|(&item, &value)| Some((rows[item as usize]?, value)));
            let history: Vec<(u32, f32)> = known.collect();
            let seen: Vec<u32> = history.iter().map(|&(row, _)| row).collect();
            let list = match history.is_empty() {
                true => score::popular(model, &seen, &options, None)?.ranking,
                false => {
                    let visitor = FoldIn::of_history(model, &history).solve(model);
                    score::recommend(model, visitor.vector(), &seen, &options)?
                }
            };
            Ok(list.into_iter().map(|scored| scored.item).collect())
        })
        .collect::<Result<_>>()?;
    let mut visibility = popularity(model);
    for list in lists {
        (2..).zip(list).for_each(|(place, row)| visibility[row as usize] += 1.0 / f64::from(place).log2());
    }
    Ok(visibility)
}

/// From 0 to less than the weight of the last place.
fn popularity(model: &Model) -> Vec<f64> {
    let Some(counts) = model.counts() else { return vec![0.0; model.items()] };
    let most = f64::from(counts.iter().copied().max().unwrap_or(0)) + 1.0;
    counts.iter().map(|&count| 0.1 * f64::from(count) / most).collect()
}
