//! The reference: plain loops that every other backend must equal bit for bit.

use super::LANES;
use super::{dot, nibbles, widen};
use half::f16;

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
pub(super) static KERNELS: super::Kernels = super::Kernels { f32, f16, int8, int4, rough: |_, _, _, _| 0 };

#[inline(never)]
pub(super) fn f32(values: &[f32], dim: usize, query: &[f32], sums: &mut [f32]) {
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

pub(super) fn f16(values: &[f16], dim: usize, query: &[f32], sums: &mut [f32]) {
    let mut wide = vec![0.0; dim];
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        wide.iter_mut().zip(row).for_each(|(wide, half)| *wide = widen(*half));
        f32(&wide, dim, query, std::slice::from_mut(sum));
    }
}

pub(super) fn int8(values: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    for (row, sum) in values.chunks_exact(dim).zip(sums) {
        *sum = dot(row, query);
    }
}

pub(super) fn int4(values: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let (even, odd) = query.split_at(query.len() / 2);
    for (row, sum) in values.chunks_exact(dim / 2).zip(sums) {
        let products = row.iter().zip(even.iter().zip(odd)).map(|(&byte, (&even, &odd))| {
            let (low, high) = nibbles(byte);
            i32::from(low) * i32::from(even) + i32::from(high) * i32::from(odd)
        });
        *sum = products.sum();
    }
}
