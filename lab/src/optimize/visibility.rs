//! Which items anybody will see.

use crate::evaluate::Fold;
use foldin::Recommender;
use foldin::error::Result;
use foldin::model::Model;
use foldin::recommender::Ask;
use foldin::score::Options;
use foldin::visitor::EventWeights;
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
    let values = fold.given.matrix.values.iter().copied();
    let weights = EventWeights::of_interactions(model, values);
    let lists: Vec<Vec<u32>> = (fold.users().into_par_iter())
        .map(|user| {
            let history = fold.given.history(user);
            let events = history.given().events(model, |item| rows[item as usize]);
            let visitor = Recommender::for_history(model, &weights, &events)?;
            let answer = visitor.recommend(&options, Ask::default())?;
            Ok(answer.results.into_iter().map(|result| result.item).collect())
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
