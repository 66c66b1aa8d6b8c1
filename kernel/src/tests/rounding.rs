//! Rounding, row by row and number by number: the oracle of the backends, which round eight rows at once.

use super::backends;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Writes `row / scale` as integers, and returns the scale that is best for them and by how much the squared error is
/// below that of a row of zeros.
fn nearest(row: &[f32], scale: f32, limit: f32, out: &mut [i8]) -> (f32, f64) {
    if scale <= f32::MIN_POSITIVE {
        out.fill(0);
        return (0.0, 0.0);
    }
    let (mut product, mut square) = (0f64, 0f64);
    for (out, &value) in out.iter_mut().zip(row) {
        let integer = (value / scale).round().clamp(-limit, limit);
        *out = integer as i8;
        product += f64::from(value) * f64::from(integer);
        square += f64::from(integer) * f64::from(integer);
    }
    ((product / square) as f32, product * product / square)
}

fn widest(row: &[f32], limit: f32) -> f32 {
    row.iter().fold(0f32, |max, v| max.max(v.abs())) / limit
}

fn for_scores(row: &[f32], metric: &[f32], integers: &mut [i8]) -> f32 {
    let (mut best, mut candidate) = ((0.0, 0.0), vec![0; row.len()]);
    for part in [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6] {
        let found = nearest(row, part * widest(row, 7.0), 7.0, &mut candidate);
        if found.1 > best.1 {
            best = found;
            integers.copy_from_slice(&candidate);
        }
    }
    if best.0 > 0.0 { descend(row, metric, integers, best.0) } else { 0.0 }
}

fn descend(row: &[f32], metric: &[f32], integers: &mut [i8], mut scale: f32) -> f32 {
    let dim = row.len();
    let add = |scale: f32, number: usize, y: &mut [f32]| {
        y.iter_mut().zip(&metric[number * dim..]).for_each(|(y, x)| *y += scale * x);
    };
    let (mut of_row, mut of_integers) = (vec![0.0; dim], vec![0.0; dim]);
    for number in 0..dim {
        add(row[number], number, &mut of_row);
        add(f32::from(integers[number]), number, &mut of_integers);
    }
    for _ in 0..3 {
        let mut moved = false;
        for number in 0..dim {
            let integer = f32::from(integers[number]);
            let step = (of_row[number] / scale - of_integers[number]) / metric[number * dim + number];
            let best = (integer + step).round().clamp(-7.0, 7.0);
            if best != integer {
                add(best - integer, number, &mut of_integers);
                integers[number] = best as i8;
                moved = true;
            }
        }
        let times = |of: &[f32]| -> f64 {
            integers.iter().zip(of).fold(0.0, |sum, (&k, &of)| sum + f64::from(k) * f64::from(of))
        };
        let (product, square) = (times(&of_row), times(&of_integers));
        if square <= 0.0 || product <= 0.0 {
            return scale;
        }
        scale = (product / square) as f32;
        if !moved {
            break;
        }
    }
    scale
}

/// Of very different lengths; some are zero, some have halves of integers.
fn rows(count: usize, dim: usize, rng: &mut impl rand::Rng) -> Vec<f32> {
    let row = |rng: &mut dyn rand::Rng| -> Vec<f32> {
        let size = [0.0, 1e-45, f32::MIN_POSITIVE, 1e-30, 0.01, 1.0, 1e9, 1e18][rng.random_range(0..8)];
        let halves = rng.random_bool(0.3);
        let number = |rng: &mut dyn rand::Rng| match halves {
            true => rng.random_range(-14..=14i8) as f32 / 2.0,
            false => rng.random_range(-1.0..1.0f32),
        };
        (0..dim).map(|_| size * number(rng)).collect()
    };
    (0..count).flat_map(|_| row(rng)).collect()
}

/// Symmetric, with a diagonal that outweighs the rest, or nearly.
fn metric(dim: usize, rng: &mut impl rand::Rng) -> Vec<f32> {
    let mut metric = vec![0.0; dim * dim];
    for i in 0..dim {
        for j in 0..=i {
            let cost = if i == j { 1.0 } else { rng.random_range(-0.5..0.5f32) };
            (metric[i * dim + j], metric[j * dim + i]) = (cost, cost);
        }
    }
    metric
}

#[test]
fn bytes_are_those_of_one_row_after_the_other() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(8);
    for dim in 1..100 {
        let count = rng.random_range(1..20);
        let rows = rows(count, dim, rng);
        let (mut wanted, mut wanted_scales) = (vec![0; rows.len()], Vec::new());
        for (row, out) in rows.chunks(dim).zip(wanted.chunks_mut(dim)) {
            wanted_scales.push(nearest(row, widest(row, 127.0), 127.0, out).0.to_bits());
        }
        for kernels in backends() {
            let (mut integers, mut scales) = (vec![1; rows.len()], vec![1.0; count]);
            (kernels.to_nearest)(&rows, dim, &mut integers, &mut scales);
            assert_eq!(integers, wanted, "dim {dim}");
            assert!(
                scales.iter().map(|scale| scale.to_bits()).eq(wanted_scales.iter().copied()),
                "dim {dim}"
            );
        }
    }
}

#[test]
fn nibbles_are_those_of_one_row_after_the_other() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(9);
    for dim in (2..100).step_by(2) {
        let count = rng.random_range(1..20);
        let (rows, metric) = (rows(count, dim, rng), metric(dim, rng));
        let (mut wanted, mut wanted_scales) = (vec![0; rows.len()], Vec::new());
        for (row, out) in rows.chunks(dim).zip(wanted.chunks_mut(dim)) {
            wanted_scales.push(for_scores(row, &metric, out).to_bits());
        }
        for kernels in backends() {
            let (mut integers, mut scales) = (vec![1; rows.len()], vec![1.0; count]);
            (kernels.for_scores)(&rows, dim, &metric, &mut integers, &mut scales);
            assert_eq!(integers, wanted, "dim {dim}");
            assert!(
                scales.iter().map(|scale| scale.to_bits()).eq(wanted_scales.iter().copied()),
                "dim {dim}"
            );
        }
    }
}
