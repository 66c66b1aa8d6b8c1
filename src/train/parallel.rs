//! The one door to threads: rayon natively, a plain loop in wasm. What comes out never depends on the number
//! of threads: rows are independent, and block results come back in their order.

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::*;
use std::ops::Range;

/// Rows that one task takes at least, so that making its scratch does not show.
#[cfg(not(target_arch = "wasm32"))]
const TASK_ROWS: usize = 16;

/// Calls `work(row number, row, scratch)` for each row of the matrix `rows` with `dim` columns.
pub(crate) fn each_row<S: Send>(
    rows: &mut [f32],
    dim: usize,
    scratch: impl Fn() -> S + Send + Sync,
    work: impl Fn(usize, &mut [f32], &mut S) + Send + Sync,
) {
    #[cfg(not(target_arch = "wasm32"))]
    rows.par_chunks_exact_mut(dim)
        .enumerate()
        .with_min_len(TASK_ROWS)
        .for_each_init(scratch, |scratch, (number, row)| work(number, row, scratch));
    #[cfg(target_arch = "wasm32")]
    {
        let mut scratch = scratch();
        rows.chunks_exact_mut(dim).enumerate().for_each(|(number, row)| work(number, row, &mut scratch));
    }
}

/// Calls `work` for up to `blocks` ranges that cover `0..len`, and returns its results in their order.
pub(crate) fn map_blocks<T: Send>(
    len: usize,
    blocks: usize,
    work: impl Fn(Range<usize>) -> T + Send + Sync,
) -> Vec<T> {
    let size = len.div_ceil(blocks).max(1);
    let range = |block: usize| block * size..(block * size + size).min(len);
    #[cfg(not(target_arch = "wasm32"))]
    return (0..len.div_ceil(size)).into_par_iter().map(|block| work(range(block))).collect();
    #[cfg(target_arch = "wasm32")]
    return (0..len.div_ceil(size)).map(|block| work(range(block))).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_everything_once_and_in_order() {
        for (len, blocks) in [(0, 4), (1, 4), (7, 3), (64, 64), (100, 7)] {
            let covered: Vec<usize> = map_blocks(len, blocks, |range| range).into_iter().flatten().collect();
            assert_eq!(covered, (0..len).collect::<Vec<_>>());
        }
    }
}
