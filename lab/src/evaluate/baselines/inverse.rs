//! Inverting large positive definite matrices by products of their parts, which are fast.

use ndarray::linalg::general_mat_mul;
use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Below this many rows the parts are no longer halved.
const SMALL: usize = 64;

/// Inverts a symmetric positive definite matrix in place. With the halves `[[A, B], [Bᵀ, C]]`, `W = A⁻¹ B` and
/// the Schur complement `S = C - Bᵀ W`, which is positive definite too, the inverse is
/// `[[A⁻¹ + W S⁻¹ Wᵀ, -W S⁻¹], [-S⁻¹ Wᵀ, S⁻¹]]`.
pub(super) fn invert(mut matrix: ArrayViewMut2<'_, f64>) {
    let n = matrix.nrows();
    if n <= SMALL {
        gauss_jordan(matrix.view_mut());
        return symmetrize(matrix);
    }
    let (top, bottom) = matrix.view_mut().split_at(Axis(0), n / 2);
    let (mut a, mut b) = top.split_at(Axis(1), n / 2);
    let (mut b_transposed, mut c) = bottom.split_at(Axis(1), n / 2);
    invert(a.view_mut());
    let mut w = Array2::zeros(b.dim());
    add_product(1.0, a.view(), b.view(), &mut w.view_mut());
    add_product(-1.0, b_transposed.view(), w.view(), &mut c);
    symmetrize(c.view_mut());
    invert(c.view_mut());
    b.fill(0.0);
    add_product(-1.0, w.view(), c.view(), &mut b);
    add_product(-1.0, b.view(), w.t(), &mut a);
    symmetrize(a);
    b_transposed.assign(&b.t());
}

/// Takes away what rounding has put between the two halves of a symmetric matrix: the parts that are inverted
/// after it would amplify the difference.
fn symmetrize(mut matrix: ArrayViewMut2<'_, f64>) {
    for i in 0..matrix.nrows() {
        for j in 0..i {
            let mean = (matrix[[i, j]] + matrix[[j, i]]) / 2.0;
            matrix[[i, j]] = mean;
            matrix[[j, i]] = mean;
        }
    }
}

/// `c += scale a b`, on all cores.
fn add_product(scale: f64, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, c: &mut ArrayViewMut2<'_, f64>) {
    let rows = a.nrows().div_ceil(rayon::current_num_threads()).max(1);
    let parts = c.axis_chunks_iter_mut(Axis(0), rows).into_par_iter();
    parts.zip(a.axis_chunks_iter(Axis(0), rows).into_par_iter()).for_each(|(mut c, a)| {
        general_mat_mul(scale, &a, &b, 1.0, &mut c);
    });
}

/// Elimination without exchange of rows, which positive definite matrices do not need.
fn gauss_jordan(mut a: ArrayViewMut2<'_, f64>) {
    let n = a.nrows();
    for k in 0..n {
        let pivot = 1.0 / a[[k, k]];
        let column = a.slice(s![.., k]).to_owned();
        a.slice_mut(s![.., k]).fill(0.0);
        a[[k, k]] = 1.0;
        a.row_mut(k).mapv_inplace(|v| v * pivot);
        let row = a.row(k).to_owned();
        for i in (0..n).filter(|&i| i != k) {
            a.row_mut(i).scaled_add(-column[i], &row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_with_the_inverse_is_the_identity() {
        let n = 3 * SMALL + 5;
        let basis = Array2::from_shape_fn((n, n), |(i, j)| ((i * 7 + j * 13 + i * j) % 11) as f64 / 11.0);
        let matrix = basis.t().dot(&basis) + Array2::<f64>::eye(n);
        let mut inverse = matrix.clone();
        invert(inverse.view_mut());
        let difference = matrix.dot(&inverse) - Array2::<f64>::eye(n);
        let worst = difference.iter().fold(0f64, |worst, v| worst.max(v.abs()));
        assert!(worst < 1e-8, "{worst}");
    }
}
