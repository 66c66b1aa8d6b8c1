//! Rows as they are stored, as f32 and back.

use crate::lanes::Lanes;
use crate::rows::{LANES, nibbles, widen};
use half::f16;

/// Writes the squared length of each row of `dim` numbers, and tells whether all numbers are finite.
#[inline(never)]
pub fn squared_lengths(rows: &[f32], dim: usize, squares: &mut [f32]) -> bool {
    // A finite number without itself is zero, and what is added to another number than that never leads back to it.
    let mut nothing = Lanes::splat(0.0);
    let mut rest_of_nothing = 0.0;
    for (row, square) in rows.chunks_exact(dim).zip(squares) {
        let (eights, rest) = row.as_chunks::<LANES>();
        let mut sums = Lanes::splat(0.0);
        for &eight in eights {
            let eight = Lanes::new(eight);
            sums = sums + eight * eight;
            nothing = nothing + (eight - eight);
        }
        let sums = sums.to_array();
        let [a, b, c, d] = [0, 1, 2, 3].map(|lane| sums[lane] + sums[lane + 4]);
        *square = rest.iter().fold(a + b + c + d, |sum, value| sum + value * value);
        rest_of_nothing = rest.iter().fold(rest_of_nothing, |nothing, value| nothing + (value - value));
    }
    nothing.to_array().into_iter().chain([rest_of_nothing]).all(|nothing| nothing == 0.0)
}

/// Rows of half floats as f32.
#[inline(never)]
pub fn from_halves(values: &[f16], out: &mut [f32]) {
    out.iter_mut().zip(values).for_each(|(out, &value)| *out = widen(value));
}

/// Rows of half floats, each the nearest.
#[inline(never)]
pub fn to_halves(values: &[f32], out: &mut [f16]) {
    out.iter_mut().zip(values).for_each(|(out, &value)| *out = f16::from_f32(value));
}

/// Rows of bytes as f32.
#[inline(never)]
pub fn from_bytes(values: &[i8], scales: &[f32], dim: usize, out: &mut [f32]) {
    for ((row, scale), out) in values.chunks_exact(dim).zip(scales).zip(out.chunks_exact_mut(dim)) {
        out.iter_mut().zip(row).for_each(|(out, &value)| *out = scale * f32::from(value));
    }
}

/// Rows of nibbles as f32; `dim` is even.
#[inline(never)]
pub fn from_nibbles(values: &[u8], scales: &[f32], dim: usize, out: &mut [f32]) {
    for ((row, scale), out) in values.chunks_exact(dim / 2).zip(scales).zip(out.chunks_exact_mut(dim)) {
        for (out, &byte) in out.as_chunks_mut().0.iter_mut().zip(row) {
            let (low, high) = nibbles(byte);
            *out = [scale * f32::from(low), scale * f32::from(high)];
        }
    }
}

/// Integers of -8 to 7, two a byte.
#[inline(never)]
pub fn to_nibbles(integers: &[i8], out: &mut [u8]) {
    let pairs = integers.as_chunks().0;
    out.iter_mut().zip(pairs).for_each(|(out, [low, high])| *out = (low & 15) as u8 | (high << 4) as u8);
}
