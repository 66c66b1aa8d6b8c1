//! Loops over vectors, generic over the processor's instructions: called from inside a `pulp` dispatch, they
//! are compiled for what the processor has. Lengths are whole tiles.

use pulp::Simd;

/// Lengths are a multiple of this: the widest vector register, and the width of a block of coordinates.
pub(crate) const TILE: usize = 16;

/// Vectors that are multiplied together, so that what they share is loaded once.
pub(crate) const TOGETHER: usize = 8;

/// Vectors of one length.
pub(crate) type Together<'a> = [&'a [f32]; TOGETHER];

/// `y += scale x`.
#[inline(always)]
pub(crate) fn add_scaled<S: Simd>(simd: S, scale: f32, x: &[f32], y: &mut [f32]) {
    let scale = simd.splat_f32s(scale);
    for (y, &x) in S::as_mut_simd_f32s(y).0.iter_mut().zip(S::as_simd_f32s(x).0) {
        *y = simd.mul_add_e_f32s(scale, x, *y);
    }
}

/// `out = a b`, number by number.
#[inline(always)]
pub(crate) fn multiply<S: Simd>(simd: S, a: &[f32], b: &[f32], out: &mut [f32]) {
    let factors = S::as_simd_f32s(a).0.iter().zip(S::as_simd_f32s(b).0);
    for (out, (&a, &b)) in S::as_mut_simd_f32s(out).0.iter_mut().zip(factors) {
        *out = simd.mul_f32s(a, b);
    }
}

/// Each keeps a part of itself and takes a part of the other: `a = keep a + of_b b`, `b = keep b + of_a a`.
#[inline(always)]
pub(crate) fn exchange<S: Simd>(simd: S, keep: f32, of_b: f32, of_a: f32, a: &mut [f32], b: &mut [f32]) {
    let [keep, of_a, of_b] = [simd.splat_f32s(keep), simd.splat_f32s(of_a), simd.splat_f32s(of_b)];
    for (a, b) in S::as_mut_simd_f32s(a).0.iter_mut().zip(S::as_mut_simd_f32s(b).0) {
        let (old_a, old_b) = (*a, *b);
        *a = simd.mul_add_e_f32s(of_b, old_b, simd.mul_f32s(keep, old_a));
        *b = simd.mul_add_e_f32s(of_a, old_a, simd.mul_f32s(keep, old_b));
    }
}

/// Sums of this many numbers are built side by side, whatever the processor's registers hold, so that their order is the
/// same everywhere.
const LANES: usize = 8;

/// As many registers as hold [`LANES`] numbers are used.
type Sums<S> = [<S as Simd>::f32s; LANES];

/// Registers that hold [`LANES`] numbers.
#[inline(always)]
const fn registers<S: Simd>() -> usize {
    LANES / S::F32_LANES
}

/// Their sum: halves are added to each other until one number is left.
#[inline(always)]
fn reduce<S: Simd>(simd: S, mut sums: Sums<S>) -> f32 {
    let mut count = registers::<S>();
    while count > 1 {
        count /= 2;
        for i in 0..count {
            sums[i] = simd.add_f32s(sums[i], sums[i + count]);
        }
    }
    simd.reduce_sum_f32s(sums[0])
}

/// Inner product.
#[inline(always)]
pub(crate) fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let count = registers::<S>();
    let [mut even, mut odd] = [[simd.splat_f32s(0.0); LANES]; 2];
    let (a, b) = (S::as_simd_f32s(a).0, S::as_simd_f32s(b).0);
    for (a, b) in a.chunks_exact(2 * count).zip(b.chunks_exact(2 * count)) {
        for i in 0..count {
            even[i] = simd.mul_add_e_f32s(a[i], b[i], even[i]);
            odd[i] = simd.mul_add_e_f32s(a[count + i], b[count + i], odd[i]);
        }
    }
    for i in 0..count {
        even[i] = simd.add_f32s(even[i], odd[i]);
    }
    reduce(simd, even)
}

/// Inner products of some vectors with one.
#[inline(always)]
pub(crate) fn products<S: Simd>(simd: S, vectors: Together<'_>, with: &[f32]) -> [f32; TOGETHER] {
    let with = S::as_simd_f32s(with).0;
    let [a, b, c, d, e, f, g, h] = as_simd::<S>(vectors, with.len());
    let count = registers::<S>();
    let mut sums = [[simd.splat_f32s(0.0); LANES]; TOGETHER];
    for first in (0..with.len()).step_by(count) {
        for lane in 0..count {
            let i = first + lane;
            sums[0][lane] = simd.mul_add_e_f32s(a[i], with[i], sums[0][lane]);
            sums[1][lane] = simd.mul_add_e_f32s(b[i], with[i], sums[1][lane]);
            sums[2][lane] = simd.mul_add_e_f32s(c[i], with[i], sums[2][lane]);
            sums[3][lane] = simd.mul_add_e_f32s(d[i], with[i], sums[3][lane]);
            sums[4][lane] = simd.mul_add_e_f32s(e[i], with[i], sums[4][lane]);
            sums[5][lane] = simd.mul_add_e_f32s(f[i], with[i], sums[5][lane]);
            sums[6][lane] = simd.mul_add_e_f32s(g[i], with[i], sums[6][lane]);
            sums[7][lane] = simd.mul_add_e_f32s(h[i], with[i], sums[7][lane]);
        }
    }
    let mut products = [0.0; TOGETHER];
    products.iter_mut().zip(sums).for_each(|(product, sum)| *product = reduce(simd, sum));
    products
}

/// `v^T A v` for a symmetric matrix [n, n]. What lies left of the diagonal's tiles is not read.
#[inline(always)]
pub(crate) fn square<S: Simd>(simd: S, matrix: &[f32], vector: &[f32]) -> f64 {
    let n = vector.len();
    let mut sum = 0.0;
    for (first, rows) in (0..n).step_by(TOGETHER).zip(matrix.chunks_exact(TOGETHER * n)) {
        let tile = first / TILE * TILE;
        let [mut in_tile, mut behind]: [Together<'_>; 2] = [[&[]; TOGETHER]; 2];
        for (i, row) in rows.chunks_exact(n).enumerate() {
            (in_tile[i], behind[i]) = row[tile..].split_at(TILE);
        }
        let (near, far) = vector[tile..].split_at(TILE);
        let (near, far) = (products(simd, in_tile, near), products(simd, behind, far));
        for i in 0..TOGETHER {
            sum += f64::from(vector[first + i] * (near[i] + 2.0 * far[i]));
        }
    }
    sum
}

/// Adds each vector times its factor to `out`.
#[inline(always)]
pub(crate) fn add_combination<S: Simd>(
    simd: S,
    factors: [f32; TOGETHER],
    vectors: Together<'_>,
    out: &mut [f32],
) {
    let out = S::as_mut_simd_f32s(out).0;
    let [a, b, c, d, e, f, g, h] = as_simd::<S>(vectors, out.len());
    let mut of = [simd.splat_f32s(0.0); TOGETHER];
    of.iter_mut().zip(factors).for_each(|(of, factor)| *of = simd.splat_f32s(factor));
    for i in 0..out.len() {
        let even = simd.mul_add_e_f32s(of[0], a[i], out[i]);
        let odd = simd.mul_f32s(of[1], b[i]);
        let even = simd.mul_add_e_f32s(of[2], c[i], even);
        let odd = simd.mul_add_e_f32s(of[3], d[i], odd);
        let even = simd.mul_add_e_f32s(of[4], e[i], even);
        let odd = simd.mul_add_e_f32s(of[5], f[i], odd);
        let even = simd.mul_add_e_f32s(of[6], g[i], even);
        let odd = simd.mul_add_e_f32s(of[7], h[i], odd);
        out[i] = simd.add_f32s(even, odd);
    }
}

/// Each `len` registers long, so that no place is checked in a loop over so many. (`array::map` is not inlined into
/// the code for the best instructions.)
#[inline(always)]
fn as_simd<S: Simd>(vectors: Together<'_>, len: usize) -> [&[S::f32s]; TOGETHER] {
    let mut out: [&[S::f32s]; TOGETHER] = [&[]; TOGETHER];
    out.iter_mut().zip(vectors).for_each(|(out, vector)| *out = &S::as_simd_f32s(vector).0[..len]);
    out
}
