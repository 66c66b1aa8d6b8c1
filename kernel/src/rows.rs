//! What is done with every row beside multiplying it.

/// The two signed halves of a byte, low first.
pub fn nibbles(byte: u8) -> (i8, i8) {
    ((byte << 4) as i8 >> 4, byte as i8 >> 4)
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

/// Where the first number greater than `floor` stands.
#[inline(never)]
pub fn first_above(numbers: &[f32], floor: f32) -> Option<usize> {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    let any_above = |chunk: &_| super::simd128::any_above(chunk, floor);
    // Without a branch inside: the comparisons of a chunk become a few vectors.
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    let any_above = |chunk: &[f32; CHUNK]| chunk.iter().fold(false, |any, &number| any | (number > floor));
    let skipped = numbers.as_chunks().0.iter().take_while(|chunk| !any_above(chunk)).count() * CHUNK;
    numbers[skipped..].iter().position(|&number| number > floor).map(|at| skipped + at)
}

/// Numbers compared at a time.
pub(super) const CHUNK: usize = 16;
