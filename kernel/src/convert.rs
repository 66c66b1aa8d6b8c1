//! Rows as they are stored, as f32 and back.

use crate::rows::{LANES, nibbles, widen};
use half::f16;

/// Writes the squared length of each row of `dim` numbers, and returns the largest magnitude of a number as bits, which
/// are beyond those of infinity where some number is none.
#[inline(never)]
pub fn squared_lengths(rows: &[f32], dim: usize, squares: &mut [f32]) -> u32 {
    let mut largest = [0; LANES];
    for (row, square) in rows.chunks_exact(dim).zip(squares) {
        let (eights, rest) = row.as_chunks::<LANES>();
        let mut sums = [0f32; LANES];
        for eight in eights {
            for lane in 0..LANES {
                sums[lane] += eight[lane] * eight[lane];
                largest[lane] = largest[lane].max(eight[lane].abs().to_bits());
            }
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|lane| sums[lane] + sums[lane + 4]);
        *square = rest.iter().fold(a + b + c + d, |sum, value| sum + value * value);
        largest[0] = rest.iter().fold(largest[0], |most, value| most.max(value.abs().to_bits()));
    }
    largest.into_iter().fold(0, u32::max)
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
