//! The two towers beside iALS of the same dim.

use crate::data::{self, Data};
use crate::ncf::OneMillion;
use crate::table::Table;
use foldin::{Model, Precision, Result};
use foldin_lab::evaluate::{Fold, Judge, Ncf, Protocol, Report, Served, Split};
use foldin_lab::train::{Interactions, ials, two_tower, unobserved};
use std::path::Path;

/// A quarter of each user's films is hidden; full ranking.
pub fn random(data: &Data, table: &mut Table) -> Result<()> {
    let split = Split::Stratified { hidden: 0.25 };
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for seed in crate::SPLITS {
        let fold = split.folds(&data.interactions, seed)?.swap_remove(0);
        let judge = Judge::new(&fold, &[10]);
        let towers = two_tower::train(&fold.train, &recipe(seed), &mut unobserved)?;
        ours.push(report(&judge, &Model::pack(&towers.items, Precision::Int8)?, &fold)?);
        let ials = data::train(&fold.train)?;
        rival.push(report(&judge, &Model::pack(&ials.items, Precision::Int8)?, &fold)?);
    }
    table.means("two towers, 25 % of each user hidden / iALS", mean(&ours), mean(&rival));
    Ok(())
}

/// MovieLens 1M as the NCF benchmark splits it.
pub fn ncf(folder: &Path, table: &mut Table) -> Result<()> {
    let OneMillion { fold, negatives } = OneMillion::read(folder)?;
    let protocol = Ncf { fold: &fold, negatives: &negatives, ks: &[10] };
    let towers = two_tower::train(&fold.train, &recipe(1), &mut unobserved)?;
    let ours = report(&protocol, &Model::pack(&towers.items, Precision::Int8)?, &fold)?;
    let rival = report(&protocol, &Model::pack(&one_million(&fold.train)?, Precision::Int8)?, &fold)?;
    for (metric, neumf) in [("hr@10", 0.7093), ("ndcg@10", 0.4349)] {
        let of = |report: &Report| report.metrics[metric].mean;
        table.means(format!("two towers, MovieLens 1M, NCF protocol, {metric} / NeuMF"), of(&ours), neumf);
        table.means(
            format!("two towers, MovieLens 1M, NCF protocol, {metric} / iALS"),
            of(&ours),
            of(&rival),
        );
    }
    Ok(())
}

fn recipe(seed: u64) -> two_tower::Options {
    two_tower::Options { seed, ..two_tower::Options::default() }
}

/// The recipe that the quality bench tuned for MovieLens 1M, at dim 64.
fn one_million(train: &Interactions) -> Result<foldin::model::Factors> {
    let options =
        ials::Options { unobserved_weight: 0.18, regularization: 0.008, ..ials::Options::default() };
    Ok(ials::train(train, &options, &mut unobserved)?.items)
}

fn report(protocol: &dyn Protocol, model: &Model, fold: &Fold) -> Result<Report> {
    let mut tally = protocol.tally();
    protocol.run(&Served::new(model, &fold.train.item_ids), &mut tally, &|| ())?;
    Ok(tally.report(1))
}

fn mean(reports: &[Report]) -> f64 {
    reports.iter().map(|report| report.metrics["ndcg@10"].mean).sum::<f64>() / reports.len() as f64
}
