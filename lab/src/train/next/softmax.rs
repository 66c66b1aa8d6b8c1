//! Softmax cross entropy of the next item, with its gradients: three products of matrices, [positions, dim] by
//! [dim, items], [positions, items] by [items, dim] and its transpose, which bound the time of training.
//!
//! Positions go in blocks. For a block the exponentials of all scores are kept, panel by panel of items, for two uses:
//! the gradient of the vectors at once, that of the items when a few blocks are done, one panel of items a task.
//! So memory holds [`ROOM`] numbers however many positions there are, and every sum has its fixed order.

use super::sample::ABSENT;
use super::step::NEVER;
use super::tiles::{ROWS, add_columns, add_rows, exp};
use crate::parallel;
use crate::simd;
use crate::train::vector::{TILE, add_scaled};
use pulp::{Simd, WithSimd};

/// Positions a block.
pub(super) const BLOCK: usize = 32;

/// Exponentials that are kept at a time, unless one block alone has more.
const ROOM: usize = 4 << 20;

/// The items that a next one is sought among.
pub(super) struct Candidates<'a> {
    /// [items, dim], both whole tiles.
    pub rows: &'a [f32],
    /// The same in transposed panels.
    pub panels: &'a [f32],
    /// Added to the scores, [items].
    pub offsets: &'a [f32],
    /// Where each item stands among the candidates, if at all; None: at its number.
    pub places: Option<&'a [u32]>,
    pub dim: usize,
}

/// Gradients of the mean loss.
#[derive(Clone, Default)]
pub(super) struct Gradients {
    /// [positions, dim]
    pub vectors: Vec<f32>,
    /// [items, dim]
    pub rows: Vec<f32>,
    /// [items]
    pub offsets: Vec<f32>,
}

/// What is sought at a position.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Place in the candidates.
    pub target: u32,
    /// Items that it is known not to be.
    pub known: &'a [u32],
    /// How much the loss counts.
    pub weight: f32,
}

/// A block on its way.
struct Block<'a> {
    /// [BLOCK, dim]
    vectors: &'a mut [f32],
    gradient: &'a mut [f32],
    /// Up to BLOCK.
    asked: &'a [Asked<'a>],
    /// [items / TILE, BLOCK, TILE]
    room: &'a mut [f32],
    /// What an exponential is multiplied by to be a gradient, [BLOCK].
    scales: &'a mut [f32],
}

/// Returns the sum of the weighted losses, one for each that is `asked`, and fills its gradients. `vectors` [positions in whole blocks, dim] is overwritten.
pub(super) fn descend(
    candidates: &Candidates<'_>,
    vectors: &mut [f32],
    asked: &[Asked<'_>],
    room: &mut Vec<f32>,
    out: &mut Gradients,
) -> f64 {
    let Candidates { rows, dim, offsets, .. } = *candidates;
    let items = offsets.len();
    for (gradient, len) in
        [(&mut out.vectors, vectors.len()), (&mut out.rows, rows.len()), (&mut out.offsets, items)]
    {
        gradient.clear();
        gradient.resize(len, 0.0);
    }
    let blocks = (ROOM / (items * BLOCK)).clamp(1, vectors.len() / (BLOCK * dim));
    room.resize(blocks * BLOCK * items, 0.0);
    let mut loss = 0.0;
    let many = blocks * BLOCK;
    for ((vectors, gradient), asked) in
        vectors.chunks_mut(many * dim).zip(out.vectors.chunks_mut(many * dim)).zip(asked.chunks(many))
    {
        let mut scales = vec![0.0; many];
        let tasks = vectors
            .chunks_mut(BLOCK * dim)
            .zip(gradient.chunks_mut(BLOCK * dim))
            .zip(asked.chunks(BLOCK))
            .zip(room.chunks_mut(BLOCK * items).zip(scales.chunks_mut(BLOCK)))
            .map(|(((vectors, gradient), asked), (room, scales))| Block {
                vectors,
                gradient,
                asked,
                room,
                scales,
            })
            .collect();
        let losses: Vec<f64> = parallel::map(tasks, |block| simd::run(Ascent { candidates, block }));
        loss += losses.into_iter().sum::<f64>();
        let panels: Vec<_> =
            out.rows.chunks_mut(TILE * dim).zip(out.offsets.chunks_mut(TILE)).enumerate().collect();
        let (vectors, scales, room, count) = (&*vectors, &*scales, &**room, asked.len().div_ceil(BLOCK));
        parallel::map(panels, |(panel, (rows, offsets))| {
            let blocks = room.chunks(BLOCK * items).take(count);
            let exponentials = blocks.map(|block| &block[panel * BLOCK * TILE..][..BLOCK * TILE]);
            simd::run(Gather { exponentials, vectors, scales, dim, rows, offsets });
        });
        for (row, asked) in asked.iter().enumerate() {
            let (target, scale) = (asked.target as usize, asked.weight);
            // The vectors are multiplied by their scales: `Ascent` left what takes that back.
            out.offsets[target] -= scale;
            let back = scale / scales[row].max(f32::MIN_POSITIVE);
            let of_target = &mut out.rows[target * dim..][..dim];
            of_target.iter_mut().zip(&vectors[row * dim..]).for_each(|(out, &value)| *out -= back * value);
        }
    }
    loss
}

/// From vectors to losses, exponentials and the vectors' gradients; leaves the vectors times their scales.
struct Ascent<'a, 'b> {
    candidates: &'a Candidates<'a>,
    block: Block<'b>,
}

impl WithSimd for Ascent<'_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Ascent { candidates, block } = self;
        let &Candidates { rows, dim, places, .. } = candidates;
        let Block { vectors, gradient, asked, room, scales } = block;
        scores(simd, candidates, vectors, room);
        let mut loss = 0.0;
        let mut found = [0.0; BLOCK];
        for (row, asked) in asked.iter().enumerate() {
            found[row] = room[place(asked.target, row)];
            for &item in asked.known {
                let item = places.map_or(item, |places| places[item as usize]);
                if item != ABSENT {
                    room[place(item, row)] = NEVER;
                }
            }
            room[place(asked.target, row)] = found[row];
        }
        let most = largest(room);
        for (row, asked) in asked.iter().enumerate() {
            loss += f64::from(asked.weight * (most[row] - found[row]));
        }
        let mut sums = [[0.0; TILE]; BLOCK];
        for (room, rows) in room.chunks_exact_mut(BLOCK * TILE).zip(rows.chunks_exact(TILE * dim)) {
            for ((scores, most), sums) in room.as_chunks_mut::<TILE>().0.iter_mut().zip(most).zip(&mut sums) {
                for (score, sum) in scores.iter_mut().zip(sums) {
                    *score = exp(*score - most);
                    *sum += *score;
                }
            }
            let groups = room.chunks_exact(ROWS * TILE).zip(gradient.chunks_exact_mut(ROWS * dim));
            for (group, gradient) in groups {
                let mut of = [&group[..0]; ROWS];
                of.iter_mut().zip(group.chunks_exact(TILE)).for_each(|(of, row)| *of = row);
                add_rows(simd, of, rows, dim, gradient);
            }
        }
        for (row, asked) in asked.iter().enumerate() {
            let (target, scale) = (asked.target, asked.weight);
            let sum: f32 = sums[row].iter().sum();
            loss += f64::from(scale * libm::logf(sum));
            scales[row] = scale / sum;
            let gradient = &mut gradient[row * dim..][..dim];
            gradient.iter_mut().for_each(|value| *value *= scales[row]);
            add_scaled(simd, -scale, &rows[target as usize * dim..][..dim], gradient);
            vectors[row * dim..][..dim].iter_mut().for_each(|value| *value *= scales[row]);
        }
        gradient[asked.len() * dim..].fill(0.0);
        loss
    }
}

/// Where the score of an item at a row of a block is.
fn place(item: u32, row: usize) -> usize {
    let item = item as usize;
    (item / TILE * BLOCK + row) * TILE + item % TILE
}

/// Fills `room` with the scores of a block.
#[inline(always)]
fn scores<S: Simd>(simd: S, candidates: &Candidates<'_>, vectors: &[f32], room: &mut [f32]) {
    let Candidates { panels, offsets, dim, .. } = *candidates;
    let items = panels.chunks_exact(dim * TILE).zip(offsets.as_chunks::<TILE>().0);
    for (room, (panel, offsets)) in room.chunks_exact_mut(BLOCK * TILE).zip(items) {
        for (group, vectors) in room.chunks_exact_mut(ROWS * TILE).zip(vectors.chunks_exact(ROWS * dim)) {
            group.as_chunks_mut::<TILE>().0.iter_mut().for_each(|row| *row = *offsets);
            let mut of = [&vectors[..0]; ROWS];
            of.iter_mut().zip(vectors.chunks_exact(dim)).for_each(|(of, row)| *of = row);
            add_rows(simd, of, panel, TILE, group);
        }
    }
}

/// The largest score of each row.
#[inline(always)]
fn largest(room: &[f32]) -> [f32; BLOCK] {
    let mut most = [[f32::NEG_INFINITY; TILE]; BLOCK];
    for room in room.chunks_exact(BLOCK * TILE) {
        for (row, most) in room.as_chunks::<TILE>().0.iter().zip(&mut most) {
            most.iter_mut()
                .zip(row)
                .for_each(|(most, &score)| *most = if score > *most { score } else { *most });
        }
    }
    most.map(|most| most.into_iter().fold(f32::NEG_INFINITY, f32::max))
}

/// A panel's gradient, from the exponentials of all blocks.
struct Gather<'a, I> {
    exponentials: I,
    vectors: &'a [f32],
    scales: &'a [f32],
    dim: usize,
    rows: &'a mut [f32],
    offsets: &'a mut [f32],
}

impl<'a, I: Iterator<Item = &'a [f32]>> WithSimd for Gather<'a, I> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Gather { exponentials, vectors, scales, dim, rows, offsets } = self;
        let blocks = exponentials.zip(vectors.chunks(BLOCK * dim)).zip(scales.chunks(BLOCK));
        for ((exponentials, vectors), scales) in blocks {
            add_columns(simd, exponentials, vectors, dim, rows);
            for (row, &scale) in exponentials.as_chunks::<TILE>().0.iter().zip(scales) {
                offsets.iter_mut().zip(row).for_each(|(offset, value)| *offset += scale * value);
            }
        }
    }
}

/// How many items score above the target of each of up to [`BLOCK`] vectors [BLOCK, dim].
pub(super) struct Ranks<'a> {
    pub candidates: &'a Candidates<'a>,
    pub vectors: &'a [f32],
    /// A target, and the items that are passed over.
    pub asked: Vec<(u32, &'a [u32])>,
}

impl WithSimd for Ranks<'_> {
    type Output = Vec<usize>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<usize> {
        let Ranks { candidates, vectors, asked } = self;
        let mut room = vec![0.0; BLOCK * candidates.offsets.len()];
        scores(simd, candidates, vectors, &mut room);
        let rank = |(row, (target, known)): (usize, (u32, &[u32]))| {
            let found = room[place(target, row)];
            known.iter().for_each(|&item| room[place(item, row)] = NEVER);
            let rows = room.chunks_exact(BLOCK * TILE).map(|panel| &panel[row * TILE..][..TILE]);
            rows.map(|scores| scores.iter().filter(|&&score| score > found).count()).sum()
        };
        asked.into_iter().enumerate().map(rank).collect()
    }
}
