//! AVX2 with F16C: four rows at a time, whose sums are transposed into one vector.
#![allow(unsafe_code)]

use super::{Kernels, LANES, PAD, four, scalar};
use half::f16;
use std::arch::x86_64::*;

/// The kernels, if this processor has the instructions.
pub(super) fn kernels() -> Option<&'static Kernels> {
    static KERNELS: Kernels = Kernels {
        // SAFETY: this table is given out only where the processor has the instructions; so are all four.
        f32: |values, dim, query, rows, sums| unsafe { f32(values, dim, query, rows, sums) },
        // SAFETY: as above.
        f16: |values, dim, query, rows, sums| unsafe { f16(values, dim, query, rows, sums) },
        // SAFETY: as above.
        int8: |values, dim, query, rows, sums| unsafe { int8(values, dim, query, rows, sums) },
        // SAFETY: as above.
        int4: |values, dim, query, rows, sums| unsafe { int4(values, dim, query, rows, sums) },
    };
    (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c")).then_some(&KERNELS)
}

#[target_feature(enable = "avx2")]
fn f32(values: &[f32], dim: usize, query: &[f32], rows: &[u32], sums: &mut [f32]) {
    let reach = dim.next_multiple_of(LANES);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::f32(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [_mm256_setzero_ps(); 4];
        for (step, chunk) in query_reach.chunks_exact(LANES).enumerate() {
            let at = step * LANES;
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { _mm256_loadu_ps(chunk.as_ptr()) };
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let row = unsafe { _mm256_loadu_ps(start.add(at)) };
                *total = _mm256_add_ps(*total, _mm256_mul_ps(row, query));
            }
        }
        store_f32(sums, totals);
    }
}

#[target_feature(enable = "avx2,f16c")]
fn f16(values: &[f16], dim: usize, query: &[f32], rows: &[u32], sums: &mut [f32]) {
    let reach = dim.next_multiple_of(LANES);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::f16(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [_mm256_setzero_ps(); 4];
        for (step, chunk) in query_reach.chunks_exact(LANES).enumerate() {
            let at = step * LANES;
            // SAFETY: the chunk has eight numbers.
            let query = unsafe { _mm256_loadu_ps(chunk.as_ptr()) };
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let row = unsafe { _mm_loadu_si128(start.add(at).cast()) };
                let row = _mm256_cvtph_ps(row);
                *total = _mm256_add_ps(*total, _mm256_mul_ps(row, query));
            }
        }
        store_f32(sums, totals);
    }
}

/// Writes the sum of each vector's lanes, added in the order of the scalar twin.
#[target_feature(enable = "avx2")]
#[inline]
fn store_f32(sums: &mut [f32], totals: [__m256; 4]) {
    let [a, b, c, d] =
        totals.map(|total| _mm_add_ps(_mm256_castps256_ps128(total), _mm256_extractf128_ps::<1>(total)));
    let ab = _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
    let cd = _mm_add_ps(_mm_movelh_ps(c, d), _mm_movehl_ps(d, c));
    let total = _mm_add_ps(_mm_shuffle_ps::<0b10_00_10_00>(ab, cd), _mm_shuffle_ps::<0b11_01_11_01>(ab, cd));
    let sums: &mut [f32; 4] = sums.try_into().expect("four rows have four sums");
    // SAFETY: the array holds four numbers.
    unsafe { _mm_storeu_ps(sums.as_mut_ptr(), total) };
}

#[target_feature(enable = "avx2")]
fn int8(values: &[i8], dim: usize, query: &[i16], rows: &[u32], sums: &mut [i32]) {
    let reach = dim.next_multiple_of(PAD);
    let query_reach = &query[..reach];
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim, reach, rows) else {
            scalar::int8(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [_mm256_setzero_si256(); 4];
        for (step, chunk) in query_reach.chunks_exact(PAD).enumerate() {
            let at = step * PAD;
            // SAFETY: the chunk has sixteen numbers.
            let query = unsafe { _mm256_loadu_si256(chunk.as_ptr().cast()) };
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let row = unsafe { _mm_loadu_si128(start.add(at).cast()) };
                let row = _mm256_cvtepi8_epi16(row);
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(row, query));
            }
        }
        store_i32(sums, totals);
    }
}

#[target_feature(enable = "avx2")]
fn int4(values: &[u8], dim: usize, query: &[i16], rows: &[u32], sums: &mut [i32]) {
    let reach = (dim / 2).next_multiple_of(PAD);
    let (even, odd) = query.split_at(query.len() / 2);
    for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
        let Some(starts) = four(values, dim / 2, reach, rows) else {
            scalar::int4(values, dim, query, rows, sums);
            continue;
        };
        let mut totals = [_mm256_setzero_si256(); 4];
        let chunks = even[..reach].chunks_exact(PAD).zip(odd[..reach].chunks_exact(PAD));
        for (step, (even, odd)) in chunks.enumerate() {
            let at = step * PAD;
            // SAFETY: each chunk has sixteen numbers.
            let [even, odd] = [even, odd].map(|chunk| unsafe { _mm256_loadu_si256(chunk.as_ptr().cast()) });
            for (total, start) in totals.iter_mut().zip(starts) {
                // SAFETY: `four` found `reach` numbers from each start.
                let bytes = unsafe { _mm_loadu_si128(start.add(at).cast()) };
                let bytes = _mm256_cvtepi8_epi16(bytes);
                let low = _mm256_srai_epi16::<12>(_mm256_slli_epi16::<12>(bytes));
                let high = _mm256_srai_epi16::<4>(bytes);
                let products = _mm256_add_epi32(_mm256_madd_epi16(low, even), _mm256_madd_epi16(high, odd));
                *total = _mm256_add_epi32(*total, products);
            }
        }
        store_i32(sums, totals);
    }
}

/// Writes the sum of each vector's lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn store_i32(sums: &mut [i32], [a, b, c, d]: [__m256i; 4]) {
    let halves = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    let total = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256::<1>(halves));
    let sums: &mut [i32; 4] = sums.try_into().expect("four rows have four sums");
    // SAFETY: the array holds four numbers.
    unsafe { _mm_storeu_si128(sums.as_mut_ptr().cast(), total) };
}
