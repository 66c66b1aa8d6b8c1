//! Training, packing and judging in one step.

use crate::recipes;
use foldin::visitor::EventWeights;
use foldin::{Model, Precision, Result};
use foldin_lab::evaluate::baselines::Ease;
use foldin_lab::evaluate::{Fold, Judge, Protocol, Ranker, Report, Served, Split};
use foldin_lab::train::{Interactions, ials, unobserved};

/// A model of the training part.
pub fn train(train: &Interactions, options: &ials::Options, precision: Precision) -> Result<Model> {
    Model::pack(&ials::train(train, options, &mut unobserved)?.items, precision)
}

/// What `ranker` reaches under `protocol`.
pub fn report(protocol: &dyn Protocol, ranker: &dyn Ranker) -> Result<Report> {
    let mut tally = protocol.tally();
    protocol.run(ranker, &mut tally, &|| ())?;
    Ok(tally.report(1))
}

/// What the model reaches on the fold in full ranking.
pub fn served(judge: &Judge<'_>, model: &Model, fold: &Fold) -> Result<Report> {
    report(judge, &ageless(model, fold))
}

/// The model as it is served, but for recency: the figures that ours stand beside weigh all interactions alike.
pub fn ageless<'a>(model: &'a Model, fold: &Fold) -> Served<'a> {
    let weights = EventWeights::of_interactions(model, fold.values());
    Served::new(model, &fold.train.item_ids, EventWeights { remains: 1.0, ..weights })
}

/// The regularisation of EASE that is best by `metric` on a part of the training data, split in the same way.
pub fn tuned_ease(train: &Interactions, split: Split, metric: &str) -> Result<f64> {
    let validation = only(split.folds(train, 1)?);
    let judge = Judge::new(&validation, &[10, 100]);
    let mut best = (f64::NEG_INFINITY, recipes::EASE[0]);
    for regularization in recipes::EASE {
        let ease = Ease::train(&validation.train, regularization)?;
        let reached = report(&judge, &ease)?.metrics[metric].mean;
        if reached > best.0 {
            best = (reached, regularization);
        }
    }
    Ok(best.1)
}

/// The fold of a split that makes one.
pub fn only(mut folds: Vec<Fold>) -> Fold {
    folds.swap_remove(0)
}

/// What each of the reports says.
pub fn means(reports: &[Report], metric: &str) -> Vec<f64> {
    reports.iter().map(|report| report.metrics[metric].mean).collect()
}
