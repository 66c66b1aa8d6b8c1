//! What is done with rows on their way into a model and back.

use super::backends;
use crate::{Gram, from_bytes, from_nibbles, nibbles, squared_lengths, to_nibbles};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Added one by one.
fn naive_gram(rows: &[f32], weights: Option<&[f32]>, dim: usize) -> Vec<f32> {
    let sum = |i: usize, j: usize| {
        let products = rows.chunks(dim).enumerate().map(|(at, row)| {
            let weight = weights.map_or(1.0, |weights| weights[at]);
            f64::from(weight * row[i.max(j)]) * f64::from(row[i.min(j)])
        });
        products.fold(0.0, |sum, product| sum + product) as f32
    };
    (0..dim * dim).map(|at| sum(at / dim, at % dim)).collect()
}

#[test]
fn gram_matrices_are_those_of_one_row_after_the_other() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(10);
    for dim in (1..40).chain([64, 100]) {
        let count = rng.random_range(1..200);
        let sizes = [0.0, 1e-45, 1e-20, 1.0, 1.0, 1e15];
        let mut number = || sizes[rng.random_range(0..sizes.len())] * rng.random_range(-1.0..1.0f32);
        let rows: Vec<f32> = (0..count * dim).map(|_| number()).collect();
        let weights: Vec<f32> = (0..count).map(|_| rng.random_range(0.1..5.0)).collect();
        for weights in [None, Some(weights.as_slice())] {
            let mut gram = Gram::new(dim);
            let mut from = 0;
            while from < count {
                let until = count.min(from + rng.random_range(1..100));
                gram.add(&rows[from * dim..until * dim], weights.map(|weights| &weights[from..until]));
                from = until;
            }
            assert_eq!(gram.matrix(), naive_gram(&rows, weights, dim), "dim {dim}");
        }
    }
}

#[test]
fn outer_products_have_the_same_bits_everywhere() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(11);
    for width in [8, 16, 24, 64] {
        let mut rows =
            || -> Vec<f64> { (0..65 * width).map(|_| rng.random_range(-1.0..1.0f32).into()).collect() };
        let (left, right) = (rows(), rows());
        let sum = |i: usize, j: usize| {
            let rows = left.chunks(width).zip(right.chunks(width));
            rows.fold(0.5, |sum, (left, right)| sum + left[i] * right[j])
        };
        for kernels in backends() {
            let mut sums = vec![0.5; width * width];
            (kernels.gram)(&left, &right, width, &mut sums);
            for i in 0..width {
                assert!((0..=i).all(|j| sums[i * width + j] == sum(i, j)), "width {width}, row {i}");
            }
        }
    }
}

#[test]
fn squared_lengths_are_near_and_tell_what_is_not_finite() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(12);
    for dim in 1..100 {
        let mut rows: Vec<f32> = (0..3 * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        let mut squares = [0.0; 3];
        assert!(squared_lengths(&rows, dim, &mut squares));
        for (row, square) in rows.chunks(dim).zip(squares) {
            let exact: f64 = row.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
            assert!((f64::from(square) - exact).abs() <= 1e-6 * exact, "dim {dim}: {square} for {exact}");
        }
        for bad in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let at = rng.random_range(0..rows.len());
            let good = std::mem::replace(&mut rows[at], bad);
            assert!(!squared_lengths(&rows, dim, &mut squares), "{bad} at {at}");
            rows[at] = good;
        }
    }
}

#[test]
fn rows_are_read_as_they_were_written() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(13);
    for dim in (2..50).step_by(2) {
        let integers: Vec<i8> = (0..5 * dim).map(|_| rng.random_range(-8..8)).collect();
        let scales: Vec<f32> = (0..5).map(|_| rng.random_range(0.1..2.0)).collect();
        let mut packed = vec![0; integers.len() / 2];
        to_nibbles(&integers, &mut packed);
        assert!(packed.iter().flat_map(|&byte| <[i8; 2]>::from(nibbles(byte))).eq(integers.iter().copied()));
        let [mut of_bytes, mut of_nibbles] = [(); 2].map(|()| vec![0.0; integers.len()]);
        from_bytes(&integers, &scales, dim, &mut of_bytes);
        from_nibbles(&packed, &scales, dim, &mut of_nibbles);
        assert_eq!(of_bytes, of_nibbles);
        assert!((0..integers.len()).all(|at| of_bytes[at] == scales[at / dim] * f32::from(integers[at])));
    }
}
