//! NDCG against bytes an item, for unseen users who are folded in.

use crate::measure::{means, only, report, served, tuned_ease};
use crate::table::mean;
use foldin::{Model, Precision, Result};
use foldin_lab::evaluate::baselines::Ease;
use foldin_lab::evaluate::{Fold, Judge, Ranker, Report, Split};
use foldin_lab::train::{Interactions, ials, unobserved};

const DIMS: [usize; 6] = [16, 32, 64, 96, 128, 192];

const CUTOFFS: [usize; 2] = [10, 100];

/// Weights an item that a sparse EASE keeps.
const KEPT: usize = 100;

/// Prints the table: each dimension at each precision, as means over splits with as many seeds, beside EASE whole and
/// cut down for the first of them.
pub fn print(
    name: &str,
    data: &Interactions,
    recipe: &dyn Fn(usize, u64) -> ials::Options,
    seeds: u64,
) -> Result<()> {
    let split = Split::Strong { users: 0.2, given: 0.8 };
    let folds: Vec<Fold> =
        (1..=seeds).map(|seed| Ok(only(split.folds(data, seed)?))).collect::<Result<_>>()?;
    println!(
        "\n{name}, strong generalisation: NDCG by precision of the rows, and what is kept of f32's NDCG@10"
    );
    println!("{:28} {:>10} {:>9} {:>9} {:>8}", "", "bytes/item", "ndcg@10", "ndcg@100", "kept");
    for dim in DIMS {
        let mut reports: [Vec<Report>; Precision::ALL.len()] = Default::default();
        for (fold, seed) in folds.iter().zip(1..) {
            let trained = ials::train(&fold.train, &recipe(dim, seed), &mut unobserved)?;
            let judge = Judge::new(fold, &CUTOFFS);
            for (reports, precision) in reports.iter_mut().zip(Precision::ALL) {
                reports.push(served(&judge, &Model::pack(&trained.items, precision)?, fold)?);
            }
        }
        let full = mean(&means(&reports[0], "ndcg@10"));
        for (reports, precision) in reports.iter().zip(Precision::ALL) {
            let [at_10, at_100] = ["ndcg@10", "ndcg@100"].map(|metric| mean(&means(reports, metric)));
            let label = format!("iALS, dim {dim}, {}", precision.name());
            let (bytes, kept) = (row_bytes(precision, dim), 100.0 * at_10 / full);
            println!("{label:28} {bytes:>10} {at_10:>9.4} {at_100:>9.4} {kept:>7.2}%");
        }
    }
    let fold = &folds[0];
    let judge = Judge::new(fold, &CUTOFFS);
    let ease = Ease::train(&fold.train, tuned_ease(&fold.train, split, "ndcg@10")?)?;
    let sparse = ease.largest(KEPT);
    let rankers: [(&str, usize, &dyn Ranker); 2] = [
        // A 16-bit column and a half float a weight.
        ("EASE, 100 largest, f16", 4 * sparse.entries() / data.items(), &sparse),
        ("EASE, dense, f32", 4 * data.items(), &ease),
    ];
    for (label, bytes, ranker) in rankers {
        let reached = report(&judge, ranker)?.metrics;
        println!("{label:28} {bytes:>10} {:>9.4} {:>9.4}", reached["ndcg@10"].mean, reached["ndcg@100"].mean);
    }
    Ok(())
}

/// A row with its scale.
fn row_bytes(precision: Precision, dim: usize) -> usize {
    match precision {
        Precision::F32 => 4 * dim,
        Precision::F16 => 2 * dim,
        Precision::Int8 => dim + 4,
        Precision::Int4 => dim / 2 + 4,
    }
}
