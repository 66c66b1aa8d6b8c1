//! How long packing takes: `cargo bench --bench pack -- ITEMS DIM` prints the seconds of each precision and a digest of
//! the bytes, by which builds are compared.

use foldin::model::{Factors, Model, Precision};
use ndarray::Array2;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    match numbers.as_slice() {
        [] => pack(100_000, 64),
        &[items, dim] => pack(items, dim),
        _ => Err("usage: cargo bench --bench pack -- [ITEMS DIM]".into()),
    }
}

/// Prints a line a precision.
fn pack(items: usize, dim: usize) -> Result<(), Box<dyn std::error::Error>> {
    let factors = Factors::external(directions(items, dim), None);
    for precision in Precision::ALL {
        let start = Instant::now();
        let model = Model::pack(&factors, precision)?;
        let seconds = start.elapsed().as_secs_f64();
        println!("{:8}{seconds:8.3} s  {:016x}", precision.name(), digest(model.bytes()));
    }
    Ok(())
}

/// FNV-1a, eight bytes at a time.
fn digest(bytes: &[u8]) -> u64 {
    let words = bytes.as_chunks().0.iter().map(|&word| u64::from_le_bytes(word));
    words.fold(0xcbf2_9ce4_8422_2325, |hash: u64, word| {
        (hash ^ word).wrapping_mul(0x100_0000_01b3).rotate_left(29)
    })
}

/// Random directions whose lengths fall as popularity does.
fn directions(items: usize, dim: usize) -> Array2<f32> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut values: Array2<f32> =
        Array2::from_shape_simple_fn((items, dim), || StandardNormal.sample(&mut random));
    for (place, mut row) in values.rows_mut().into_iter().enumerate() {
        let length = (1.0 + place as f32).powf(-0.1) / row.dot(&row).sqrt();
        row *= length;
    }
    values
}
