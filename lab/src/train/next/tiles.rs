//! Products of matrices in tiles that stay in registers and in the nearest cache.

use crate::train::vector::TILE;
use pulp::Simd;

/// Rows that a kernel keeps in registers.
pub(super) const ROWS: usize = 4;

/// `out += a b`, with `a` [ROWS, any], `b` [any, width], `out` [ROWS, width].
#[inline(always)]
pub(super) fn add_rows<S: Simd>(simd: S, a: [&[f32]; ROWS], b: &[f32], width: usize, out: &mut [f32]) {
    let depth = b.len() / width;
    let a = [&a[0][..depth], &a[1][..depth], &a[2][..depth], &a[3][..depth]];
    for left in (0..width).step_by(2 * S::F32_LANES) {
        let mut sums = [[simd.splat_f32s(0.0); 2]; ROWS];
        for (k, b) in b.chunks_exact(width).enumerate() {
            let b = pair::<S>(&b[left..]);
            for i in 0..ROWS {
                let a = simd.splat_f32s(a[i][k]);
                sums[i][0] = simd.mul_add_e_f32s(a, b[0], sums[i][0]);
                sums[i][1] = simd.mul_add_e_f32s(a, b[1], sums[i][1]);
            }
        }
        for (out, sums) in out.chunks_exact_mut(width).zip(sums) {
            add_pair(simd, sums, &mut out[left..]);
        }
    }
}

/// `out += a^T b`, with `a` [any, TILE], `b` [any, width], `out` [TILE, width].
#[inline(always)]
pub(super) fn add_columns<S: Simd>(simd: S, a: &[f32], b: &[f32], width: usize, out: &mut [f32]) {
    for (group, out) in out.chunks_exact_mut(ROWS * width).enumerate() {
        for left in (0..width).step_by(2 * S::F32_LANES) {
            let mut sums = [[simd.splat_f32s(0.0); 2]; ROWS];
            for (a, b) in a.as_chunks::<TILE>().0.iter().zip(b.chunks_exact(width)) {
                let b = pair::<S>(&b[left..]);
                let a = &a[group * ROWS..][..ROWS];
                for i in 0..ROWS {
                    let a = simd.splat_f32s(a[i]);
                    sums[i][0] = simd.mul_add_e_f32s(a, b[0], sums[i][0]);
                    sums[i][1] = simd.mul_add_e_f32s(a, b[1], sums[i][1]);
                }
            }
            for (out, sums) in out.chunks_exact_mut(width).zip(sums) {
                add_pair(simd, sums, &mut out[left..]);
            }
        }
    }
}

/// The first two registers' worth.
#[inline(always)]
fn pair<S: Simd>(numbers: &[f32]) -> [S::f32s; 2] {
    let (registers, _) = S::as_simd_f32s(&numbers[..2 * S::F32_LANES]);
    [registers[0], registers[1]]
}

#[inline(always)]
fn add_pair<S: Simd>(simd: S, sums: [S::f32s; 2], out: &mut [f32]) {
    let (registers, _) = S::as_mut_simd_f32s(&mut out[..2 * S::F32_LANES]);
    registers[0] = simd.add_f32s(registers[0], sums[0]);
    registers[1] = simd.add_f32s(registers[1], sums[1]);
}

/// `rows` [any, width] in panels of [`TILE`] rows, each transposed: [any / TILE, width, TILE].
pub(super) fn transpose_panels(rows: &[f32], width: usize, out: &mut Vec<f32>) {
    out.resize(rows.len(), 0.0);
    for (panel, out) in rows.chunks_exact(TILE * width).zip(out.chunks_exact_mut(TILE * width)) {
        for (i, row) in panel.chunks_exact(width).enumerate() {
            for (out, &value) in out.as_chunks_mut::<TILE>().0.iter_mut().zip(row) {
                out[i] = value;
            }
        }
    }
}

/// An exponential of less than this is lost beside the 1 of the largest score. As a number it would make products so
/// small that the processor takes a hundred cycles for each.
const NOTHING: f32 = -40.0;

/// `e^x` for `x` of at most 0, to 4e-7 of the result; 0 below [`NOTHING`]. A loop over many is done in vectors.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding it rounds to a whole number, whose bits are then the lowest ones.
    const ROUND: f32 = 12_582_912.0;
    let is_nothing = x < NOTHING;
    let x = x.max(NOTHING);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = 1.987_569_1e-4 * rest + 1.398_2e-3;
    let series = series * rest + 8.333_452e-3;
    let series = series * rest + 4.166_579_6e-2;
    let series = series * rest + 1.666_666_5e-1;
    let series = series * rest + 0.5;
    let power = series * rest * rest + rest + 1.0;
    let value = f32::from_bits(power.to_bits().wrapping_add(rounded.to_bits() << 23));
    if is_nothing { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_the_library() {
        for i in 0..=4000 {
            let x = -(i as f32) / 100.0;
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 4e-7, "{x}: {} for {expected}", exp(x));
        }
        assert_eq!([exp(-40.01), exp(-1e30)], [0.0, 0.0]);
    }
}
