//! Training as a page does it, natively on one thread: from a list of interactions with ids to the packed model.

use foldin::{Model, Precision, Problem, Result};
use foldin_cli::data::Numbers;
use foldin_lab::train::{Interactions, Options, ials, next, sgd, train, unobserved};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const DIM: usize = 32;
const EPOCHS: usize = 10;

/// Prints how long both take: `script` trains the same in a page. Whenever it prints the name of an algorithm, it is
/// told how many milliseconds that took here, so that both meet the machine in the same mood.
pub fn print(data: &Interactions, ratings: &Path, script: &Path) -> Result<()> {
    println!("\nMovieLens 100K, dim {DIM}, {EPOCHS} epochs, packed to int8");
    let algorithms = [
        ("ials", Options::Ials(ials::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
        ("sgd", Options::Sgd(sgd::Options { dim: DIM, epochs: EPOCHS, ..Default::default() })),
        (
            "next",
            Options::Next(next::Options {
                dim: DIM,
                epochs: EPOCHS,
                patience: 0,
                in_order: true,
                ..Default::default()
            }),
        ),
    ];
    let list = list(data);
    let mut node = Command::new("node");
    let talk = node.arg(script).arg(ratings).stdin(Stdio::piped()).stdout(Stdio::piped());
    let failed = |problem: String| {
        let remedy = "see what Node printed; build the package with `cargo xtask dist`".into();
        Problem::Data { place: script.display().to_string(), problem, remedy }
    };
    let mut node = talk.spawn().map_err(|error| failed(error.to_string()))?;
    let (mut told, said) = (node.stdin.take().expect("piped"), node.stdout.take().expect("piped"));
    for line in BufReader::new(said).lines().map_while(std::result::Result::ok) {
        match algorithms.iter().find(|(name, _)| *name == line) {
            Some((_, options)) => {
                let answer = milliseconds(&list, options)?;
                writeln!(told, "{answer}").map_err(|error| failed(error.to_string()))?;
            }
            None => println!("{line}"),
        }
    }
    match node.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(failed("it failed".into()).into()),
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
    let start = Instant::now();
    let trained = alone.install(|| train(&interactions(list), options, &mut unobserved))?;
    Model::pack(&trained.items, Precision::Int8)?;
    Ok(1000.0 * start.elapsed().as_secs_f64())
}

fn interactions(list: &[Told<'_>]) -> Interactions {
    let (mut users, mut items) = (Numbers::default(), Numbers::default());
    let entries: Vec<_> =
        list.iter().map(|&(user, item, value)| (users.of(user), items.of(item), value)).collect();
    Interactions::from_entries(users.ids, items.ids, &entries, None)
}
