//! WebAssembly's 128-bit vectors: four rows at a time, whose sums are transposed into one vector.
#![allow(unsafe_code)]

use super::{Kernels, LANES, four, scalar};
use half::f16;
use std::arch::wasm32::*;

pub(super) static KERNELS: Kernels = Kernels { f32, f16, int8, int4 };

fn f32(values: &[f32], dim: usize, query: &[f32], rows: &[u32], sums: &mut [f32]) {
    let reach = dim.next_multiple_of(LANES);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::f32(values, dim, query, rows, sums);
            continue;
        };
        // SAFETY: `four` found `reach` numbers from each start, and the query has as many.
        let load = |at: *const f32| unsafe { v128_load(at.cast()) };
        store_f32(sums, four_dots(query_reach, |row, at| load(starts[row].wrapping_add(at))));
    }
}

fn f16(values: &[f16], dim: usize, query: &[f32], rows: &[u32], sums: &mut [f32]) {
    let reach = dim.next_multiple_of(LANES);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::f16(values, dim, query, rows, sums);
            continue;
        };
        // SAFETY: as in `f32`.
        let load = |at: *const f16| unsafe { u32x4_load_extend_u16x4(at.cast()) };
        store_f32(sums, four_dots(query_reach, |row, at| widen(load(starts[row].wrapping_add(at)))));
    }
}

/// Finite half floats, one in the low half of each lane, as f32: their bits moved into place have an exponent
/// that is too small by 112, subnormal ones too.
#[inline(always)]
fn widen(halves: v128) -> v128 {
    let magnitude = i32x4_shl(v128_and(halves, i32x4_splat(0x7fff)), 13);
    let sign = i32x4_shl(v128_and(halves, i32x4_splat(0x8000)), 16);
    v128_or(f32x4_mul(magnitude, f32x4_splat(f32::from_bits((127 + 112) << 23))), sign)
}

/// Four inner products; `load` gives four numbers of a row from an element on.
#[inline(always)]
fn four_dots(query: &[f32], load: impl Fn(usize, usize) -> v128) -> v128 {
    let mut low = [f32x4_splat(0.0); 4];
    let mut high = low;
    for (step, chunk) in query.chunks_exact(LANES).enumerate() {
        let at = step * LANES;
        // SAFETY: the chunk has eight numbers.
        let [first, second] = [0, 4].map(|half| unsafe { v128_load(chunk.as_ptr().add(half).cast()) });
        for row in 0..4 {
            low[row] = f32x4_add(low[row], f32x4_mul(load(row, at), first));
            high[row] = f32x4_add(high[row], f32x4_mul(load(row, at + 4), second));
        }
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|row| f32x4_add(low[row], high[row]));
    let pairs = |a, b| f32x4_add(i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b));
    let (ab, cd) = (pairs(a, b), pairs(c, d));
    f32x4_add(i32x4_shuffle::<0, 2, 4, 6>(ab, cd), i32x4_shuffle::<1, 3, 5, 7>(ab, cd))
}

fn store_f32(sums: &mut [f32], vector: v128) {
    let lanes =
        [f32x4_extract_lane::<0>, f32x4_extract_lane::<1>, f32x4_extract_lane::<2>, f32x4_extract_lane::<3>];
    sums.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum = lane(vector));
}

fn int8(values: &[i8], dim: usize, query: &[i16], rows: &[u32], sums: &mut [i32]) {
    let reach = dim.next_multiple_of(8);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::int8(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [i32x4_splat(0); 4];
        for (step, chunk) in query_reach.chunks_exact(8).enumerate() {
            let at = step * 8;
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { v128_load(chunk.as_ptr().cast()) };
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let row = unsafe { i16x8_load_extend_i8x8(start.add(at)) };
                *total = i32x4_add(*total, i32x4_dot_i16x8(row, query));
            }
        }
        store_i32(sums, totals);
    }
}

fn int4(values: &[u8], dim: usize, query: &[i16], rows: &[u32], sums: &mut [i32]) {
    let reach = (dim / 2).next_multiple_of(8);
    let (even, odd) = query.split_at(query.len() / 2);
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim / 2, reach, rows) else {
            scalar::int4(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [i32x4_splat(0); 4];
        let chunks = even[..reach].chunks_exact(8).zip(odd[..reach].chunks_exact(8));
        for (step, (even, odd)) in chunks.enumerate() {
            let at = step * 8;
            // SAFETY: each chunk has eight numbers.
            let [even, odd] = [even, odd].map(|chunk| unsafe { v128_load(chunk.as_ptr().cast()) });
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let bytes = unsafe { i16x8_load_extend_i8x8(start.add(at).cast()) };
                let (low, high) = (i16x8_shr(i16x8_shl(bytes, 12), 12), i16x8_shr(bytes, 4));
                let products = i32x4_add(i32x4_dot_i16x8(low, even), i32x4_dot_i16x8(high, odd));
                *total = i32x4_add(*total, products);
            }
        }
        store_i32(sums, totals);
    }
}

/// Writes the sum of each vector's lanes.
#[inline(always)]
fn store_i32(sums: &mut [i32], [a, b, c, d]: [v128; 4]) {
    let pairs = |a, b| i32x4_add(i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b));
    let (ab, cd) = (pairs(a, b), pairs(c, d));
    let total = i32x4_add(i32x4_shuffle::<0, 2, 4, 6>(ab, cd), i32x4_shuffle::<1, 3, 5, 7>(ab, cd));
    let lanes =
        [i32x4_extract_lane::<0>, i32x4_extract_lane::<1>, i32x4_extract_lane::<2>, i32x4_extract_lane::<3>];
    sums.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum = lane(total));
}
