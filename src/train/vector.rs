//! Loops over vectors, generic over the processor's instructions: called from inside a `pulp` dispatch, they
//! are compiled for what the processor has. Lengths are whole tiles.

use pulp::Simd;

/// Lengths are a multiple of this: the widest vector register, and the width of a block of coordinates.
pub(crate) const TILE: usize = 16;

/// Vectors whose products are computed together, so that what they share is loaded once.
pub(crate) const TOGETHER: usize = 8;

/// `y += scale x`.
#[inline(always)]
pub(crate) fn add_scaled<S: Simd>(simd: S, scale: f32, x: &[f32], y: &mut [f32]) {
    let scale = simd.splat_f32s(scale);
    for (y, &x) in S::as_mut_simd_f32s(y).0.iter_mut().zip(S::as_simd_f32s(x).0) {
        *y = simd.mul_add_e_f32s(scale, x, *y);
    }
}

/// Inner product.
#[inline(always)]
pub(crate) fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let (mut even, mut odd) = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
    let pairs = S::as_simd_f32s(a).0.as_chunks::<2>().0.iter().zip(S::as_simd_f32s(b).0.as_chunks::<2>().0);
    for (a, b) in pairs {
        even = simd.mul_add_e_f32s(a[0], b[0], even);
        odd = simd.mul_add_e_f32s(a[1], b[1], odd);
    }
    simd.reduce_sum_f32s(simd.add_f32s(even, odd))
}

/// Inner products of some vectors with one.
#[inline(always)]
pub(crate) fn products<S: Simd>(simd: S, vectors: [&[f32]; TOGETHER], with: &[f32]) -> [f32; TOGETHER] {
    let vectors = as_simd::<S>(vectors);
    let mut sums = [simd.splat_f32s(0.0); TOGETHER];
    for (i, &v) in S::as_simd_f32s(with).0.iter().enumerate() {
        for (sum, q) in sums.iter_mut().zip(vectors) {
            *sum = simd.mul_add_e_f32s(q[i], v, *sum);
        }
    }
    let mut products = [0.0; TOGETHER];
    products.iter_mut().zip(sums).for_each(|(product, sum)| *product = simd.reduce_sum_f32s(sum));
    products
}

/// Adds each vector times its factor to `out`.
#[inline(always)]
pub(crate) fn add_combination<S: Simd>(
    simd: S,
    factors: [f32; TOGETHER],
    vectors: [&[f32]; TOGETHER],
    out: &mut [f32],
) {
    let vectors = as_simd::<S>(vectors);
    for (i, out) in S::as_mut_simd_f32s(out).0.iter_mut().enumerate() {
        let mut sum = *out;
        for (factor, q) in factors.into_iter().zip(vectors) {
            sum = simd.mul_add_e_f32s(simd.splat_f32s(factor), q[i], sum);
        }
        *out = sum;
    }
}

/// (`array::map` is not inlined into the code for the best instructions.)
#[inline(always)]
fn as_simd<S: Simd>(vectors: [&[f32]; TOGETHER]) -> [&[S::f32s]; TOGETHER] {
    let mut out: [&[S::f32s]; TOGETHER] = [&[]; TOGETHER];
    out.iter_mut().zip(vectors).for_each(|(out, q)| *out = S::as_simd_f32s(q).0);
    out
}
