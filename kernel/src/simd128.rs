//! WebAssembly's 128-bit vectors: four rows at a time, whose sums are transposed into one vector.

use crate::rows::{CHUNK, LANES, ROWS, groups, unrolled};
use crate::scalar;
use crate::tiles::{TALL, tiles};
use half::f16;
use std::arch::wasm32::*;

#[inline(never)]
pub(crate) fn f32(values: &[f32], dim: usize, query: &[f32], sums: &mut [f32]) {
    let groups = groups(values, dim, dim.next_multiple_of(LANES), sums);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        // SAFETY: `groups` found room for every load from these rows.
        let load = |row: usize, at: usize| unsafe { v128_load(start.add(row * dim + at).cast()) };
        store(sums, float_sums(query, dim, load));
    }
    let done = groups * ROWS;
    scalar::f32(&values[done * dim..], dim, query, &mut sums[done..]);
}

#[inline(never)]
pub(crate) fn f16(values: &[f16], dim: usize, query: &[f32], sums: &mut [f32]) {
    let groups = groups(values, dim, dim.next_multiple_of(LANES), sums);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        // SAFETY: as in `f32`.
        let load =
            |row: usize, at: usize| unsafe { u32x4_load_extend_u16x4(start.add(row * dim + at).cast()) };
        store(sums, float_sums(query, dim, |row, at| widen(load(row, at))));
    }
    let done = groups * ROWS;
    scalar::f16(&values[done * dim..], dim, query, &mut sums[done..]);
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
fn float_sums(query: &[f32], dim: usize, load: impl Fn(usize, usize) -> v128) -> v128 {
    let mut low = [f32x4_splat(0.0); ROWS];
    let mut high = low;
    for (step, chunk) in query.chunks_exact(LANES).take(dim.div_ceil(LANES)).enumerate() {
        // SAFETY: the chunk has eight numbers.
        let [first, second] = [0, 4].map(|half| unsafe { v128_load(chunk.as_ptr().add(half).cast()) });
        for row in 0..ROWS {
            low[row] = f32x4_add(low[row], f32x4_mul(load(row, step * LANES), first));
            high[row] = f32x4_add(high[row], f32x4_mul(load(row, step * LANES + 4), second));
        }
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|row| f32x4_add(low[row], high[row]));
    let pairs = |a, b| f32x4_add(i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b));
    let (ab, cd) = (pairs(a, b), pairs(c, d));
    f32x4_add(i32x4_shuffle::<0, 2, 4, 6>(ab, cd), i32x4_shuffle::<1, 3, 5, 7>(ab, cd))
}

#[inline(never)]
pub(crate) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let done = unrolled!(int8_groups, values, dim, query, sums);
    int8_rest(&values[done * dim..], dim, query, &mut sums[done..]);
}

/// Rows that are too few for a group.
pub(crate) fn int8_rest(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        *sum = dot(row, query);
    }
}

/// Multiplies what it can, and returns how many rows that was.
pub(crate) fn int8_groups<const DIM: usize>(
    values: &[i8],
    dim: usize,
    query: &[i16],
    sums: &mut [i32],
) -> usize {
    let dim = if DIM == 0 { dim } else { DIM };
    let groups = groups(values, dim, dim.next_multiple_of(8), sums);
    for turn in 0..groups {
        let group = in_turn(turn, groups);
        let start = values[group * ROWS * dim..].as_ptr();
        let mut totals = [i32x4_splat(0); ROWS];
        for (step, chunk) in query.chunks_exact(8).take(dim.div_ceil(8)).enumerate() {
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { v128_load(chunk.as_ptr().cast()) };
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let numbers = unsafe { i16x8_load_extend_i8x8(start.add(row * dim + step * 8)) };
                *total = i32x4_add(*total, i32x4_dot_i16x8(numbers, query));
            }
        }
        store(&mut sums[group * ROWS..][..ROWS], integer_sums(totals));
    }
    groups * ROWS
}

#[inline(never)]
pub(crate) fn int4(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let done = unrolled!(int4_groups, values, dim, query, sums);
    scalar::int4(&values[done * (dim / 2)..], dim, query, &mut sums[done..]);
}

/// Multiplies what it can, and returns how many rows that was.
fn int4_groups<const DIM: usize>(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) -> usize {
    let bytes = if DIM == 0 { dim } else { DIM } / 2;
    let groups = groups(values, bytes, bytes.next_multiple_of(8), sums);
    let (even, odd) = query.split_at(query.len() / 2);
    for turn in 0..groups {
        let group = in_turn(turn, groups);
        let start = values[group * ROWS * bytes..].as_ptr();
        let mut totals = [i32x4_splat(0); ROWS];
        let chunks = even.chunks_exact(8).zip(odd.chunks_exact(8)).take(bytes.div_ceil(8));
        for (step, (even, odd)) in chunks.enumerate() {
            // SAFETY: each chunk has eight numbers.
            let [even, odd] = [even, odd].map(|chunk| unsafe { v128_load(chunk.as_ptr().cast()) });
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let pairs = unsafe { i16x8_load_extend_i8x8(start.add(row * bytes + step * 8).cast()) };
                let (low, high) = (i16x8_shr(i16x8_shl(pairs, 12), 12), i16x8_shr(pairs, 4));
                let products = i32x4_add(i32x4_dot_i16x8(low, even), i32x4_dot_i16x8(high, odd));
                *total = i32x4_add(*total, products);
            }
        }
        store(&mut sums[group * ROWS..][..ROWS], integer_sums(totals));
    }
    groups * ROWS
}

/// Places in a block that are read in turn: a prefetcher stops at the end of a page, and while it finds out how the next
/// one is read, the others go on. A quarter of a block of 64 bytes a row is a page.
const STREAMS: usize = 4;

/// Which of the groups comes in this turn.
#[inline(always)]
pub(crate) fn in_turn(turn: usize, groups: usize) -> usize {
    let apart = groups / STREAMS;
    if turn < apart * STREAMS { turn % STREAMS * apart + turn / STREAMS } else { turn }
}

/// As in `scalar`, which the browser build is compiled too small for to make vectors of.
#[inline(never)]
pub fn scale(products: &mut [f32], row_scales: &[f32], query_scale: f32) {
    let row_scales = &row_scales[..products.len()];
    let (groups, rest) = products.as_chunks_mut::<ROWS>();
    let (group_scales, rest_scales) = row_scales.as_chunks::<ROWS>();
    for (group, scales) in groups.iter_mut().zip(group_scales) {
        // SAFETY: both are four numbers of 32 bits.
        let [sums, scales] = [group.as_ptr(), scales.as_ptr()].map(|four| unsafe { v128_load(four.cast()) });
        let scaled = f32x4_mul(f32x4_mul(f32x4_convert_i32x4(sums), scales), f32x4_splat(query_scale));
        store(group, scaled);
    }
    scalar::scale(rest, rest_scales, query_scale);
}

/// As in `scalar`.
#[inline(never)]
pub fn sums_of_squares(values: &[i8], dim: usize, sums: &mut [i32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        *sum = sum_of_eights(row, |_, numbers| i32x4_dot_i16x8(numbers, numbers));
    }
}

/// As in `scalar`.
#[inline(never)]
pub fn dot(row: &[i8], query: &[i16]) -> i32 {
    let (query, _) = query.as_chunks::<8>();
    sum_of_eights(row, |at, numbers| {
        // SAFETY: there are eight numbers.
        let query = unsafe { v128_load(query[at].as_ptr().cast()) };
        i32x4_dot_i16x8(numbers, query)
    })
}

/// The sum of what becomes of each eight numbers of a row, which zeros fill up.
#[inline(always)]
fn sum_of_eights(row: &[i8], sums: impl Fn(usize, v128) -> v128) -> i32 {
    let (eights, rest) = row.as_chunks::<8>();
    // SAFETY: there are eight numbers.
    let load = |eight: &[i8; 8]| unsafe { i16x8_load_extend_i8x8(eight.as_ptr()) };
    let add = |sum, (at, eight)| i32x4_add(sum, sums(at, load(eight)));
    let mut lanes = eights.iter().enumerate().fold(i32x4_splat(0), add);
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        lanes = add(lanes, (eights.len(), &last));
    }
    let pairs = i32x4_add(lanes, i32x4_shuffle::<2, 3, 0, 1>(lanes, lanes));
    i32x4_extract_lane::<0>(pairs) + i32x4_extract_lane::<1>(pairs)
}

/// As in `scalar`.
#[inline(always)]
pub(crate) fn which_above(numbers: &[f32; CHUNK], floor: f32) -> u32 {
    let [a, b, c, d] = [0, 4, 8, 12].map(|at| {
        // SAFETY: the numbers are four vectors.
        let four = unsafe { v128_load(numbers.as_ptr().add(at).cast()) };
        f32x4_gt(four, f32x4_splat(floor))
    });
    let halves = i8x16_narrow_i16x8(i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d));
    u32::from(i8x16_bitmask(halves))
}

/// The sum of each vector's lanes.
#[inline(always)]
pub(crate) fn integer_sums([a, b, c, d]: [v128; ROWS]) -> v128 {
    let pairs = |a, b| i32x4_add(i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b));
    let (ab, cd) = (pairs(a, b), pairs(c, d));
    i32x4_add(i32x4_shuffle::<0, 2, 4, 6>(ab, cd), i32x4_shuffle::<1, 3, 5, 7>(ab, cd))
}

#[inline(always)]
fn store<T>(sums: &mut [T], vector: v128) {
    let sums: &mut [T; ROWS] = sums.try_into().expect("a sum a row");
    // SAFETY: four numbers of 32 bits take as many bytes as a vector.
    unsafe { v128_store(sums.as_mut_ptr().cast(), vector) };
}

#[inline(never)]
pub(crate) fn gram(left: &[f64], right: &[f64], width: usize, sums: &mut [f64]) {
    outer(left, right, width, sums, |a, b, sum| f64x2_add(sum, f64x2_mul(a, b)));
}

/// Vectors that a tile is wide: two rows of it fill four registers.
const WIDE: usize = 2;

/// The sums of outer products; `add` gives `sum + a b`.
#[inline(always)]
pub(crate) fn outer(
    left: &[f64],
    right: &[f64],
    width: usize,
    sums: &mut [f64],
    add: impl Fn(v128, v128, v128) -> v128,
) {
    for (i, j) in tiles::<{ 2 * WIDE }>(width) {
        let place = |row: usize, at: usize| (i + row) * width + j + 2 * at;
        let tile = std::array::from_fn(|row| {
            // SAFETY: the slice has two numbers.
            std::array::from_fn(|at| unsafe { v128_load(sums[place(row, at)..][..2].as_ptr().cast()) })
        });
        let rows = left.chunks_exact(width).zip(right.chunks_exact(width));
        let tile: [[v128; WIDE]; TALL] = rows.fold(tile, |tile, (left, right)| {
            let (left, right) = (&left[i..i + TALL], &right[j..j + 2 * WIDE]);
            // SAFETY: the slice has two vectors.
            let right: [v128; WIDE] =
                std::array::from_fn(|at| unsafe { v128_load(right.as_ptr().add(2 * at).cast()) });
            std::array::from_fn(|row| {
                let left = f64x2_splat(left[row]);
                std::array::from_fn(|at| add(left, right[at], tile[row][at]))
            })
        });
        for (row, vectors) in tile.into_iter().enumerate() {
            for (at, vector) in vectors.into_iter().enumerate() {
                // SAFETY: the slice has two numbers.
                unsafe { v128_store(sums[place(row, at)..][..2].as_mut_ptr().cast(), vector) };
            }
        }
    }
}
