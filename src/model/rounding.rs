//! Rounding of rows to integers with a scale each: a number is about scale x integer.
//!
//! Where steps are fine, each number goes to the nearest. Where they are coarse, what counts is not how long a row's
//! error `e = v - scale k` is but what it does to scores, `e.p` for the vectors `p` of visitors. Its mean square is
//! `eᵀ H e` with `H` the mean of `p pᵀ`, and the error of one number can make up for that of another: integers are
//! moved one by one to where they are best, and the scale after them. This is coordinate descent on what Frantar,
//! Ashkboos, Hoefler and Alistarh, "GPTQ: accurate post-training quantization for generative pre-trained transformers"
//! (2023), section 3, minimise for the weights of a layer and its inputs.
//!
//! Visitors' vectors are sums of items', so the items' Gram matrix stands for `H`. Every number comes from the same
//! operations in the same order in the browser.

use super::Rows;
use super::gram::gram;

/// Rounds rows of `dim` numbers to -127 to 127, each to the nearest: the integers, and a scale a row.
pub(super) fn to_nearest(rows: &[f32], dim: usize) -> (Vec<i8>, Vec<f32>) {
    each(rows, dim, |row, integers| nearest(row, widest(row, 127.0), 127.0, integers).scale)
}

/// Rounds rows of `dim` numbers to -7 to 7, so that scores change little.
pub(super) fn for_scores(rows: &[f32], dim: usize) -> (Vec<i8>, Vec<f32>) {
    for_scores_among(rows, &gram(Rows::F32 { values: rows, dim }, rows.len() / dim, dim, |_| 1.0), dim)
}

/// The same where `gram` [dim, dim] is the Gram matrix of all rows that there are.
pub(super) fn for_scores_among(rows: &[f32], gram: &[f32], dim: usize) -> (Vec<i8>, Vec<f32>) {
    let metric = Metric::of(gram, dim);
    let (mut candidate, mut room) = (vec![0; dim], Room::new(dim));
    each(rows, dim, |row, integers| {
        let mut best = Nearest::default();
        for part in CUTS {
            let found = nearest(row, part * widest(row, LIMIT), LIMIT, &mut candidate);
            if found.explained > best.explained {
                best = found;
                integers.copy_from_slice(&candidate);
            }
        }
        if best.scale > 0.0 { room.descend(&metric, row, integers, best.scale) } else { 0.0 }
    })
}

/// The largest integer of 4 bits whose negative is one too.
const LIMIT: f32 = 7.0;

/// Parts of the widest scale that are tried: numbers that are cut off may cost less than coarser steps for all.
const CUTS: [f32; 9] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/// Passes over a row's numbers; few of the last one's move.
const PASSES: usize = 3;

/// How much of the metric does not depend on the direction: a vector from elsewhere need not be like the items.
const EVEN: f32 = 0.1;

/// Rounds each row by `round`, which writes integers and returns their scale.
fn each(rows: &[f32], dim: usize, mut round: impl FnMut(&[f32], &mut [i8]) -> f32) -> (Vec<i8>, Vec<f32>) {
    let mut integers = vec![0; rows.len()];
    let pairs = rows.chunks_exact(dim).zip(integers.chunks_exact_mut(dim));
    let scales = pairs.map(|(row, integers)| round(row, integers)).collect();
    (integers, scales)
}

/// The scale at which the largest magnitude becomes `limit`.
fn widest(row: &[f32], limit: f32) -> f32 {
    row.iter().fold(0f32, |max, v| max.max(v.abs())) / limit
}

/// How well integers stand for a row.
#[derive(Clone, Copy, Default)]
struct Nearest {
    /// The best one for them, `x.k / k.k`.
    scale: f32,
    /// By how much the squared error is below that of a row of zeros.
    explained: f64,
}

/// Writes `row / scale` as integers; all zero for a scale so small that its inverse overflows.
fn nearest(row: &[f32], scale: f32, limit: f32, out: &mut [i8]) -> Nearest {
    if scale <= f32::MIN_POSITIVE {
        out.fill(0);
        return Nearest::default();
    }
    let (mut product, mut square) = (0f64, 0f64);
    for (out, &value) in out.iter_mut().zip(row) {
        let integer = (value / scale).round().clamp(-limit, limit);
        *out = integer as i8;
        product += f64::from(value) * f64::from(integer);
        square += f64::from(integer) * f64::from(integer);
    }
    Nearest { scale: (product / square) as f32, explained: product * product / square }
}

/// What an error costs, as a symmetric matrix with a diagonal of 1 on average.
struct Metric {
    /// [dim, dim]
    values: Vec<f32>,
    dim: usize,
}

impl Metric {
    fn of(gram: &[f32], dim: usize) -> Metric {
        let mut values = gram.to_vec();
        let mean = values.iter().step_by(dim + 1).sum::<f32>() / dim as f32;
        values.iter_mut().for_each(|value| *value *= (1.0 - EVEN) / mean.max(f32::MIN_POSITIVE));
        values.iter_mut().step_by(dim + 1).for_each(|value| *value += EVEN);
        Metric { values, dim }
    }

    fn row(&self, number: usize) -> &[f32] {
        &self.values[number * self.dim..][..self.dim]
    }
}

/// Room for the descent of a row, used again for the next.
struct Room {
    /// The metric times the row, and times its integers, [dim].
    of_row: Vec<f32>,
    of_integers: Vec<f32>,
}

impl Room {
    fn new(dim: usize) -> Room {
        Room { of_row: vec![0.0; dim], of_integers: vec![0.0; dim] }
    }

    /// Moves the integers to where the error costs least, and returns the scale that is best for them.
    fn descend(&mut self, metric: &Metric, row: &[f32], integers: &mut [i8], mut scale: f32) -> f32 {
        let Room { of_row, of_integers } = self;
        of_row.fill(0.0);
        of_integers.fill(0.0);
        for (number, (&value, &integer)) in row.iter().zip(&*integers).enumerate() {
            add_scaled(value, metric.row(number), of_row);
            add_scaled(f32::from(integer), metric.row(number), of_integers);
        }
        for _ in 0..PASSES {
            let mut moved = false;
            for (number, integer) in integers.iter_mut().enumerate() {
                let column = metric.row(number);
                let step = (of_row[number] / scale - of_integers[number]) / column[number];
                let best = (f32::from(*integer) + step).round().clamp(-LIMIT, LIMIT);
                if best != f32::from(*integer) {
                    add_scaled(best - f32::from(*integer), column, of_integers);
                    *integer = best as i8;
                    moved = true;
                }
            }
            let (mut product, mut square) = (0f64, 0f64);
            for ((&integer, &of_row), &of_integers) in integers.iter().zip(&*of_row).zip(&*of_integers) {
                product += f64::from(integer) * f64::from(of_row);
                square += f64::from(integer) * f64::from(of_integers);
            }
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
}

/// `y += scale x`.
fn add_scaled(scale: f32, x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIM: usize = 32;

    /// Items whose numbers go together, as those of learned factors do.
    fn rows(items: usize) -> Vec<f32> {
        let noise = |at: usize| ((at * at * 37 + at * 11) % 101) as f32 / 101.0 - 0.5;
        let row = |item: usize| {
            (0..DIM).map(move |i| noise(item) * (1.0 + (i % 3) as f32) + 0.4 * noise(item * DIM + i))
        };
        (0..items).flat_map(row).collect()
    }

    /// The sum of squared errors of all inner products.
    fn error_of_scores(rows: &[f32], (integers, scales): &(Vec<i8>, Vec<f32>)) -> f64 {
        let errors =
            rows.chunks_exact(DIM).zip(integers.chunks_exact(DIM)).zip(scales).map(|((row, k), scale)| {
                row.iter().zip(k).map(|(v, &k)| f64::from(v - scale * f32::from(k))).collect::<Vec<f64>>()
            });
        let score = |error: &[f64], row: &[f32]| -> f64 {
            error.iter().zip(row).map(|(e, &v)| e * f64::from(v)).sum()
        };
        errors.map(|error| rows.chunks_exact(DIM).map(|row| score(&error, row).powi(2)).sum::<f64>()).sum()
    }

    #[test]
    fn scores_err_less_than_with_each_number_at_the_nearest() {
        let rows = rows(100);
        let ours = for_scores(&rows, DIM);
        let nearest =
            each(&rows, DIM, |row, integers| nearest(row, widest(row, LIMIT), LIMIT, integers).scale);
        let (ours_err, nearest_err) = (error_of_scores(&rows, &ours), error_of_scores(&rows, &nearest));
        assert!(ours_err < 0.5 * nearest_err, "{ours_err} for {nearest_err}");
        assert!(ours.0.iter().all(|k| (-7..=7).contains(k)));
    }

    #[test]
    fn a_row_of_zeros_stays_one() {
        for round in [to_nearest, for_scores] {
            assert_eq!(round(&[0.0, -0.0, 1e-45, 0.0], 4), (vec![0; 4], vec![0.0]));
        }
    }

    #[test]
    fn the_largest_and_smallest_numbers_that_a_model_may_have_stay_finite() {
        for size in [1e18, 1e-18, 1e-30, f32::MIN_POSITIVE] {
            let (_, scales) = for_scores(&[size, -size, 0.5 * size, 0.0, size, size, size, -size], 4);
            assert!(scales.iter().all(|scale| scale.is_finite()), "{size}: {scales:?}");
        }
    }
}
