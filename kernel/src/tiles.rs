//! Sums of outer products, tile by tile: a tile stays in registers while all rows of a block go by. Each backend compiles
//! it with its own instructions.

/// Rows are padded with zeros to a multiple of so many numbers, which every tile divides.
pub(crate) const WIDTH: usize = 8;

/// Rows of a tile.
pub(crate) const TALL: usize = 4;

/// The first row and the first column of each tile of [TALL, WIDE] that covers what is on and below the diagonal.
#[inline(always)]
pub(crate) fn tiles<const WIDE: usize>(width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..width).step_by(TALL).flat_map(|i| (0..i + TALL).step_by(WIDE).map(move |j| (i, j)))
}

/// Adds the products of all rows, with tiles as wide as the registers of a backend hold.
#[inline(always)]
pub(crate) fn add<const WIDE: usize>(left: &[f64], right: &[f64], width: usize, sums: &mut [f64]) {
    for (i, j) in tiles::<WIDE>(width) {
        let mut tile = [[0.0; WIDE]; TALL];
        for (row, tile) in tile.iter_mut().enumerate() {
            tile.copy_from_slice(&sums[(i + row) * width + j..][..WIDE]);
        }
        for (left, right) in left.chunks_exact(width).zip(right.chunks_exact(width)) {
            let left: &[f64; TALL] = left[i..i + TALL].try_into().expect("inside the row");
            let right: &[f64; WIDE] = right[j..j + WIDE].try_into().expect("inside the row");
            for (sums, left) in tile.iter_mut().zip(left) {
                sums.iter_mut().zip(right).for_each(|(sum, right)| *sum += left * right);
            }
        }
        for (row, tile) in tile.iter().enumerate() {
            sums[(i + row) * width + j..][..WIDE].copy_from_slice(tile);
        }
    }
}
