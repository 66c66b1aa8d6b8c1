//! The two principal axes of a cloud of points.

use crate::product::product;
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Rounds of the power iteration. The axes need not be exact: they are where the layout starts.
const ROUNDS: usize = 100;

/// Each of `rows` [items, dim] along the two axes [items, 2] on which they differ most.
pub(super) fn axes(rows: ArrayView2<'_, f32>) -> Array2<f32> {
    let (items, dim) = rows.dim();
    let mean = rows.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(dim));
    let centred = &rows - &mean;
    let mut covariance = product(centred.t(), centred.view());
    let mut places = Array2::zeros((items, 2));
    for mut column in places.columns_mut() {
        let axis = strongest(&covariance);
        column.assign(&centred.dot(&axis));
        // What it explains is taken out, so that the next one is at right angles to it.
        let strength = axis.dot(&covariance.dot(&axis));
        let outer = axis.view().insert_axis(Axis(1)).dot(&axis.view().insert_axis(Axis(0)));
        covariance.scaled_add(-strength, &outer);
    }
    places
}

/// The eigenvector of the greatest eigenvalue, by power iteration; zeros for a matrix of zeros.
fn strongest(matrix: &Array2<f32>) -> Array1<f32> {
    // Not at right angles to anything in particular.
    let mut axis = Array1::from_shape_fn(matrix.nrows(), |i| 1.0 + (i % 7) as f32 / 7.0);
    for _ in 0..ROUNDS {
        axis = matrix.dot(&axis);
        let norm = axis.dot(&axis).sqrt();
        if !norm.is_normal() {
            return Array1::zeros(matrix.nrows());
        }
        axis /= norm;
    }
    axis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_long_and_the_short_axis_of_an_ellipse() {
        let rows = Array2::from_shape_fn((100, 3), |(i, j)| {
            let angle = i as f32 * std::f32::consts::TAU / 100.0;
            [angle.sin(), 5.0 * angle.cos(), 0.0][j]
        });
        let places = axes(rows.view());
        for (place, row) in places.rows().into_iter().zip(rows.rows()) {
            assert!((place[0].abs() - row[1].abs()).abs() < 1e-3, "{place} for {row}");
            assert!((place[1].abs() - row[0].abs()).abs() < 1e-3, "{place} for {row}");
        }
    }
}
