//! Rounding of rows on their way into a model.

use foldin_kernel as kernel;

/// Rounds rows of `dim` numbers to -127 to 127, each to the nearest: the integers, and a scale a row.
pub(super) fn to_nearest(rows: &[f32], dim: usize) -> (Vec<i8>, Vec<f32>) {
    let (mut integers, mut scales) = (vec![0; rows.len()], vec![0.0; rows.len() / dim]);
    (kernel::best().to_nearest)(rows, dim, &mut integers, &mut scales);
    (integers, scales)
}

/// Rounds rows of `dim` numbers to -7 to 7, so that scores change little by [`metric`].
pub(super) fn for_scores(rows: &[f32], dim: usize, metric: &[f32]) -> (Vec<i8>, Vec<f32>) {
    let (mut integers, mut scales) = (vec![0; rows.len()], vec![0.0; rows.len() / dim]);
    (kernel::best().for_scores)(rows, dim, metric, &mut integers, &mut scales);
    (integers, scales)
}

/// How much of the metric does not depend on the direction: a vector from elsewhere need not be like the items.
const EVEN: f32 = 0.1;

/// What an error costs, [dim, dim], with a diagonal of 1 on average. Visitors' vectors are sums of items', so the items'
/// Gram matrix stands for theirs.
pub(super) fn metric(gram: Vec<f32>, dim: usize) -> Vec<f32> {
    let mut metric = gram;
    let mean = metric.iter().step_by(dim + 1).sum::<f32>() / dim as f32;
    metric.iter_mut().for_each(|value| *value *= (1.0 - EVEN) / mean.max(f32::MIN_POSITIVE));
    metric.iter_mut().step_by(dim + 1).for_each(|value| *value += EVEN);
    metric
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

    /// By the metric of the rows themselves.
    fn by_their_gram(rows: &[f32], dim: usize) -> (Vec<i8>, Vec<f32>) {
        let mut gram = foldin_kernel::Gram::new(dim);
        gram.add(rows, None);
        for_scores(rows, dim, &metric(gram.matrix(), dim))
    }

    fn nearest_of_four_bits(rows: &[f32]) -> (Vec<i8>, Vec<f32>) {
        let round = |row: &[f32]| {
            let scale = row.iter().fold(0f32, |max, v| max.max(v.abs())) / 7.0;
            let integers: Vec<f32> = row.iter().map(|v| (v / scale).round()).collect();
            let product: f32 = integers.iter().zip(row).map(|(k, v)| k * v).sum();
            let scale = product / integers.iter().map(|k| k * k).sum::<f32>();
            (integers.into_iter().map(|k| k as i8).collect::<Vec<_>>(), scale)
        };
        let (integers, scales): (Vec<_>, Vec<_>) = rows.chunks_exact(DIM).map(round).unzip();
        (integers.concat(), scales)
    }

    #[test]
    fn scores_err_less_than_with_each_number_at_the_nearest() {
        let rows = rows(100);
        let ours = by_their_gram(&rows, DIM);
        let nearest = nearest_of_four_bits(&rows);
        let (ours_err, nearest_err) = (error_of_scores(&rows, &ours), error_of_scores(&rows, &nearest));
        assert!(ours_err < 0.5 * nearest_err, "{ours_err} for {nearest_err}");
        assert!(ours.0.iter().all(|k| (-7..=7).contains(k)));
    }

    #[test]
    fn a_row_of_zeros_stays_one() {
        for round in [to_nearest, by_their_gram] {
            assert_eq!(round(&[0.0, -0.0, 1e-45, 0.0], 4), (vec![0; 4], vec![0.0]));
        }
    }

    #[test]
    fn the_largest_and_smallest_numbers_that_a_model_may_have_stay_finite() {
        for size in [1e18, 1e-18, 1e-30, f32::MIN_POSITIVE] {
            let (_, scales) = by_their_gram(&[size, -size, 0.5 * size, 0.0, size, size, size, -size], 4);
            assert!(scales.iter().all(|scale| scale.is_finite()), "{size}: {scales:?}");
        }
    }
}
