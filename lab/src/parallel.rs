//! The one door to threads: rayon natively, a plain loop in wasm. What comes out never depends on the number
//! of threads: rows are independent, and block results come back in their order.

use foldin::error::Result;
#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::*;
use std::ops::Range;

/// Rows that one task takes.
const TASK_ROWS: usize = 32;

/// What `work(first row's number, rows, scratch)` returns for the rows of the matrix `rows` with `dim` columns, some
/// of them at a time.
pub(crate) fn map_tasks<S, T: Send>(
    rows: &mut [f32],
    dim: usize,
    scratch: impl Fn() -> S + Send + Sync,
    work: impl Fn(usize, &mut [f32], &mut S) -> T + Send + Sync,
) -> Vec<T> {
    let task = |scratch: &mut S, (number, rows): (usize, &mut [f32])| work(number * TASK_ROWS, rows, scratch);
    #[cfg(not(target_arch = "wasm32"))]
    return rows.par_chunks_mut(TASK_ROWS * dim).enumerate().map_init(scratch, task).collect();
    #[cfg(target_arch = "wasm32")]
    {
        let mut scratch = scratch();
        rows.chunks_mut(TASK_ROWS * dim).enumerate().map(|rows| task(&mut scratch, rows)).collect()
    }
}

/// Calls `work` for up to `blocks` ranges that cover `0..len`, and returns its results in their order.
pub(crate) fn map_blocks<T: Send>(
    len: usize,
    blocks: usize,
    work: impl Fn(Range<usize>) -> T + Send + Sync,
) -> Vec<T> {
    let size = len.div_ceil(blocks).max(1);
    map((0..len.div_ceil(size)).collect(), |block| work(block * size..(block * size + size).min(len)))
}

/// As [`map`], with scratch for each thread.
pub(crate) fn map_with<S, I: Send, T: Send>(
    tasks: Vec<I>,
    scratch: impl Fn() -> S + Send + Sync,
    work: impl Fn(&mut S, I) -> T + Send + Sync,
) -> Vec<T> {
    #[cfg(not(target_arch = "wasm32"))]
    return tasks.into_par_iter().map_init(scratch, work).collect();
    #[cfg(target_arch = "wasm32")]
    {
        let mut scratch = scratch();
        tasks.into_iter().map(|task| work(&mut scratch, task)).collect()
    }
}

/// Calls `work` for each of `tasks`, and returns its results in their order.
pub(crate) fn map<I: Send, T: Send>(tasks: Vec<I>, work: impl Fn(I) -> T + Send + Sync) -> Vec<T> {
    #[cfg(not(target_arch = "wasm32"))]
    return tasks.into_par_iter().map(work).collect();
    #[cfg(target_arch = "wasm32")]
    return tasks.into_iter().map(work).collect();
}

/// As [`map`], for work that can fail: the first error in the order of the tasks.
pub(crate) fn try_map<I: Send, T: Send>(
    tasks: Vec<I>,
    work: impl Fn(I) -> Result<T> + Send + Sync,
) -> Result<Vec<T>> {
    map(tasks, work).into_iter().collect()
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
