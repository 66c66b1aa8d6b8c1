//! What is done with every row beside multiplying it.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::simd128::which_above;

use half::f16;

/// The two signed halves of a byte, low first.
pub fn nibbles(byte: u8) -> (i8, i8) {
    ((byte << 4) as i8 >> 4, byte as i8 >> 4)
}

/// A half float as f32. A call, because what it takes is long, and wanted in several places for few numbers each.
#[inline(never)]
pub fn widen(half: f16) -> f32 {
    half.to_f32()
}

/// The exact inner product of one row and a query, which may be padded.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(never)]
pub fn dot(row: &[i8], query: &[i16]) -> i32 {
    row.iter().zip(query).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// Of each row of `dim` numbers, at most 2^17, the sum of their squares, exact.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(never)]
pub fn sums_of_squares(values: &[i8], dim: usize, sums: &mut [i32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        *sum = row.iter().map(|&v| i32::from(v) * i32::from(v)).sum();
    }
}

/// Integer sums, lying as bits in `products`, brought to f32 by the scale of their row and that of the query.
#[inline(never)]
pub fn scale(products: &mut [f32], row_scales: &[f32], query_scale: f32) {
    for (product, row_scale) in products.iter_mut().zip(row_scales) {
        *product = (product.to_bits() as i32) as f32 * row_scale * query_scale;
    }
}

/// Where the numbers greater than `floor` stand, in rising order; `places` has room for all of them.
#[inline(never)]
pub fn above<'a>(numbers: &[[f32; CHUNK]], floor: f32, places: &'a mut [u16]) -> &'a [u16] {
    let mut found = 0;
    for (chunk, first) in numbers.iter().zip((0..).step_by(CHUNK)) {
        let mut bits = which_above(chunk, floor);
        while bits != 0 {
            places[found] = first + bits.trailing_zeros() as u16;
            found += 1;
            bits &= bits - 1;
        }
    }
    &places[..found]
}

/// A bit for each number greater than `floor`, the first one's lowest.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn which_above(numbers: &[f32; CHUNK], floor: f32) -> u32 {
    // Without a branch inside: these comparisons become a few vectors, and mostly nothing is left to do.
    match numbers.iter().fold(false, |any, &number| any | (number > floor)) {
        true => numbers.iter().rev().fold(0, |bits, &number| bits << 1 | u32::from(number > floor)),
        false => 0,
    }
}

/// Numbers compared at a time.
pub const CHUNK: usize = 16;
