//! What is recommended to many visitors, from a table of what they did.

use crate::data::Matching;
use crate::output;
use foldin::recommender::{Answer, Ask, Recommender};
use foldin::score::Options;
use foldin::visitor::{Event, EventWeights};
use foldin::{Model, Result};
use foldin_lab::train::Interactions;
use rayon::prelude::*;

/// Users whose answers are made before any is handed on: bounds the memory, keeps the cores busy.
const CHUNK: usize = 1024;

/// Users who are asked for together: each block of rows is read once for all of them.
const TOGETHER: usize = 64;

/// The rows of the items of `file`; those that the model has not are counted and said, and tell nothing of their users.
///
/// # Errors
/// [`foldin::Problem::Data`] where the model has none of them.
pub fn known_rows(model: &Model, file: &str, ids: &[String]) -> Result<Vec<Option<u32>>> {
    let of_model: Vec<String> = (0..model.items() as u32).map(|row| model.id(row)).collect();
    let what = format!("items of {}", file);
    let Matching { matched, of, warning } = Matching::of(&what, ids, "the model", &of_model)?;
    let rows: Vec<Option<u32>> = ids.iter().map(|id| model.find(id).ok()).collect();
    let unknown: Vec<&String> =
        ids.iter().zip(&rows).filter(|(_, row)| row.is_none()).map(|(id, _)| id).collect();
    if let Some(warning) = warning {
        output::remark(format!("warning: {warning}"));
    } else if let [first, ..] = unknown[..] {
        let count = of - matched;
        output::remark(format!(
            "{count} of {of} {what} are not in the model and tell nothing, e.g. {first:?}"
        ));
    }
    Ok(rows)
}

/// Hands the answer for each user of `history` to `each`, in their order, with the user's row. Every interaction counts as
/// in training; those on items that the model does not know (None in `rows`, [items]) count for nothing.
///
/// # Errors
/// As [`Recommender::recommend`], and what `each` refuses.
pub fn answers(
    model: &Model,
    weights: &EventWeights,
    (history, rows): (&Interactions, &[Option<u32>]),
    options: &Options,
    explain: bool,
    each: &mut dyn FnMut(usize, &Answer) -> Result<()>,
) -> Result<()> {
    let users: Vec<usize> = (0..history.users()).collect();
    let events = |&user: &usize| history.history(user).given().events(model, |item| rows[item as usize]);
    let explained = |user| {
        let visitor = Recommender::for_history(model, weights, &events(user))?;
        visitor.recommend(options, Ask { explain: true, ..Ask::default() })
    };
    for chunk in users.chunks(CHUNK) {
        let answers: Vec<Vec<Answer>> = chunk
            .par_chunks(TOGETHER)
            .map(|users| match explain {
                true => users.iter().map(explained).collect(),
                false => {
                    let histories: Vec<Vec<Event>> = users.iter().map(events).collect();
                    Recommender::for_histories(model, weights, &histories, options)
                }
            })
            .collect::<Result<_>>()?;
        chunk.iter().zip(answers.iter().flatten()).try_for_each(|(&user, answer)| each(user, answer))?;
    }
    Ok(())
}
