//! AVX2 with F16C: four rows at a time, whose sums are transposed into one vector.

use crate::rough::Rough;
use crate::rows::{LANES, PAD, ROWS, groups, unrolled};
use crate::{rounding, scalar, tiles};
use half::f16;
use std::arch::x86_64::*;

#[target_feature(enable = "avx2")]
pub(crate) fn f32(values: &[f32], dim: usize, query: &[f32], sums: &mut [f32]) {
    let groups = groups(values, dim, dim.next_multiple_of(LANES), sums);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        let mut totals = [_mm256_setzero_ps(); ROWS];
        for (step, chunk) in query.chunks_exact(LANES).take(dim.div_ceil(LANES)).enumerate() {
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { _mm256_loadu_ps(chunk.as_ptr()) };
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let numbers = unsafe { _mm256_loadu_ps(start.add(row * dim + step * LANES)) };
                *total = _mm256_add_ps(*total, _mm256_mul_ps(numbers, query));
            }
        }
        store_floats(sums, totals);
    }
    let done = groups * ROWS;
    scalar::f32(&values[done * dim..], dim, query, &mut sums[done..]);
}

#[target_feature(enable = "avx2,f16c")]
pub(crate) fn f16(values: &[f16], dim: usize, query: &[f32], sums: &mut [f32]) {
    let groups = groups(values, dim, dim.next_multiple_of(LANES), sums);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        let mut totals = [_mm256_setzero_ps(); ROWS];
        for (step, chunk) in query.chunks_exact(LANES).take(dim.div_ceil(LANES)).enumerate() {
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { _mm256_loadu_ps(chunk.as_ptr()) };
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let halves = unsafe { _mm_loadu_si128(start.add(row * dim + step * LANES).cast()) };
                *total = _mm256_add_ps(*total, _mm256_mul_ps(_mm256_cvtph_ps(halves), query));
            }
        }
        store_floats(sums, totals);
    }
    let done = groups * ROWS;
    scalar::f16(&values[done * dim..], dim, query, &mut sums[done..]);
}

/// Writes the sum of each vector's lanes, added in the order of the scalar twin.
#[target_feature(enable = "avx2")]
#[inline]
fn store_floats(sums: &mut [f32], totals: [__m256; ROWS]) {
    let [a, b, c, d] =
        totals.map(|total| _mm_add_ps(_mm256_castps256_ps128(total), _mm256_extractf128_ps::<1>(total)));
    let ab = _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
    let cd = _mm_add_ps(_mm_movelh_ps(c, d), _mm_movehl_ps(d, c));
    let total = _mm_add_ps(_mm_shuffle_ps::<0b10_00_10_00>(ab, cd), _mm_shuffle_ps::<0b11_01_11_01>(ab, cd));
    let sums: &mut [f32; ROWS] = sums.try_into().expect("a sum a row");
    // SAFETY: the array holds four numbers.
    unsafe { _mm_storeu_ps(sums.as_mut_ptr(), total) };
}

#[target_feature(enable = "avx2")]
pub(crate) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let done = unrolled!(int8_groups, values, dim, query, sums);
    scalar::int8(&values[done * dim..], dim, query, &mut sums[done..]);
}

/// Multiplies what it can, and returns how many rows that was.
#[target_feature(enable = "avx2")]
fn int8_groups<const DIM: usize>(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) -> usize {
    let dim = if DIM == 0 { dim } else { DIM };
    let groups = groups(values, dim, dim.next_multiple_of(PAD), sums);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        let mut totals = [_mm256_setzero_si256(); ROWS];
        for (step, chunk) in query.chunks_exact(PAD).take(dim.div_ceil(PAD)).enumerate() {
            // SAFETY: the chunk has sixteen numbers.
            let query = unsafe { _mm256_loadu_si256(chunk.as_ptr().cast()) };
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let bytes = unsafe { _mm_loadu_si128(start.add(row * dim + step * PAD).cast()) };
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(_mm256_cvtepi8_epi16(bytes), query));
            }
        }
        store_integers(sums, totals);
    }
    groups * ROWS
}

#[target_feature(enable = "avx2")]
pub(crate) fn int4(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let done = unrolled!(int4_groups, values, dim, query, sums);
    scalar::int4(&values[done * (dim / 2)..], dim, query, &mut sums[done..]);
}

/// Multiplies what it can, and returns how many rows that was.
#[target_feature(enable = "avx2")]
fn int4_groups<const DIM: usize>(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) -> usize {
    let bytes = if DIM == 0 { dim } else { DIM } / 2;
    let groups = groups(values, bytes, bytes.next_multiple_of(PAD), sums);
    let (even, odd) = query.split_at(query.len() / 2);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * bytes..].as_ptr();
        let mut totals = [_mm256_setzero_si256(); ROWS];
        let chunks = even.chunks_exact(PAD).zip(odd.chunks_exact(PAD)).take(bytes.div_ceil(PAD));
        for (step, (even, odd)) in chunks.enumerate() {
            // SAFETY: each chunk has sixteen numbers.
            let [even, odd] = [even, odd].map(|chunk| unsafe { _mm256_loadu_si256(chunk.as_ptr().cast()) });
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let pairs = unsafe { _mm_loadu_si128(start.add(row * bytes + step * PAD).cast()) };
                let pairs = _mm256_cvtepi8_epi16(pairs);
                let low = _mm256_srai_epi16::<12>(_mm256_slli_epi16::<12>(pairs));
                let high = _mm256_srai_epi16::<4>(pairs);
                let products = _mm256_add_epi32(_mm256_madd_epi16(low, even), _mm256_madd_epi16(high, odd));
                *total = _mm256_add_epi32(*total, products);
            }
        }
        store_integers(sums, totals);
    }
    groups * ROWS
}

/// Bounds what it can, and returns how many rows that was.
#[target_feature(enable = "avx2")]
pub(crate) fn rough(values: &[i8], dim: usize, query: &Rough, sums: &mut [i32]) -> usize {
    let groups = groups(values, dim, query.sizes.len(), sums);
    let ones = _mm256_set1_epi16(1);
    for (group, sums) in sums.chunks_exact_mut(ROWS).take(groups).enumerate() {
        let start = values[group * ROWS * dim..].as_ptr();
        let mut totals = [_mm256_setr_epi32(query.start, 0, 0, 0, 0, 0, 0, 0); ROWS];
        let (signs, sizes) = (query.signs.chunks_exact(32), query.sizes.chunks_exact(32));
        for (step, (signs, sizes)) in signs.zip(sizes).enumerate() {
            // SAFETY: both are 32 bytes.
            let [signs, sizes] =
                [signs, sizes].map(|bytes| unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) });
            for (row, total) in totals.iter_mut().enumerate() {
                // SAFETY: `groups` found room for every load from these rows.
                let numbers = unsafe { _mm256_loadu_si256(start.add(row * dim + step * 32).cast()) };
                let pairs = _mm256_maddubs_epi16(sizes, _mm256_xor_si256(numbers, signs));
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(pairs, ones));
            }
        }
        store_integers(sums, totals);
    }
    groups * ROWS
}

/// Writes the sum of each vector's lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn store_integers(sums: &mut [i32], [a, b, c, d]: [__m256i; ROWS]) {
    let halves = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    let total = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256::<1>(halves));
    let sums: &mut [i32; ROWS] = sums.try_into().expect("a sum a row");
    // SAFETY: the array holds four numbers.
    unsafe { _mm_storeu_si128(sums.as_mut_ptr().cast(), total) };
}

#[target_feature(enable = "avx2")]
pub(crate) fn gram(left: &[f64], right: &[f64], width: usize, sums: &mut [f64]) {
    tiles::add::<8>(left, right, width, sums);
}

#[target_feature(enable = "avx2")]
pub(crate) fn to_nearest(rows: &[f32], dim: usize, integers: &mut [i8], scales: &mut [f32]) {
    rounding::to_nearest(rows, dim, integers, scales);
}

#[target_feature(enable = "avx2")]
pub(crate) fn for_scores(rows: &[f32], dim: usize, metric: &[f32], integers: &mut [i8], scales: &mut [f32]) {
    rounding::for_scores(rows, dim, metric, integers, scales);
}
