//! Every backend against the scalar twin, and the twin against sums that cannot round.

use crate::dispatch::SCALAR;
use crate::{CHUNK, Kernels, PAD, Rough, above, best, dot, scale, select, sort, sums_of_squares};
use half::f16;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

mod packing;
mod rounding;

/// All that a build has: the scalar twin, and what this machine gets.
fn backends() -> [&'static Kernels; 2] {
    [&SCALAR, best()]
}

/// Three groups of four, a rest, and the last row, behind which nothing can be loaded.
const ROWS: usize = 15;

fn padded<T: Default + Clone>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.resize(values.len().next_multiple_of(PAD), T::default());
    values
}

/// A byte, often an extreme one.
fn byte(rng: &mut impl rand::Rng) -> i8 {
    match rng.random_range(0..4) {
        0 => i8::MIN,
        1 => i8::MAX,
        _ => rng.random(),
    }
}

#[test]
fn integer_rows_are_exact() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
    for dim in 1..=260 {
        let limit = (i32::MAX / (128 * dim as i32)).min(i32::from(i16::MAX)) as i16;
        let values: Vec<i8> = (0..ROWS * dim).map(|_| byte(rng)).collect();
        let query: Vec<i16> = (0..dim)
            .map(|_| if rng.random_bool(0.3) { limit } else { rng.random_range(-limit..=limit) })
            .collect();
        let exact = |row: usize| -> i64 {
            let row = &values[row * dim..][..dim];
            row.iter().zip(&query).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum()
        };
        for kernels in backends() {
            let mut sums = vec![0; ROWS];
            (kernels.int8)(&values, dim, &padded(&query), &mut sums);
            assert!((0..ROWS).map(exact).eq(sums.iter().map(|&sum| i64::from(sum))), "dim {dim}");
        }
    }
}

/// Never less, and no more above than rounding a query to bytes explains.
#[test]
fn rough_products_are_near_and_never_less() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(7);
    let mut bounded = 0;
    for dim in 1..=260 {
        let limit = (i32::MAX / (128 * dim as i32)).min(i32::from(i16::MAX)) as i16;
        let mut values: Vec<i8> = (0..ROWS * dim).map(|_| byte(rng)).collect();
        for most in [1, 3, 126, limit / 5, limit] {
            // One number far above the others now and then, which costs them most of their digits.
            let small = if rng.random_bool(0.5) { most / 100 } else { most };
            let mut query: Vec<i16> = (0..dim).map(|_| rng.random_range(-small..=small)).collect();
            query[0] = -most;
            let Some(rough) = Rough::new(&query, 0.25) else { continue };
            let unit = f64::from(rough.scale / 0.25);
            // The row that loses most.
            for (value, number) in values.iter_mut().zip(&query) {
                let exact = f64::from(*number) / unit;
                *value = if exact.round() > exact { i8::MIN } else { i8::MAX };
            }
            let mut sums = [0; ROWS];
            let rows = (best().rough)(&values, dim, &rough, &mut sums);
            bounded += rows;
            for (row, &sum) in values.chunks(dim).zip(&sums[..rows]) {
                let exact = f64::from(dot(row, &query));
                let bound = f64::from(sum) * unit;
                let lost = 128.0 * (dim as f64 + 2.0) * unit;
                assert!((exact..exact + lost).contains(&bound), "dim {dim}: {exact} and {bound}");
            }
        }
    }
    assert!(bounded > 0 || !cfg!(target_feature = "avx2"));
    assert!(Rough::new(&[0; 64], 1.0).is_none() && Rough::new(&[1; 2000], 1.0).is_none());
}

#[test]
fn nibble_rows_are_exact() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(2);
    for dim in (2..=260).step_by(2) {
        let values: Vec<u8> = (0..ROWS * dim / 2).map(|_| byte(rng) as u8).collect();
        let query: Vec<i16> = (0..dim).map(|_| rng.random_range(-32767..=32767)).collect();
        let half = |odd: usize| padded(&query.iter().skip(odd).step_by(2).copied().collect::<Vec<_>>());
        let halves = [half(0), half(1)].concat();
        let exact = |row: usize| -> i64 {
            let row = &values[row * (dim / 2)..][..dim / 2];
            let numbers = row.iter().flat_map(|&byte| [(byte as i8) << 4 >> 4, byte as i8 >> 4]);
            numbers.zip(&query).map(|(a, &b)| i64::from(a) * i64::from(b)).sum()
        };
        for kernels in backends() {
            let mut sums = vec![0; ROWS];
            (kernels.int4)(&values, dim, &halves, &mut sums);
            assert!((0..ROWS).map(exact).eq(sums.iter().map(|&sum| i64::from(sum))), "dim {dim}");
        }
    }
}

#[test]
fn float_rows_are_near_and_bit_equal() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(3);
    let edges = [0.0, -0.0, f32::MIN_POSITIVE, 1e-42, 65504.0, -65504.0, 6e-8];
    for dim in 1..=260 {
        let mut number = || match rng.random_range(0..20) {
            edge if edge < edges.len() => edges[edge],
            _ => rng.random_range(-1.0..1.0f32),
        };
        let halves: Vec<f16> = (0..ROWS * dim).map(|_| f16::from_f32(number())).collect();
        let floats: Vec<f32> = (0..ROWS * dim).map(|_| number()).collect();
        let query: Vec<f32> = padded(&(0..dim).map(|_| number()).collect::<Vec<_>>());
        let widened: Vec<f32> = halves.iter().map(|v| v.to_f32()).collect();
        let run = |kernels: &Kernels| {
            let (mut f32s, mut f16s) = (vec![0.0; ROWS], vec![0.0; ROWS]);
            (kernels.f32)(&floats, dim, &query, &mut f32s);
            (kernels.f16)(&halves, dim, &query, &mut f16s);
            f32s.into_iter().zip(f16s).map(|(a, b)| [a, b]).collect::<Vec<_>>()
        };
        let sums = run(&SCALAR);
        for row in 0..ROWS {
            for (values, sum) in [&floats, &widened].into_iter().zip(sums[row]) {
                let products = values[row * dim..][..dim].iter().zip(&query);
                let products = products.map(|(&a, &b)| f64::from(a) * f64::from(b));
                let (exact, magnitude) = products.fold((0.0, 0.0), |(s, m), p| (s + p, m + p.abs()));
                assert!((f64::from(sum) - exact).abs() <= 1e-5 * magnitude + 1e-40, "dim {dim}");
            }
        }
        let bits = |sums: Vec<[f32; 2]>| sums.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(sums), bits(run(best())), "dim {dim}");
    }
}

#[test]
fn all_above_are_found_wherever_they_stand() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(4);
    let numbers = [f32::MIN, -1.0, -0.0, 0.0, 1e-45, 1.0, f32::MAX];
    for chunks in 0..5 {
        let len = chunks * CHUNK;
        for _ in 0..500 {
            let few = rng.random_range(1..=numbers.len());
            let list: Vec<f32> = (0..len).map(|_| numbers[rng.random_range(0..few)]).collect();
            for floor in [f32::NEG_INFINITY, -0.0, 0.0, 1.0, f32::INFINITY] {
                let naive = (0..len as u16).filter(|&at| list[at as usize] > floor);
                assert!(naive.eq(above(list.as_chunks().0, floor, &mut vec![0; len]).iter().copied()));
            }
        }
    }
}

#[test]
fn numbers_are_sorted() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(5);
    for len in 0..200 {
        // Few values, so that there are equal ones, or extreme ones.
        let most = if len % 2 == 0 { 9 } else { u64::MAX };
        let mut numbers: Vec<u64> = (0..len).map(|_| rng.random_range(0..=most)).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        sort(&mut numbers);
        assert_eq!(numbers, sorted);
    }
}

#[test]
fn the_least_come_to_the_front() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(7);
    for len in 1..120 {
        let rising: Vec<u64> = (0..len as u64).map(|n| n << 40 | rng.random_range(0..1 << 40)).collect();
        let mut mixed = rising.clone();
        mixed.sort_by_key(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for at in 0..len {
            for mut numbers in [rising.clone(), rising.iter().rev().copied().collect(), mixed.clone()] {
                select(&mut numbers, at);
                assert_eq!(numbers[at], rising[at]);
                numbers[..at].sort_unstable();
                numbers[at..].sort_unstable();
                assert_eq!(numbers, rising);
            }
        }
    }
}

#[test]
fn squares_are_exact() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(6);
    let mut longest = [0];
    sums_of_squares(&[i8::MIN; 131_071], 131_071, &mut longest);
    assert_eq!(longest, [131_071 * 16_384]);
    for dim in 1..=260 {
        let rows: Vec<i8> = (0..ROWS * dim).map(|_| byte(rng)).collect();
        let mut sums = [0; ROWS];
        sums_of_squares(&rows, dim, &mut sums);
        let naive = |row: &[i8]| row.iter().map(|&v| i32::from(v).pow(2)).sum::<i32>();
        assert!(sums.iter().zip(rows.chunks(dim)).all(|(&sum, row)| sum == naive(row)), "dim {dim}");
    }
}

/// Rows of zeros and of extremes, under scales of nothing, next to nothing and very much.
#[test]
fn scales_at_the_edges_keep_every_bit() {
    let scales = [0.0, -0.0, 1e-45, 1e-42, f32::MIN_POSITIVE, 1e-20, 0.5, 1.0, 3.7, 1e30];
    for dim in [1, 2, 8, 15, 64, 260] {
        let limit = (i32::MAX / (128 * dim as i32)).min(i32::from(i16::MAX)) as i16;
        let rows: Vec<i8> =
            (0..scales.len()).flat_map(|row| [[-128, 127, 0][row % 3]; 260][..dim].to_vec()).collect();
        for (query, query_scale) in [(limit, 1.0), (-limit, 1e-3), (1, 1e-41), (limit, 0.0), (0, 1.0)] {
            for kernels in backends() {
                let mut sums = vec![0; scales.len()];
                (kernels.int8)(&rows, dim, &padded(&vec![query; dim]), &mut sums);
                let mut scores: Vec<f32> = sums.iter().map(|&sum| f32::from_bits(sum as u32)).collect();
                scale(&mut scores, &scales, query_scale);
                for (row, score) in scores.into_iter().enumerate() {
                    let sum = i32::from(rows[row * dim]) * i32::from(query) * dim as i32;
                    let naive = sum as f32 * scales[row] * query_scale;
                    assert_eq!(score.to_bits(), naive.to_bits(), "dim {dim}, scale {}", scales[row]);
                }
            }
        }
    }
    let mut sums = [-6, i32::MAX, i32::MIN].map(|sum: i32| f32::from_bits(sum as u32));
    scale(&mut sums, &[0.5, 1.0, 1.0], 2.0);
    assert_eq!(sums, [-6.0, 4_294_967_296.0, -4_294_967_296.0]);
}
