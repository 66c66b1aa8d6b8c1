//! Which backend is asked: the one place that knows what processors and builds there are.

use crate::rough::Rough;
use half::f16;

/// Multiplies a query with successive rows: `(values, dim, query, sums)`. `values` are rows of `dim` finite
/// numbers from the first one wanted on, and may go on behind the last; `query` is padded with zeros to a
/// multiple of [`crate::PAD`]; one sum a row comes out.
pub type Multiply<T, Q, S> = fn(&[T], usize, &[Q], &mut [S]);

/// `(values, dim, query, sums)`: writes what is no less than the product of each row that it returns the number of;
/// the rest are not its business.
pub type Bound = fn(&[i8], usize, &Rough, &mut [i32]) -> usize;

/// `(left, right, width, sums)`: adds the products `left[i] right[j]` of all rows of `width` numbers, a multiple of 8,
/// to `sums[i, j]` where `j` is not above `i`; elsewhere nobody knows. The numbers are such as f32 has.
pub type Outer = fn(&[f64], &[f64], usize, &mut [f64]);

/// `(rows, dim, integers, scales)`: rounds rows of `dim` finite numbers to -127 to 127, each to the nearest; an integer
/// a number and a scale a row come out.
pub type ToNearest = fn(&[f32], usize, &mut [i8], &mut [f32]);

/// `(rows, dim, metric, integers, scales)`: rounds rows of `dim` finite numbers, an even number of them, to -7 to 7, so
/// that scores change little: the metric, symmetric [dim, dim], is what an error costs.
pub type ForScores = fn(&[f32], usize, &[f32], &mut [i8], &mut [f32]);

/// The functions of one backend.
pub struct Kernels {
    /// Rows of f32.
    pub f32: Multiply<f32, f32, f32>,
    /// Rows of half floats.
    pub f16: Multiply<f16, f32, f32>,
    /// Rows of bytes.
    pub int8: Multiply<i8, i16, i32>,
    /// Rows of nibbles; the query's even elements come first, padded, then its odd ones, padded.
    pub int4: Multiply<u8, i16, i32>,
    /// Rows of bytes, roughly.
    pub rough: Bound,
    /// Sums of outer products.
    pub gram: Outer,
    /// Rounding to bytes.
    pub to_nearest: ToNearest,
    /// Rounding to nibbles.
    pub for_scores: ForScores,
}

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
pub(crate) static SCALAR: Kernels = {
    use crate::scalar::*;
    Kernels { f32, f16, int8, int4, rough: no_bound, gram, to_nearest, for_scores }
};

/// A rough product that is no cheaper than an exact one is not made.
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "relaxed-simd"))))]
fn no_bound(_: &[i8], _: usize, _: &Rough, _: &mut [i32]) -> usize {
    0
}

/// Asked for by the machine: a native build runs on processors with and without AVX2.
#[cfg(target_arch = "x86_64")]
mod chosen {
    use super::{Kernels, SCALAR};
    use crate::avx2;
    pub(crate) use crate::scalar::which_above;
    pub use crate::scalar::{dot, scale, sums_of_squares};

    static AVX2: Kernels = Kernels {
        // SAFETY: `best` gives this table out only where the processor has the instructions; so are all of them.
        f32: |values, dim, query, sums| unsafe { avx2::f32(values, dim, query, sums) },
        // SAFETY: as above.
        f16: |values, dim, query, sums| unsafe { avx2::f16(values, dim, query, sums) },
        // SAFETY: as above.
        int8: |values, dim, query, sums| unsafe { avx2::int8(values, dim, query, sums) },
        // SAFETY: as above.
        int4: |values, dim, query, sums| unsafe { avx2::int4(values, dim, query, sums) },
        // SAFETY: as above.
        rough: |values, dim, query, sums| unsafe { avx2::rough(values, dim, query, sums) },
        // SAFETY: as above.
        gram: |left, right, width, sums| unsafe { avx2::gram(left, right, width, sums) },
        // SAFETY: as above.
        to_nearest: |rows, dim, integers, scales| unsafe { avx2::to_nearest(rows, dim, integers, scales) },
        // SAFETY: as above.
        for_scores: |rows, dim, metric, integers, scales| unsafe {
            avx2::for_scores(rows, dim, metric, integers, scales)
        },
    };

    pub(super) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
        (best().int8)(values, dim, query, sums);
    }

    /// The fastest backend that this machine has.
    pub fn best() -> &'static Kernels {
        match is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c") {
            true => &AVX2,
            false => &SCALAR,
        }
    }
}

/// Settled when the module is built: a browser takes a module whole or not at all.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod chosen {
    use super::Kernels;
    #[cfg(target_feature = "relaxed-simd")]
    pub(super) use crate::relaxed::int8;
    #[cfg(target_feature = "relaxed-simd")]
    use crate::relaxed::{gram, rough};
    #[cfg(not(target_feature = "relaxed-simd"))]
    pub(super) use crate::simd128::int8;
    pub(crate) use crate::simd128::which_above;
    pub use crate::simd128::{dot, scale, sums_of_squares};
    // Plain loops that the compiler makes vectors of.
    use crate::scalar::{for_scores, to_nearest};
    use crate::simd128::{f16, f32, int4};
    #[cfg(not(target_feature = "relaxed-simd"))]
    use {super::no_bound as rough, crate::simd128::gram};

    static SIMD128: Kernels = Kernels { f32, f16, int8, int4, rough, gram, to_nearest, for_scores };

    /// The fastest backend that this build has.
    pub fn best() -> &'static Kernels {
        &SIMD128
    }
}

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
mod chosen {
    use super::{Kernels, SCALAR};
    pub(super) use crate::scalar::int8;
    pub(crate) use crate::scalar::which_above;
    pub use crate::scalar::{dot, scale, sums_of_squares};

    /// The only backend that this build has.
    pub fn best() -> &'static Kernels {
        &SCALAR
    }
}

pub(crate) use chosen::which_above;
pub use chosen::{best, dot, scale, sums_of_squares};

/// [`Kernels::int8`] of the fastest backend, by itself: a page's module that needs no other carries no other.
pub fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    chosen::int8(values, dim, query, sums);
}
