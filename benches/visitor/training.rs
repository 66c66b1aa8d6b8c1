//! Training as a page does it, natively on one thread.

use foldin::train::{Interactions, Options, ials, sgd, train, unobserved};
use foldin::{Model, Precision, Problem, Result};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const DIM: usize = 32;
const EPOCHS: usize = 10;
const REPEATS: usize = 3;

/// Prints how long both take: `script` trains the same in the package whose main file is given.
pub fn print(data: &Interactions, ratings: &Path, script: &Path, package: &Path) -> Result<()> {
    println!("\nMovieLens 100K, dim {DIM}, {EPOCHS} epochs, packed to int8");
    let algorithms = [
        ("ials", Options::Ials(ials::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
        ("sgd", Options::Sgd(sgd::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
    ];
    let native: Vec<String> = algorithms
        .iter()
        .map(|(name, options)| Ok(format!("{name}={:.0}", milliseconds(data, options)?)))
        .collect::<Result<_>>()?;
    let mut node = Command::new("node");
    node.arg(script).arg(ratings).arg(package).arg(native.join(","));
    match node.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Problem::Data {
            place: script.display().to_string(),
            problem: "it failed".into(),
            remedy: "see what Node printed; build the package with `cargo xtask dist`".into(),
        }
        .into()),
    }
}

fn milliseconds(data: &Interactions, options: &Options) -> Result<f64> {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let mut times: Vec<f64> = (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            let trained = alone.install(|| train(data, options, &mut unobserved))?;
            Model::pack(&trained.items, Precision::Int8)?;
            Ok(1000.0 * start.elapsed().as_secs_f64())
        })
        .collect::<Result<_>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times[REPEATS / 2])
}
