//! Rounding of rows to integers with a scale each: a number is about scale x integer.
//!
//! Where steps are fine, each number goes to the nearest. Where they are coarse, what counts is not how long a row's
//! error `e = v - scale k` is but what it does to scores, `e.p` for the vectors `p` of visitors. Its mean square is
//! `eᵀ H e` with `H` the mean of `p pᵀ`, and the error of one number can make up for that of another: integers are
//! moved one by one to where they are best, and the scale after them. This is coordinate descent on what Frantar,
//! Ashkboos, Hoefler and Alistarh, "GPTQ: accurate post-training quantization for generative pre-trained transformers"
//! (2023), section 3, minimise for the weights of a layer and its inputs.
//!
//! Written once, for [`LANES`] rows at a time, from which compilers make vectors: each backend compiles it with its
//! own instructions. Every number comes from the same operations in the same order.

use crate::rows::LANES;

/// A number of each of the rows that are rounded together.
type Lanes = [f32; LANES];

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
    let mut numbers = vec![[0.0; LANES]; dim];
    for ((rows, integers), scales) in groups(rows, dim, integers, scales) {
        gather(rows, dim, &mut numbers);
        let steps = steps(&largest(&numbers), BYTE, 1.0);
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
        let mut best = Nearest { scales: [0.0; LANES], explained: [0.0; LANES] };
        let mut best_steps = [1.0; LANES];
        let largest = largest(&room.numbers);
        for part in CUTS {
            let steps = steps(&largest, NIBBLE, part);
            let found = nearest(&room.numbers, steps, NIBBLE);
            for lane in 0..LANES {
                if found.explained[lane] > best.explained[lane] {
                    best.explained[lane] = found.explained[lane];
                    best.scales[lane] = found.scales[lane];
                    best_steps[lane] = steps[lane];
                }
            }
        }
        for (integers, &numbers) in room.integers.iter_mut().zip(&room.numbers) {
            *integers = integer(numbers, best_steps, NIBBLE);
        }
        let descended = room.descend(metric, best.scales);
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

/// Puts the rows side by side; lanes without a row are zero.
#[inline(always)]
fn gather(rows: &[f32], dim: usize, numbers: &mut [Lanes]) {
    if rows.len() < LANES * dim {
        numbers.fill([0.0; LANES]);
    }
    for (lane, row) in rows.chunks_exact(dim).enumerate() {
        numbers.iter_mut().zip(row).for_each(|(number, &value)| number[lane % LANES] = value);
    }
}

#[inline(always)]
fn scatter(numbers: &[Lanes], dim: usize, integers: &mut [i8]) {
    for (lane, row) in integers.chunks_exact_mut(dim).enumerate() {
        row.iter_mut().zip(numbers).for_each(|(integer, number)| *integer = number[lane % LANES] as i8);
    }
}

#[inline(always)]
fn lanes<T>(of: impl FnMut(usize) -> T) -> [T; LANES] {
    std::array::from_fn(of)
}

/// The largest magnitude of each row.
#[inline(always)]
fn largest(numbers: &[Lanes]) -> Lanes {
    let mut largest = [0f32; LANES];
    for number in numbers {
        for (largest, number) in largest.iter_mut().zip(number) {
            // Compared, because `f32::max` asks each time whether a number is one.
            *largest = if number.abs() > *largest { number.abs() } else { *largest };
        }
    }
    largest
}

/// The scales at which `part` of each row's largest magnitude becomes `limit`. 1 for one so small that its inverse
/// overflows: all integers are zero then.
#[inline(always)]
fn steps(largest: &Lanes, limit: f32, part: f32) -> Lanes {
    lanes(|lane| match part * (largest[lane] / limit) {
        step if step > f32::MIN_POSITIVE => step,
        _ => 1.0,
    })
}

/// How well integers stand for rows.
struct Nearest {
    /// The best for them, `x.k / k.k`.
    scales: Lanes,
    /// By how much the squared error is below that of a row of zeros.
    explained: [f64; LANES],
}

/// What [`integer`] makes of the rows.
#[inline(always)]
fn nearest(numbers: &[Lanes], steps: Lanes, limit: f32) -> Nearest {
    let (mut products, mut squares) = ([0f64; LANES], [0f64; LANES]);
    for &number in numbers {
        let integer = integer(number, steps, limit);
        for lane in 0..LANES {
            products[lane] += f64::from(number[lane]) * f64::from(integer[lane]);
        }
        for lane in 0..LANES {
            squares[lane] += f64::from(integer[lane] * integer[lane]);
        }
    }
    let of = |lane: usize, quotient: fn(f64, f64) -> f64| match squares[lane] > 0.0 {
        true => quotient(products[lane], squares[lane]),
        false => 0.0,
    };
    Nearest {
        scales: lanes(|lane| of(lane, |product, square| product / square) as f32),
        explained: lanes(|lane| of(lane, |product, square| product * product / square)),
    }
}

/// The integers nearest to `number / step`.
#[inline(always)]
fn integer(number: Lanes, steps: Lanes, limit: f32) -> Lanes {
    lanes(|lane| round(number[lane] / steps[lane]).clamp(-limit, limit))
}

/// The nearest integer, of two the one further from zero, as [`f32::round`]: which is a call where this is three
/// instructions.
#[inline(always)]
fn round(number: f32) -> f32 {
    (number.abs() + 0.5f32.next_down()).trunc().copysign(number)
}

/// Rows on their way to integers, [dim].
struct Room {
    numbers: Vec<Lanes>,
    integers: Vec<Lanes>,
    /// The metric times the rows, and times their integers.
    of_numbers: Vec<Lanes>,
    of_integers: Vec<Lanes>,
}

impl Room {
    fn new(dim: usize) -> Room {
        let [numbers, integers, of_numbers, of_integers] = [(); 4].map(|()| vec![[0.0; LANES]; dim]);
        Room { numbers, integers, of_numbers, of_integers }
    }

    /// Moves the integers to where the error costs least, and returns the scales that are best for them.
    #[inline(always)]
    fn descend(&mut self, metric: &[f32], mut scales: Lanes) -> Lanes {
        self.multiply(metric);
        // A lane at rest moves no more. Rows of zeros are from the start.
        let mut at_rest = scales.map(|scale| !(scale > 0.0));
        for _ in 0..PASSES {
            let moved = self.pass(metric, scales, at_rest);
            let [products, squares] = [&self.of_numbers, &self.of_integers].map(|of| {
                let add = |sums: [f64; LANES], (integer, of): (&Lanes, &Lanes)| {
                    lanes(|lane| sums[lane] + f64::from(integer[lane]) * f64::from(of[lane]))
                };
                self.integers.iter().zip(of).fold([0.0; LANES], add)
            });
            for lane in 0..LANES {
                let (product, square) = (products[lane], squares[lane]);
                at_rest[lane] |= square <= 0.0 || product <= 0.0;
                if !at_rest[lane] {
                    scales[lane] = (product / square) as f32;
                    at_rest[lane] = !moved[lane];
                }
            }
            if at_rest.iter().all(|&at_rest| at_rest) {
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
            let (mut numbers, mut integers) = ([[0.0; LANES]; 2], [[0.0; LANES]; 2]);
            let cost = rows[..dim].iter().zip(&rows[dim..]);
            for ((number, integer), (&first, &second)) in self.numbers.iter().zip(&self.integers).zip(cost) {
                numbers = [add_scaled(first, number, numbers[0]), add_scaled(second, number, numbers[1])];
                integers =
                    [add_scaled(first, integer, integers[0]), add_scaled(second, integer, integers[1])];
            }
            of_numbers.copy_from_slice(&numbers);
            of_integers.copy_from_slice(&integers);
        }
    }

    /// Moves each number's integers once, and tells in which lanes one moved.
    #[inline(always)]
    fn pass(&mut self, metric: &[f32], scales: Lanes, at_rest: [bool; LANES]) -> [bool; LANES] {
        let dim = self.numbers.len();
        let mut moved = [false; LANES];
        for (number, cost) in metric.chunks_exact(dim).enumerate() {
            let (of_number, of_integer) = (self.of_numbers[number], self.of_integers[number]);
            let integer = self.integers[number];
            let moves = lanes(|lane| {
                let step = (of_number[lane] / scales[lane] - of_integer[lane]) / cost[number];
                let best = round(integer[lane] + step).clamp(-NIBBLE, NIBBLE);
                if at_rest[lane] { 0.0 } else { best - integer[lane] }
            });
            if moves.iter().all(|&by| by == 0.0) {
                continue;
            }
            self.integers[number] = lanes(|lane| integer[lane] + moves[lane]);
            moved = lanes(|lane| moved[lane] | (moves[lane] != 0.0));
            for (of, &cost) in self.of_integers.iter_mut().zip(cost) {
                *of = add_scaled(cost, &moves, *of);
            }
        }
        moved
    }
}

/// `y + scale x`.
#[inline(always)]
fn add_scaled(scale: f32, x: &Lanes, y: Lanes) -> Lanes {
    lanes(|lane| y[lane] + scale * x[lane])
}
