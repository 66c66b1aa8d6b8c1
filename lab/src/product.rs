//! Products of matrices whose numbers are summed in one order on every machine, which libraries do not promise: what is
//! trained natively and in WebAssembly is the same to the bit, where both have fused multiply-add.

use crate::simd;
use ndarray::{Array2, ArrayView2, s};
use pulp::{Simd, WithSimd};

/// Rows that the inner loop keeps in registers.
const ROWS: usize = 4;
/// Columns are filled up to a multiple: two of the widest registers.
const WIDTH: usize = 16;
/// Rows of the right matrix that stay in the cache.
const DEPTH: usize = 256;

/// A number that products are made of; its default is zero.
pub(crate) trait Number: Copy + Default {
    /// Adds one tile's product.
    fn add(tile: Tile<'_, Self>);
}

/// `out += a^T b`.
pub(crate) struct Tile<'a, T> {
    /// [any, ROWS]
    a: &'a [T],
    /// [any, width]
    b: &'a [T],
    width: usize,
    /// [ROWS, width]
    out: &'a mut [T],
}

/// `a b`, of [rows, inner] and [inner, columns]: [rows, columns].
pub(crate) fn product<T: Number>(a: ArrayView2<'_, T>, b: ArrayView2<'_, T>) -> Array2<T> {
    let (rows, columns) = (a.nrows(), b.ncols());
    let width = columns.max(1).next_multiple_of(WIDTH);
    let mut out = vec![T::default(); rows.next_multiple_of(ROWS) * width];
    let mut panel = Vec::new();
    for first in (0..a.ncols()).step_by(DEPTH) {
        let depth = first..a.ncols().min(first + DEPTH);
        let mut right = vec![T::default(); depth.len() * width];
        for (to, from) in right.chunks_exact_mut(width).zip(b.slice(s![depth.clone(), ..]).rows()) {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = from);
        }
        for (number, out) in out.chunks_exact_mut(ROWS * width).enumerate() {
            let some = a.slice(s![number * ROWS..rows.min(number * ROWS + ROWS), depth.clone()]);
            panel.clear();
            panel.resize(depth.len() * ROWS, T::default());
            for (row, from) in some.rows().into_iter().enumerate() {
                panel.chunks_exact_mut(ROWS).zip(from).for_each(|(to, &from)| to[row] = from);
            }
            T::add(Tile { a: &panel, b: &right, width, out });
        }
    }
    let out = ArrayView2::from_shape((out.len() / width, width), &out).expect("whole rows");
    out.slice(s![..rows, ..columns]).to_owned()
}

macro_rules! number {
    ($number:ty, $lanes:ident, $splat:ident, $mul_add:ident, $as_simd:ident, $as_mut_simd:ident) => {
        impl Number for $number {
            fn add(tile: Tile<'_, Self>) {
                simd::run(tile);
            }
        }

        impl WithSimd for Tile<'_, $number> {
            type Output = ();

            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) {
                let Tile { a, b, width, out } = self;
                for left in (0..width).step_by(2 * S::$lanes) {
                    let right = left + 2 * S::$lanes;
                    let mut sums = [[simd.$splat(0.0); 2]; ROWS];
                    for (row, sums) in sums.iter_mut().enumerate() {
                        sums.copy_from_slice(S::$as_simd(&out[row * width..][left..right]).0);
                    }
                    for (a, b) in a.as_chunks::<ROWS>().0.iter().zip(b.chunks_exact(width)) {
                        let b = S::$as_simd(&b[left..right]).0;
                        for row in 0..ROWS {
                            let a = simd.$splat(a[row]);
                            sums[row][0] = simd.$mul_add(a, b[0], sums[row][0]);
                            sums[row][1] = simd.$mul_add(a, b[1], sums[row][1]);
                        }
                    }
                    for (row, sums) in sums.iter().enumerate() {
                        S::$as_mut_simd(&mut out[row * width..][left..right]).0.copy_from_slice(sums);
                    }
                }
            }
        }
    };
}

number!(f32, F32_LANES, splat_f32s, mul_add_e_f32s, as_simd_f32s, as_mut_simd_f32s);
number!(f64, F64_LANES, splat_f64s, mul_add_e_f64s, as_simd_f64s, as_mut_simd_f64s);

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |(i, j)| ((i * 31 + j * 17) % 23) as f64 - 11.0)
    }

    /// Whole numbers of this size have no rounding.
    #[test]
    fn every_shape_is_multiplied_as_by_hand() {
        for (rows, inner, columns) in
            [(0, 3, 2), (1, 1, 1), (3, 0, 4), (4, 16, 16), (5, 700, 33), (9, 256, 7)]
        {
            let (a, b) = (matrix(rows, inner), matrix(inner, columns));
            assert_eq!(product(a.view(), b.view()), a.dot(&b), "{rows} x {inner} x {columns}");
            let (a, b) = (a.mapv(|v| v as f32), b.mapv(|v| v as f32));
            assert_eq!(product(a.view(), b.view()), a.dot(&b));
            assert_eq!(product(b.t(), a.t()), b.t().dot(&a.t()), "transposed");
        }
    }
}
