//! A static table out of a sentence encoder's vectors of its tokens: principal axes, a weight a token, rows of few bits.
//! (Tulkens and van Dongen, "Model2Vec", 2024; the weights are those of Arora, Liang and Ma, "A simple but tough-to-beat
//! baseline for sentence embeddings", 2017.)

use crate::product::product;
use foldin_kernel::{self as kernel, to_nibbles};
use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// a of the weight a / (a + p) of a token of frequency p.
const SMOOTHING: f64 = 1e-3;

/// Rows of few bits.
pub struct Rows {
    /// [tokens, dim] whole numbers of 8 bits, or of 4 with the low half of a byte first.
    pub bytes: Vec<u8>,
    /// What a row is multiplied with, its token's weight included, [tokens].
    pub scales: Vec<f32>,
    /// What part of the vectors' variance the axes keep.
    pub kept: f64,
}

/// The frequency of a token by its place among all, the most frequent first (Zipf's law): vocabularies are written so.
pub fn frequency(place: usize, tokens: usize) -> f64 {
    1.0 / ((place + 1) as f64 * (tokens.max(2) as f64).ln())
}

/// Vectors [tokens, width] of tokens that are as frequent as told, along their `dim` principal axes, in rows of 4 or 8 bits.
/// A token counts for the axes by the root of its frequency: what people say is told apart, and still what they rarely say.
pub fn distil(vectors: ArrayView2<'_, f32>, frequencies: &[f64], dim: usize, bits: u32) -> Rows {
    let roots: Array1<f64> = frequencies.iter().map(|frequency| frequency.sqrt()).collect();
    let shares = &roots / roots.sum();
    let vectors = vectors.mapv(f64::from);
    let centred = &vectors - &shares.dot(&vectors);
    let weighted = &centred * &shares.insert_axis(Axis(1));
    let (axes, kept) = principal(&product(weighted.t(), centred.view()), dim);
    let rows = product(centred.view(), axes.view()).mapv(|v| v as f32);
    let (bytes, mut scales) = rounded(&rows, bits);
    let weight = |frequency: &f64| (SMOOTHING / (SMOOTHING + frequency)) as f32;
    scales.iter_mut().zip(frequencies).for_each(|(scale, frequency)| *scale *= weight(frequency));
    Rows { bytes, scales, kept }
}

/// The `dim` eigenvectors [width, dim] of the greatest eigenvalues, and their part of the trace.
fn principal(covariance: &Array2<f64>, dim: usize) -> (Array2<f64>, f64) {
    let width = covariance.nrows();
    let found = SymmetricEigen::new(DMatrix::from_fn(width, width, |i, j| covariance[[i, j]]));
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|&a, &b| found.eigenvalues[b].total_cmp(&found.eigenvalues[a]));
    order.truncate(dim);
    let kept: f64 = order.iter().map(|&axis| found.eigenvalues[axis]).sum();
    let axes = Array2::from_shape_fn((width, dim), |(i, axis)| found.eigenvectors[(i, order[axis])]);
    (axes, kept / found.eigenvalues.sum().max(f64::MIN_POSITIVE))
}

fn rounded(rows: &Array2<f32>, bits: u32) -> (Vec<u8>, Vec<f32>) {
    let (tokens, dim) = rows.dim();
    let values: Vec<f32> = rows.iter().copied().collect();
    let (mut integers, mut scales) = (vec![0i8; values.len()], vec![0.0; tokens]);
    if bits == 8 {
        (kernel::best().to_nearest)(&values, dim, &mut integers, &mut scales);
        return (integers.into_iter().map(|v| v as u8).collect(), scales);
    }
    // No direction counts more than another.
    let metric: Vec<f32> = (0..dim * dim).map(|at| f32::from(u8::from(at % (dim + 1) == 0))).collect();
    (kernel::best().for_scores)(&values, dim, &metric, &mut integers, &mut scales);
    let mut bytes = vec![0; values.len() / 2];
    to_nibbles(&integers, &mut bytes);
    (bytes, scales)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on a line in space, with a little beside it.
    fn line() -> Array2<f32> {
        Array2::from_shape_fn((50, 4), |(token, axis)| {
            let along = token as f32 - 24.5;
            [along, 2.0 * along, 0.01 * ((token * 7 % 5) as f32 - 2.0), 3.0][axis]
        })
    }

    #[test]
    fn the_first_axis_is_the_one_along_which_tokens_differ() {
        let rows = distil(line().view(), &[1.0; 50], 2, 8);
        assert!(rows.kept > 0.999, "{}", rows.kept);
        let first = |token: usize| f32::from(rows.bytes[2 * token] as i8) * rows.scales[token];
        let (near, far) = (first(25), first(49));
        assert!((far / near - 49.0).abs() < 0.5, "{far} is 49 times as far as {near}");
    }

    #[test]
    fn frequent_tokens_say_less() {
        let frequencies: Vec<f64> = (0..50).map(|place| frequency(place, 50)).collect();
        assert!(frequencies.windows(2).all(|pair| pair[0] > pair[1]));
        let (even, zipf) =
            (distil(line().view(), &[1e-9; 50], 2, 4), distil(line().view(), &frequencies, 2, 4));
        assert!(zipf.scales[0] < 0.1 * even.scales[0], "the first is the most frequent");
        assert_eq!(zipf.bytes.len(), 50);
    }

    #[test]
    fn tokens_that_are_all_alike_become_zeros() {
        let rows = distil(Array2::ones((3, 4)).view(), &[0.5, 0.3, 0.2], 2, 4);
        assert!(rows.scales.iter().all(|scale| scale.is_finite()) && rows.kept.is_finite());
    }
}
