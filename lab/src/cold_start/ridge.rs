//! Ridge regression of vectors on features, in f64 and a fixed order of operations.

use crate::product::product;
use foldin::visitor::Cholesky;
use ndarray::{Array2, ArrayView2, Axis, concatenate, s};

/// Sums that a regression needs of its rows; those of parts add up.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// Σ w x xᵀ, [features, features]
    square: Array2<f64>,
    /// Σ w x yᵀ, [features, outputs]
    product: Array2<f64>,
}

impl Moments {
    /// Of rows `x` [rows, features] and `y` [rows, outputs], each counted `weights` [rows] times.
    pub(crate) fn of(x: ArrayView2<'_, f32>, y: ArrayView2<'_, f32>, weights: &[f64]) -> Moments {
        let x = x.mapv(f64::from);
        let mut weighted = x.clone();
        weighted.rows_mut().into_iter().zip(weights).for_each(|(mut row, &weight)| row *= weight);
        let weighted = weighted.reversed_axes();
        let y = y.mapv(f64::from);
        Moments { square: product(weighted.view(), x.view()), product: product(weighted.view(), y.view()) }
    }

    fn sum<'a>(parts: impl Iterator<Item = &'a Moments>) -> Moments {
        let mut parts = parts.cloned();
        let first = parts.next().expect("a part at least");
        parts.fold(first, |sum, part| Moments {
            square: sum.square + part.square,
            product: sum.product + part.product,
        })
    }

    /// The matrix M [features, outputs] that minimises `Σ w |y - x M|² + regularization |M|²`. The last
    /// feature is the constant 1 and its row is not shrunk.
    pub(crate) fn solve(&self, regularization: f64) -> Array2<f32> {
        let (features, outputs) = self.product.dim();
        let mut square = self.square.clone();
        square.diag_mut().slice_mut(s![..features - 1]).map_inplace(|v| *v += regularization);
        let system = Cholesky::new(square.into_raw_vec_and_offset().0, features);
        let mut solution = Array2::zeros((features, outputs));
        for (column, mut into) in self.product.axis_iter(Axis(1)).zip(solution.axis_iter_mut(Axis(1))) {
            let mut values = column.to_vec();
            system.solve(&mut values);
            into.iter_mut().zip(values).for_each(|(into, value)| *into = value as f32);
        }
        solution
    }
}

/// Parts that the rows are divided into to choose a regularisation.
const FOLDS: usize = 5;

/// Regularisations that are tried, each once a fold.
const REGULARIZATIONS: [f64; 10] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4];

/// Rows of one fold.
struct Part {
    x: Array2<f32>,
    y: Array2<f32>,
    weights: Vec<f64>,
    moments: Moments,
}

impl Part {
    fn of(x: ArrayView2<'_, f32>, y: ArrayView2<'_, f32>, weights: &[f64], fold: usize) -> Part {
        let rows: Vec<usize> = (fold..x.nrows()).step_by(FOLDS).collect();
        let (x, y) = (x.select(Axis(0), &rows), y.select(Axis(0), &rows));
        let weights: Vec<f64> = rows.iter().map(|&row| weights[row]).collect();
        Part { moments: Moments::of(x.view(), y.view(), &weights), x, y, weights }
    }

    /// Weighted squared error of what `map` makes of the rows.
    fn error(&self, map: &Array2<f32>) -> f64 {
        let residual = &self.y - &product(self.x.view(), map.view());
        let squares = residual.rows().into_iter().map(|row| f64::from(row.dot(&row)));
        squares.zip(&self.weights).map(|(square, weight)| square * weight).sum()
    }
}

/// [`Moments::solve`] with the regularisation whose weighted squared error on rows left out is least: row `r`
/// is left out in fold `r mod 5`.
pub(crate) fn cross_validated(
    x: ArrayView2<'_, f32>,
    y: ArrayView2<'_, f32>,
    weights: &[f64],
) -> Array2<f32> {
    let folds = FOLDS.min(x.nrows());
    let parts: Vec<Part> = (0..folds).map(|fold| Part::of(x, y, weights, fold)).collect();
    let all = Moments::sum(parts.iter().map(|part| &part.moments));
    if folds < FOLDS {
        return all.solve(REGULARIZATIONS[REGULARIZATIONS.len() / 2]);
    }
    let others = |fold: usize| {
        let others = parts.iter().enumerate().filter(move |(other, _)| *other != fold);
        Moments::sum(others.map(|(_, part)| &part.moments))
    };
    let others: Vec<Moments> = (0..folds).map(others).collect();
    let error = |regularization: f64| -> f64 {
        parts.iter().zip(&others).map(|(part, others)| part.error(&others.solve(regularization))).sum()
    };
    let errors = REGULARIZATIONS.map(error);
    let best = (0..errors.len()).min_by(|&a, &b| errors[a].total_cmp(&errors[b])).expect("several are tried");
    all.solve(REGULARIZATIONS[best])
}

/// `rows` with a column of ones behind the others.
pub(crate) fn with_ones(rows: ArrayView2<'_, f32>) -> Array2<f32> {
    let ones = Array2::ones((rows.nrows(), 1));
    concatenate(Axis(1), &[rows, ones.view()]).expect("as many rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn finds_the_line_through_points_and_leaves_its_height_unshrunk() {
        // y = 2 x + 5, and 3 - x.
        let x = with_ones(array![[0.0], [1.0], [2.0], [3.0]].view());
        let y = array![[5.0, 3.0], [7.0, 2.0], [9.0, 1.0], [11.0, 0.0]];
        let m = Moments::of(x.view(), y.view(), &[1.0; 4]);
        let exact = m.solve(1e-9);
        assert!((&exact - &array![[2.0, -1.0], [5.0, 3.0]]).iter().all(|v| v.abs() < 1e-4), "{exact}");
        let flat = m.solve(1e9);
        assert!((&flat - &array![[0.0, 0.0], [8.0, 1.5]]).iter().all(|v| v.abs() < 1e-4), "{flat}");
    }

    #[test]
    fn noise_is_shrunk_and_signal_is_not() {
        let noise = |r: usize| ((r * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        let x = Array2::from_shape_fn((100, 3), |(r, c)| if c == 2 { 1.0 } else { noise(r * 3 + c) });
        let signal = x.dot(&array![[3.0], [0.0], [1.0]]);
        let found = cross_validated(x.view(), signal.view(), &[1.0; 100]);
        assert!((found[[0, 0]] - 3.0).abs() < 0.1 && found[[1, 0]].abs() < 0.1, "{found}");
        let chance = Array2::from_shape_fn((100, 1), |(r, _)| noise(r * 31 + 5));
        let found = cross_validated(x.view(), chance.view(), &[1.0; 100]);
        assert!(found[[0, 0]].abs() < 0.2, "{found}");
    }
}
