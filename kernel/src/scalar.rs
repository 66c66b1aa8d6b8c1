//! The reference: plain loops that every other backend must equal bit for bit.

use crate::rows::{CHUNK, LANES, nibbles, widen};
use crate::{rounding, tiles};
use half::f16;

#[inline(never)]
pub(crate) fn f32(values: &[f32], dim: usize, query: &[f32], sums: &mut [f32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        let mut lanes = [0f32; LANES];
        for (row, query) in row.chunks(LANES).zip(query.chunks_exact(LANES)) {
            for (lane, (a, b)) in lanes.iter_mut().zip(row.iter().zip(query)) {
                *lane += a * b;
            }
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|lane| lanes[lane] + lanes[lane + 4]);
        *sum = (a + c) + (b + d);
    }
}

pub(crate) fn f16(values: &[f16], dim: usize, query: &[f32], sums: &mut [f32]) {
    let mut wide = vec![0.0; dim];
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        wide.iter_mut().zip(row).for_each(|(wide, half)| *wide = widen(*half));
        f32(&wide, dim, query, std::slice::from_mut(sum));
    }
}

pub(crate) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        *sum = dot(row, query);
    }
}

pub(crate) fn int4(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let (even, odd) = query.split_at(query.len() / 2);
    for (row, sum) in values.chunks_exact(dim / 2).zip(sums) {
        let products = row.iter().zip(even.iter().zip(odd)).map(|(&byte, (&even, &odd))| {
            let (low, high) = nibbles(byte);
            i32::from(low) * i32::from(even) + i32::from(high) * i32::from(odd)
        });
        *sum = products.sum();
    }
}

/// The exact inner product of one row and a query, which may be padded.
#[inline(never)]
pub fn dot(row: &[i8], query: &[i16]) -> i32 {
    row.iter().zip(query).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// The sum of the squares of each row of `dim` numbers, at most 2^17; exact.
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

/// A bit for each number greater than `floor`, the first one's lowest.
#[inline(always)]
pub(crate) fn which_above(numbers: &[f32; CHUNK], floor: f32) -> u32 {
    // Without a branch inside: these comparisons become a few vectors, and mostly nothing is left to do.
    match numbers.iter().fold(false, |any, &number| any | (number > floor)) {
        true => numbers.iter().rev().fold(0, |bits, &number| bits << 1 | u32::from(number > floor)),
        false => 0,
    }
}

#[inline(never)]
pub(crate) fn gram(left: &[f64], right: &[f64], width: usize, sums: &mut [f64]) {
    tiles::add::<4>(left, right, width, sums);
}

#[inline(never)]
pub(crate) fn to_nearest(rows: &[f32], dim: usize, integers: &mut [i8], scales: &mut [f32]) {
    rounding::to_nearest(rows, dim, integers, scales);
}

#[inline(never)]
pub(crate) fn for_scores(rows: &[f32], dim: usize, metric: &[f32], integers: &mut [i8], scales: &mut [f32]) {
    rounding::for_scores(rows, dim, metric, integers, scales);
}
