//! Axes in which a Gram matrix is diagonal: what makes a step that treats each coordinate by itself a good one.
//!
//! Vectors of users and items may be turned together as one likes: no product and no length changes. By one-sided
//! Jacobi rotations (Hestenes, "Inversion of matrices by biorthogonalization and related results", 1958): pairs of
//! rows of the matrix are turned until all are orthogonal to each other; the same turns, begun with the unit vectors,
//! give the axes.
//!
//! They are for training only. Along them few coordinates have most of the length, and rows of 4 bits a coordinate
//! lose more than where it is spread.

use super::vector::{dot, exchange};
use crate::parallel;
use crate::product::product;
use crate::simd;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use pulp::{Simd, WithSimd};

/// The cosine of two rows that counts as orthogonal. What remains is a worse step, not a wrong one.
const ORTHOGONAL: f32 = 1e-3;

/// Passes over all pairs.
const SWEEPS: usize = 6;

/// Orthonormal axes, [n, n], of the symmetric `matrix` [n, n]. A coordinate that is zero for all stays so.
pub(crate) fn of(matrix: &[f32], n: usize) -> Array2<f32> {
    let trace: f32 = matrix.iter().step_by(n + 1).sum();
    let mut rows = vec![0.0; 2 * n * n];
    for (number, (row, from)) in rows.chunks_exact_mut(2 * n).zip(matrix.chunks_exact(n)).enumerate() {
        row[..n].iter_mut().zip(from).for_each(|(to, from)| *to = from / trace.max(f32::MIN_POSITIVE));
        row[n + number] = 1.0;
    }
    simd::run(Jacobi { rows: &mut rows, n });
    Array2::from_shape_fn((n, n), |(axis, i)| rows[axis * 2 * n + n + i])
}

struct Jacobi<'a> {
    /// Each with its axis behind it, [n, 2 n].
    rows: &'a mut [f32],
    n: usize,
}

impl WithSimd for Jacobi<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Jacobi { rows, n } = self;
        for _ in 0..SWEEPS {
            let mut turned = false;
            for second in 1..n {
                let (above, below) = rows.split_at_mut(second * 2 * n);
                let b = &mut below[..2 * n];
                for a in above.chunks_exact_mut(2 * n) {
                    let product = dot(simd, &a[..n], &b[..n]);
                    let (of_a, of_b) = (dot(simd, &a[..n], &a[..n]), dot(simd, &b[..n], &b[..n]));
                    if product.abs() > ORTHOGONAL * (of_a * of_b).sqrt() {
                        let half = (of_b - of_a) / (2.0 * product);
                        let tangent = half.signum() / (half.abs() + (1.0 + half * half).sqrt());
                        let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
                        let sine = cosine * tangent;
                        exchange(simd, cosine, -sine, sine, a, b);
                        turned = true;
                    }
                }
            }
            if !turned {
                return;
            }
        }
    }
}

/// Multiplies each of `rows` [any, n] with `matrix` [n, n].
pub(crate) fn turn(rows: &mut Array2<f32>, matrix: ArrayView2<'_, f32>) {
    let n = rows.ncols();
    let rows = rows.as_slice_mut().expect("made in standard layout");
    parallel::map_tasks(
        rows,
        n,
        || (),
        |_, rows, ()| {
            let mut rows = ArrayViewMut2::from_shape((rows.len() / n, n), rows).expect("whole rows");
            let turned = product(rows.view(), matrix);
            rows.assign(&turned);
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [n, n]: what a Gram matrix of random vectors is, with zeros for its last coordinate.
    fn matrix(n: usize) -> Vec<f32> {
        let vectors: Vec<f32> =
            (0..40 * n).map(|i| ((i * i * 31 + i * 7) % 97) as f32 / 97.0 - 0.3).collect();
        let mut sum = vec![0.0; n * n];
        for v in vectors.chunks_exact(n) {
            for (i, j) in (0..n - 1).flat_map(|i| (0..n - 1).map(move |j| (i, j))) {
                sum[i * n + j] += v[i] * v[j];
            }
        }
        sum
    }

    #[test]
    fn axes_are_orthonormal_and_leave_nothing_beside_the_diagonal() {
        let n = 32;
        let matrix = matrix(n);
        let axes = of(&matrix, n);
        let matrix = ArrayView2::from_shape((n, n), &matrix).unwrap();
        let (unit, diagonal) = (axes.dot(&axes.t()), axes.dot(&matrix).dot(&axes.t()));
        let largest = diagonal.diag().iter().fold(0f32, |max, &value| max.max(value));
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            assert!(unit[[i, j]].abs() < 1e-5 && (unit[[i, i]] - 1.0).abs() < 1e-5);
            assert!(diagonal[[i, j]].abs() < 1e-4 * largest, "{}", diagonal[[i, j]]);
        }
        assert!((0..n).all(|i| axes[[i, n - 1]] == f32::from(u8::from(i == n - 1))));
    }

    #[test]
    fn turning_changes_no_product() {
        let n = 16;
        let rows = Array2::from_shape_fn((50, n), |(row, i)| ((row * n + i) * 13 % 29) as f32 / 29.0);
        let mut turned = rows.clone();
        turn(&mut turned, of(&matrix(n), n).t());
        assert_ne!(rows, turned);
        let difference = rows.dot(&rows.t()) - turned.dot(&turned.t());
        assert!(difference.iter().all(|product| product.abs() < 1e-4));
    }
}
