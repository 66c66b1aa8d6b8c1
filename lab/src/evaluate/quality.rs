//! One figure for one model: what gates and searches compare.

use super::interval::Estimate;
use super::{Fold, Judge, Protocol, Served};
use foldin::error::Result;
use foldin::model::Model;

/// NDCG@k of a model as it would be served, with its 95 % interval, by full ranking of the fold's hidden items.
///
/// # Errors
/// As [`Protocol::run`].
pub fn ndcg(model: &Model, fold: &Fold, k: usize) -> Result<Estimate> {
    let judge = Judge::new(fold, &[k]);
    let mut tally = judge.tally();
    judge.run(&Served::of_fold(model, fold), &mut tally, &|| {})?;
    let nobody = Estimate { mean: 0.0, low: None, high: None };
    Ok(tally.report(1).metrics.get(&format!("ndcg@{k}")).copied().unwrap_or(nobody))
}
