//! The reference: plain loops that every other backend must equal bit for bit.

use super::{Kernels, LANES};
use crate::model::nibbles;
use half::f16;

pub(crate) static KERNELS: Kernels = Kernels { f32, f16, int8, int4 };

fn f32(rows: &[f32], dim: usize, query: &[f32], sums: &mut [f32]) {
    for (row, sum) in rows.chunks_exact(dim).zip(sums) {
        *sum = dot(row.iter().copied(), query);
    }
}

fn f16(rows: &[f16], dim: usize, query: &[f32], sums: &mut [f32]) {
    for (row, sum) in rows.chunks_exact(dim).zip(sums) {
        *sum = dot(row.iter().map(|v| v.to_f32()), query);
    }
}

fn dot(row: impl Iterator<Item = f32>, query: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    for (at, (a, b)) in row.zip(query).enumerate() {
        lanes[at % LANES] += a * b;
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|lane| lanes[lane] + lanes[lane + 4]);
    (a + c) + (b + d)
}

fn int8(rows: &[i8], dim: usize, query: &[i16], sums: &mut [i32]) {
    for (row, sum) in rows.chunks_exact(dim).zip(sums) {
        *sum = row.iter().zip(query).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    }
}

fn int4(rows: &[u8], dim: usize, query: &[i16], sums: &mut [i32]) {
    let (even, odd) = query.split_at(query.len() / 2);
    for (row, sum) in rows.chunks_exact(dim / 2).zip(sums) {
        let products = row.iter().zip(even.iter().zip(odd)).map(|(&byte, (&even, &odd))| {
            let (low, high) = nibbles(byte);
            i32::from(low) * i32::from(even) + i32::from(high) * i32::from(odd)
        });
        *sum = products.sum();
    }
}
