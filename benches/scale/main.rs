//! What `cargo xtask bench scale` measures natively, each size in a process of its own so that its memory is too:
//! `bench-scale train INTERACTIONS` trains on so many synthetic ones and prints a row, `bench-scale model ITEMS FILE`
//! writes a model of so many items.

use foldin::model::{Factors, Model, Precision};
use foldin_cli::model_file;
use foldin_lab::train::{self, Interactions, ials};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal, Zipf};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::time::Instant;

/// Interactions a user has, and how many items a user stands for: MovieLens' proportions, with a longer tail.
const A_USER: usize = 100;
const USERS_AN_ITEM: usize = 4;

/// Of the models that are written.
const MODEL_DIM: usize = 32;

const EPOCHS: usize = 2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["train", interactions] => train_on(interactions.parse()?),
        ["model", items, file] => write_model(items.parse()?, file),
        _ => Err("usage: bench-scale train INTERACTIONS | model ITEMS FILE".into()),
    }
}

/// Prints interactions, users, items, seconds of an epoch, seconds to the end, and the most memory.
fn train_on(count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let interactions = synthetic(count);
    let options = train::Options::Ials(ials::Options { epochs: EPOCHS, ..ials::Options::default() });
    let start = Instant::now();
    train::train(&interactions, &options, &mut train::unobserved)?;
    let epoch = start.elapsed().as_secs_f64() / EPOCHS as f64;
    let all = epoch * ials::Options::default().epochs as f64;
    let (users, items) = (interactions.users(), interactions.items());
    println!("{count:>12}{users:>9}{items:>9}{epoch:>10.2}{all:>10.1}{:>9.2}", peak_gigabytes());
    Ok(())
}

/// Users draw items by Zipf's law, each from an end of the catalogue that is their own.
fn synthetic(count: usize) -> Interactions {
    let (users, items) = (count / A_USER, (count / A_USER / USERS_AN_ITEM).max(1000));
    let popularity = Zipf::new(items as f64, 0.9).expect("a valid law");
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut entries = Vec::with_capacity(count);
    for user in 0..users as u32 {
        let taste = random.random_range(0..8) * items / 8;
        for _ in 0..A_USER {
            let place = popularity.sample(&mut random) as usize - 1;
            let item = if random.random_bool(0.7) { (place + taste) % items } else { place };
            entries.push((user, item as u32, 1.0));
        }
    }
    let ids = |count: usize| (0..count).map(|id| id.to_string()).collect();
    Interactions::from_entries(ids(users), ids(items), &entries, None)
}

/// As Linux tells it; NaN elsewhere.
fn peak_gigabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1e6)
}

/// Random directions whose lengths fall as popularity does.
fn write_model(items: usize, file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut values: Array2<f32> =
        Array2::from_shape_simple_fn((items, MODEL_DIM), || StandardNormal.sample(&mut random));
    for (place, mut row) in values.rows_mut().into_iter().enumerate() {
        let length = (1.0 + place as f32).powf(-0.1) / row.dot(&row).sqrt();
        row *= length;
    }
    model_file::write(&Model::pack(&Factors::external(values, None), Precision::Int8)?, file)?;
    Ok(())
}
