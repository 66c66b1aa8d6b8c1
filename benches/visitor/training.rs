//! Training as a page does it, natively on one thread: from a list of interactions with ids to the packed model.

use foldin::data::Numbers;
use foldin::train::{Interactions, Options, ials, sgd, train, unobserved};
use foldin::{Model, Precision, Problem, Result};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const DIM: usize = 32;
const EPOCHS: usize = 10;
const REPEATS: usize = 9;

/// Prints how long both take: `script` trains the same in the package whose main file is given.
pub fn print(data: &Interactions, ratings: &Path, script: &Path, package: &Path) -> Result<()> {
    println!("\nMovieLens 100K, dim {DIM}, {EPOCHS} epochs, packed to int8");
    let algorithms = [
        ("ials", Options::Ials(ials::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
        ("sgd", Options::Sgd(sgd::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
    ];
    let list = list(data);
    let native: Vec<String> = algorithms
        .iter()
        .map(|(name, options)| Ok(format!("{name}={:.1}", milliseconds(&list, options)?)))
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

/// User, item and value, as a page hands them over.
type Told<'a> = (&'a str, &'a str, f32);

/// In the order of the file, as the page has them.
fn list(data: &Interactions) -> Vec<Told<'_>> {
    let mut placed: Vec<_> = data.order.iter().zip(data.matrix.iter()).collect();
    placed.sort_by_key(|&(place, _)| place);
    let told = |(_, (user, item, value)): (_, (u32, u32, f32))| {
        (data.user_ids[user as usize].as_str(), data.item_ids[item as usize].as_str(), value)
    };
    placed.into_iter().map(told).collect()
}

fn milliseconds(list: &[Told<'_>], options: &Options) -> Result<f64> {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let mut times: Vec<f64> = (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            let trained = alone.install(|| train(&interactions(list), options, &mut unobserved))?;
            Model::pack(&trained.items, Precision::Int8)?;
            Ok(1000.0 * start.elapsed().as_secs_f64())
        })
        .collect::<Result<_>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times[REPEATS / 2])
}

fn interactions(list: &[Told<'_>]) -> Interactions {
    let (mut users, mut items) = (Numbers::default(), Numbers::default());
    let entries: Vec<_> =
        list.iter().map(|&(user, item, value)| (users.of(user), items.of(item), value)).collect();
    Interactions::from_entries(users.ids, items.ids, &entries, None)
}
