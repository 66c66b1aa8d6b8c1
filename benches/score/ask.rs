//! Asks a model natively for its best hundred, again and again, and prints one line of JSON: the fastest and the
//! median answer in milliseconds, and the share of its rows that were read. The asking vectors are sums of five
//! random items' factors, as of visitors who liked those.

use foldin::score::{Options, Request, answer};
use foldin_cli::model_file;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::time::Instant;

const TIMES: usize = 51;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: bench-ask MODEL")?;
    let model = model_file::read(path)?;
    let options = Options { count: 100, ..Options::default() };
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
    let (mut milliseconds, mut read) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let mut query = vec![0.0; model.dim()];
        for _ in 0..5 {
            let liked = model.factor(rng.random_range(0..model.items() as u32));
            query.iter_mut().zip(liked).for_each(|(sum, v)| *sum += v);
        }
        let started = Instant::now();
        read += answer(&model, Request { query: &query, seen: &[] }, &options, None)?.rows_read;
        milliseconds.push(started.elapsed().as_secs_f64() * 1e3);
    }
    milliseconds.sort_by(f64::total_cmp);
    let (best, median) = (milliseconds[0], milliseconds[TIMES / 2]);
    let share = read as f64 / (TIMES * model.items()) as f64;
    println!(r#"{{"best": {best}, "median": {median}, "read": {share}}}"#);
    Ok(())
}
