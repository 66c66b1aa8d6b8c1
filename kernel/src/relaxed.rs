//! WebAssembly's relaxed vectors: rough products in a third of the instructions of exact ones where the processor multiplies
//! and adds bytes at once.
//!
//! The instruction is relaxed in what it does with sizes above 127, of which there are none: it gives the same everywhere.

use crate::rough::{Rough, WIDTH};
use crate::rows::{ROWS, groups, unrolled};
use crate::simd128::{in_turn, int8_groups, int8_rest, integer_sums, outer};
use std::arch::wasm32::*;

/// Vectors that a part of a query fills.
const VECTORS: usize = WIDTH / 16;

/// The exact products. Few rows are left to them where there are rough ones: too few to weigh more for.
#[inline(never)]
pub(crate) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let done = int8_groups::<0>(values, dim, query, sums);
    int8_rest(&values[done * dim..], dim, query, &mut sums[done..]);
}

/// Bounds what it can, and returns how many rows that was.
#[inline(never)]
pub(crate) fn rough(values: &[i8], dim: usize, query: &Rough, sums: &mut [i32]) -> usize {
    unrolled!(bound, values, dim, query, sums)
}

fn bound<const DIM: usize>(values: &[i8], dim: usize, query: &Rough, sums: &mut [i32]) -> usize {
    let dim = if DIM == 0 { dim } else { DIM };
    let groups = groups(values, dim, query.sizes.len(), sums);
    // Pointers, as groups are small enough for bounds asked for each to be felt.
    let (values, sums) = (values.as_ptr(), sums[..groups * ROWS].as_mut_ptr());
    let [signs, sizes] = [&query.signs, &query.sizes].map(|bytes| bytes.as_chunks().0);
    for (from, (signs, sizes)) in (0..).step_by(WIDTH).zip(signs.iter().zip(sizes)) {
        // In registers all the way through the rows.
        let [signs, sizes] = [signs, sizes].map(vectors);
        // Of the first part there are no sums yet to add to.
        let is_first = from == 0;
        let start = i32x4(if is_first { query.start } else { 0 }, 0, 0, 0);
        for turn in 0..groups {
            let group = in_turn(turn, groups);
            let totals = std::array::from_fn(|row| {
                (0..VECTORS).fold(start, |total, at| {
                    let number = (group * ROWS + row) * dim + from + at * 16;
                    // SAFETY: `groups` found room for every load from these rows.
                    let numbers = unsafe { v128_load(values.add(number).cast()) };
                    i32x4_relaxed_dot_i8x16_i7x16_add(v128_xor(numbers, signs[at]), sizes[at], total)
                })
            });
            // SAFETY: a group has four sums of 32 bits, as many as a vector.
            unsafe {
                let sums: *mut v128 = sums.add(group * ROWS).cast();
                let before = if is_first { i32x4_splat(0) } else { v128_load(sums) };
                v128_store(sums, i32x4_add(before, integer_sums(totals)));
            }
        }
    }
    groups * ROWS
}

fn vectors(bytes: &[u8; WIDTH]) -> [v128; VECTORS] {
    // SAFETY: so many vectors have as many bytes.
    std::array::from_fn(|at| unsafe { v128_load(bytes.as_ptr().add(at * 16).cast()) })
}

/// Products of f32 are exact in f64: whether the instruction rounds them before it adds makes no difference.
#[inline(never)]
pub(crate) fn gram(left: &[f64], right: &[f64], width: usize, sums: &mut [f64]) {
    outer(left, right, width, sums, |a, b, sum| f64x2_relaxed_madd(a, b, sum));
}
