//! NDCG against bytes an item, for unseen users who are folded in.

use crate::measure::{only, report, served, tuned_ease};
use foldin::evaluate::baselines::Ease;
use foldin::evaluate::{Judge, Ranker, Split};
use foldin::train::{Interactions, ials, unobserved};
use foldin::{Model, Precision, Result};

const DIMS: [usize; 6] = [16, 32, 64, 96, 128, 192];

/// Weights an item that a sparse EASE keeps.
const KEPT: usize = 100;

/// Prints the table: each dimension at each precision, beside EASE whole and cut down.
pub fn print(name: &str, data: &Interactions, recipe: &dyn Fn(usize, u64) -> ials::Options) -> Result<()> {
    let split = Split::Strong { users: 0.2, given: 0.8 };
    let fold = only(split.folds(data, 1)?);
    let judge = Judge::new(&fold, &[10, 100]);
    println!(
        "\n{name}, strong generalisation: NDCG by precision of the rows, and what is kept of f32's NDCG@10"
    );
    println!("{:28} {:>10} {:>9} {:>9} {:>8}", "", "bytes/item", "ndcg@10", "ndcg@100", "kept");
    for dim in DIMS {
        let options = recipe(dim, 1);
        let trained = ials::train(&fold.train, &options, &mut unobserved)?;
        let mut full = None;
        for precision in Precision::ALL {
            let model = Model::pack(&trained.items, precision)?;
            let reached = served(&judge, &model, &fold)?;
            let at_10 = reached.metrics["ndcg@10"].mean;
            let kept = 100.0 * at_10 / *full.get_or_insert(at_10);
            let label = format!("iALS, dim {dim}, {}", precision.name());
            let bytes = row_bytes(precision, dim);
            println!(
                "{label:28} {bytes:>10} {at_10:>9.4} {:>9.4} {kept:>7.2}%",
                reached.metrics["ndcg@100"].mean
            );
        }
    }
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
