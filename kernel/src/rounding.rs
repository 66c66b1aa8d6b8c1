//! Rounding of rows to integers with a scale each: a number is about scale x integer.
//!
//! Where steps are fine, each number goes to the nearest. Where they are coarse, what counts is not how long a row's
//! error `e = v - scale k` is but what it does to scores, `e.p` for the vectors `p` of visitors. Its mean square is
//! `eᵀ H e` with `H` the mean of `p pᵀ`, and the error of one number can make up for that of another: integers are
//! moved one by one to where they are best, and the scale after them. This is coordinate descent on what Frantar,
//! Ashkboos, Hoefler and Alistarh, "GPTQ: accurate post-training quantization for generative pre-trained transformers"
//! (2023), section 3, minimise for the weights of a layer and its inputs.
//!
//! Written once, for [`LANES`] rows at a time: each backend compiles it with its own instructions. Every number comes from
//! the same operations in the same order.

use crate::lanes::{Lanes, Mask, Sums};
use crate::rows::LANES;

/// The largest integer of a byte whose negative is one too.
const BYTE: f32 = 127.0;

/// The largest integer of 4 bits whose negative is one too.
const NIBBLE: f32 = 7.0;

/// Parts of the widest scale that are tried: numbers that are cut off may cost less than coarser steps for all.
const CUTS: [f32; 9] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/// Passes over a row's numbers; few of the last one's move.
const PASSES: usize = 3;

/// Rounds rows of `dim` finite numbers to -127 to 127, each to the nearest: the integers, and a scale a row.
#[inline(always)]
pub(crate) fn to_nearest(rows: &[f32], dim: usize, integers: &mut [i8], scales: &mut [f32]) {
    let mut numbers = vec![Lanes::splat(0.0); dim];
    for ((rows, integers), scales) in groups(rows, dim, integers, scales) {
        gather(rows, dim, &mut numbers);
        let steps = steps(largest(&numbers), BYTE, 1.0);
        scales.copy_from_slice(&nearest(&numbers, steps, BYTE).scales[..scales.len()]);
        numbers.iter_mut().for_each(|number| *number = integer(*number, steps, BYTE));
        scatter(&numbers, dim, integers);
    }
}

/// Rounds rows of `dim` finite numbers to -7 to 7, so that scores change little: `metric`, symmetric [dim, dim], is
/// what an error costs.
#[inline(always)]
pub(crate) fn for_scores(rows: &[f32], dim: usize, metric: &[f32], integers: &mut [i8], scales: &mut [f32]) {
    let mut room = Room::new(dim);
    for ((rows, integers), scales) in groups(rows, dim, integers, scales) {
        gather(rows, dim, &mut room.numbers);
        let found = room.cut();
        let descended = room.descend(metric, found);
        scales.copy_from_slice(&descended[..scales.len()]);
        scatter(&room.integers, dim, integers);
    }
}

/// What is rounded together: rows, where their integers go, and their scales.
fn groups<'a>(
    rows: &'a [f32],
    dim: usize,
    integers: &'a mut [i8],
    scales: &'a mut [f32],
) -> impl Iterator<Item = ((&'a [f32], &'a mut [i8]), &'a mut [f32])> {
    rows.chunks(LANES * dim).zip(integers.chunks_mut(LANES * dim)).zip(scales.chunks_mut(LANES))
}

/// Puts the rows side by side; for rows that are missing the last one stands again.
#[inline(always)]
fn gather(rows: &[f32], dim: usize, numbers: &mut [Lanes]) {
    let last = rows.len() / dim - 1;
    let rows: [&[f32]; LANES] = std::array::from_fn(|lane| &rows[lane.min(last) * dim..][..dim]);
    for (at, number) in numbers[..dim].iter_mut().enumerate() {
        *number = Lanes::new(rows.map(|row| row[at]));
    }
}

#[inline(always)]
fn scatter(numbers: &[Lanes], dim: usize, integers: &mut [i8]) {
    for (at, number) in numbers[..dim].iter().enumerate() {
        let lanes = number.to_array();
        integers.chunks_exact_mut(dim).zip(lanes).for_each(|(row, integer)| row[at] = integer as i8);
    }
}

/// The largest magnitude of each row.
#[inline(always)]
fn largest(numbers: &[Lanes]) -> [f32; LANES] {
    numbers.iter().fold(Lanes::splat(0.0), |largest, number| largest.max(number.abs())).to_array()
}

/// The scales at which `part` of each row's largest magnitude becomes `limit`. 1 for one so small that its inverse
/// overflows: all integers are zero then.
#[inline(always)]
fn steps(largest: [f32; LANES], limit: f32, part: f32) -> Lanes {
    Lanes::new(largest.map(|largest| match part * (largest / limit) {
        step if step > f32::MIN_POSITIVE => step,
        _ => 1.0,
    }))
}

/// How well integers stand for rows.
struct Nearest {
    /// The best for them, `x.k / k.k`.
    scales: [f32; LANES],
    /// By how much the squared error is below that of a row of zeros.
    explained: [f64; LANES],
}

/// What [`integer`] makes of the rows.
#[inline(always)]
fn nearest(numbers: &[Lanes], steps: Lanes, limit: f32) -> Nearest {
    let (mut products, mut squares) = (Sums::ZERO, Sums::ZERO);
    for &number in numbers {
        let integer = integer(number, steps, limit);
        products = products.add_products(number, integer);
        squares = squares.add_products(integer, integer);
    }
    let (products, squares) = (products.to_array(), squares.to_array());
    let mut nearest = Nearest { scales: [0.0; LANES], explained: [0.0; LANES] };
    for lane in 0..LANES {
        if squares[lane] > 0.0 {
            nearest.scales[lane] = (products[lane] / squares[lane]) as f32;
            nearest.explained[lane] = products[lane] * products[lane] / squares[lane];
        }
    }
    nearest
}

/// The integers nearest to `number / step`.
#[inline(always)]
fn integer(number: Lanes, steps: Lanes, limit: f32) -> Lanes {
    clamp((number / steps).round(), limit)
}

#[inline(always)]
fn clamp(number: Lanes, limit: f32) -> Lanes {
    number.max(Lanes::splat(-limit)).min(Lanes::splat(limit))
}

/// Rows on their way to integers of 4 bits, [dim].
struct Room {
    numbers: Vec<Lanes>,
    integers: Vec<Lanes>,
    /// The metric times the rows, and times their integers.
    of_numbers: Vec<Lanes>,
    of_integers: Vec<Lanes>,
}

impl Room {
    fn new(dim: usize) -> Room {
        let [numbers, integers, of_numbers, of_integers] = [(); 4].map(|()| vec![Lanes::splat(0.0); dim]);
        Room { numbers, integers, of_numbers, of_integers }
    }

    /// Starts with the nearest integers by the best of [`CUTS`], and returns the scales that are best for them.
    #[inline(always)]
    fn cut(&mut self) -> [f32; LANES] {
        let largest = largest(&self.numbers);
        let mut best = Nearest { scales: [0.0; LANES], explained: [0.0; LANES] };
        let mut best_steps = [1.0; LANES];
        for part in CUTS {
            let steps = steps(largest, NIBBLE, part);
            let found = nearest(&self.numbers, steps, NIBBLE);
            for (lane, step) in steps.to_array().into_iter().enumerate() {
                if found.explained[lane] > best.explained[lane] {
                    best.explained[lane] = found.explained[lane];
                    best.scales[lane] = found.scales[lane];
                    best_steps[lane] = step;
                }
            }
        }
        let best_steps = Lanes::new(best_steps);
        for (integers, &number) in self.integers.iter_mut().zip(&self.numbers) {
            *integers = integer(number, best_steps, NIBBLE);
        }
        best.scales
    }

    /// Moves the integers to where the error costs least, and returns the scales that are best for them.
    #[inline(always)]
    fn descend(&mut self, metric: &[f32], mut scales: [f32; LANES]) -> [f32; LANES] {
        self.multiply(metric);
        // A lane at rest moves no more. Rows of zeros are from the start.
        let mut at_rest = scales.map(|scale| scale == 0.0);
        for _ in 0..PASSES {
            let moved = self.pass(metric, Lanes::new(scales), Mask::new(at_rest.map(|at_rest| !at_rest)));
            let [products, squares] = [&self.of_numbers, &self.of_integers].map(|of| {
                let add = |sums: Sums, (&integer, &of)| sums.add_products(integer, of);
                self.integers.iter().zip(of).fold(Sums::ZERO, add).to_array()
            });
            for lane in 0..LANES {
                let (product, square) = (products[lane], squares[lane]);
                at_rest[lane] |= square <= 0.0 || product <= 0.0;
                if !at_rest[lane] {
                    scales[lane] = (product / square) as f32;
                    at_rest[lane] = !moved[lane];
                }
            }
            if at_rest == [true; LANES] {
                break;
            }
        }
        scales
    }

    /// Fills in the metric's products, two rows of the metric at a time.
    #[inline(always)]
    fn multiply(&mut self, metric: &[f32]) {
        let dim = self.numbers.len();
        let of = self.of_numbers.chunks_exact_mut(2).zip(self.of_integers.chunks_exact_mut(2));
        for (rows, (of_numbers, of_integers)) in metric.chunks_exact(2 * dim).zip(of) {
            let [mut numbers, mut integers] = [[Lanes::splat(0.0); 2]; 2];
            let cost = rows[..dim].iter().zip(&rows[dim..]);
            for ((&number, &integer), (&first, &second)) in self.numbers.iter().zip(&self.integers).zip(cost)
            {
                let [first, second] = [first, second].map(Lanes::splat);
                numbers = [numbers[0] + first * number, numbers[1] + second * number];
                integers = [integers[0] + first * integer, integers[1] + second * integer];
            }
            of_numbers.copy_from_slice(&numbers);
            of_integers.copy_from_slice(&integers);
        }
    }

    /// Moves each number's integers once in the lanes that are not at rest, and tells in which one moved.
    #[inline(always)]
    fn pass(&mut self, metric: &[f32], scales: Lanes, moving: Mask) -> [bool; LANES] {
        let dim = self.numbers.len();
        let mut moved = Mask::new([false; LANES]);
        for (number, cost) in metric.chunks_exact(dim).enumerate() {
            let integer = self.integers[number];
            let missing = self.of_numbers[number] / scales - self.of_integers[number];
            let best = clamp((integer + missing / Lanes::splat(cost[number])).round(), NIBBLE);
            let by = (best - integer).or_zero(moving);
            let moves = by.is_not_zero();
            if moves.any() {
                moved = moved.or(moves);
                self.integers[number] = integer + by;
                for (of, &cost) in self.of_integers.iter_mut().zip(cost) {
                    *of = *of + Lanes::splat(cost) * by;
                }
            }
        }
        moved.to_array()
    }
}
