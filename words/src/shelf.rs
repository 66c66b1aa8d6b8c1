//! The vectors of items, to be searched by meaning.

use foldin_kernel::{self as kernel, PAD, sort};

/// What a query's numbers, which are at most 1, are multiplied with to become whole ones.
const WHOLE: f32 = 16_384.0;

/// Items that lie together: their sums stay in the processor's nearest cache, and a shelf grows without being copied.
const BLOCK: usize = 512;

/// Vectors of length 1 in bytes, an item each.
pub struct Shelf {
    dim: usize,
    /// All but the last are full.
    blocks: Vec<Block>,
}

struct Block {
    rows: Vec<i8>,
    scales: Vec<f32>,
    /// What its user calls each item.
    items: Vec<u32>,
}

impl Shelf {
    /// For vectors of `dim` numbers.
    pub fn new(dim: usize) -> Shelf {
        Shelf { dim, blocks: Vec::new() }
    }

    /// Adds an item; without a vector there is nothing to find it by.
    ///
    /// # Panics
    /// For a vector of another length.
    pub fn add(&mut self, item: u32, vector: &[f32]) {
        if vector.is_empty() {
            return;
        }
        assert_eq!(vector.len(), self.dim);
        let scale = vector.iter().fold(f32::MIN_POSITIVE, |most, v| most.max(v.abs())) / 127.0;
        if self.blocks.last().is_none_or(|block| block.items.len() == BLOCK) {
            self.blocks.push(Block {
                rows: Vec::with_capacity(BLOCK * self.dim),
                scales: Vec::with_capacity(BLOCK),
                items: Vec::with_capacity(BLOCK),
            });
        }
        let block = self.blocks.last_mut().expect("there is one");
        // A conversion cuts what comes after the point.
        block.rows.extend(vector.iter().map(|v| (v / scale + 0.5f32.copysign(*v)) as i8));
        block.scales.push(scale);
        block.items.push(item);
    }

    /// The nearest `count` items to a vector of length 1 with their cosines, best first; of equals the one that came first.
    /// Those at a right angle or beyond are none of them.
    pub fn nearest(&self, vector: &[f32], count: usize) -> Vec<(u32, f32)> {
        let mut query: Vec<i16> = vector.iter().map(|v| (v * WHOLE) as i16).collect();
        query.resize(query.len().next_multiple_of(PAD), 0);
        let mut sums = [0i32; BLOCK];
        let (mut keys, mut worst) = (Vec::new(), u64::MAX);
        for (at, block) in self.blocks.iter().enumerate() {
            let sums = &mut sums[..block.items.len()];
            kernel::int8(&block.rows, self.dim, &query, sums);
            for (within, (&sum, scale)) in sums.iter().zip(&block.scales).enumerate() {
                let cosine = sum as f32 * scale / WHOLE;
                // Falling cosines, as rising numbers with the place behind them.
                let key = (u64::from(u32::MAX - cosine.to_bits()) << 32) | (at * BLOCK + within) as u64;
                if cosine > 0.0 && key < worst {
                    keys.push(key);
                }
            }
            if keys.len() >= count.saturating_add(BLOCK) {
                best(&mut keys, count);
                worst = keys.iter().copied().max().unwrap_or(0);
            }
        }
        best(&mut keys, count);
        sort(&mut keys);
        keys.into_iter().map(|key| self.found(key)).collect()
    }

    fn found(&self, key: u64) -> (u32, f32) {
        let at = key as u32 as usize;
        (self.blocks[at / BLOCK].items[at % BLOCK], f32::from_bits(u32::MAX - (key >> 32) as u32))
    }
}

/// Keeps the `count` lowest, in any order.
fn best(keys: &mut Vec<u64>, count: usize) {
    if count < keys.len() {
        kernel::select(keys, count);
        keys.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_first_and_nothing_beyond_a_right_angle() {
        let mut shelf = Shelf::new(2);
        shelf.add(7, &[1.0, 0.0]);
        shelf.add(8, &[0.6, 0.8]);
        shelf.add(9, &[-1.0, 0.0]);
        shelf.add(10, &[]);
        shelf.add(11, &[0.6, 0.8]);
        let found =
            |count| shelf.nearest(&[0.0, 1.0], count).into_iter().map(|(item, _)| item).collect::<Vec<_>>();
        assert_eq!(found(5), [8, 11], "at a right angle nothing is alike");
        assert_eq!(found(1), [8]);
        assert!((shelf.nearest(&[1.0, 0.0], 1)[0].1 - 1.0).abs() < 1e-3);
        assert!(found(0).is_empty());
    }

    #[test]
    fn many_items_are_found_as_by_sorting_them_all() {
        let mut shelf = Shelf::new(3);
        let angle = |item: u32| (item.wrapping_mul(2_654_435_761) >> 20) as f32 / 651.0;
        let vector = |item: u32| [angle(item).cos(), angle(item).sin(), 0.0];
        (0..3 * BLOCK as u32 + 7).for_each(|item| shelf.add(item, &vector(item)));
        let all = shelf.nearest(&[0.6, 0.8, 0.0], usize::MAX);
        assert!(all.len() > BLOCK && all.is_sorted_by(|a, b| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)));
        for count in [0, 1, 10, 700] {
            assert_eq!(shelf.nearest(&[0.6, 0.8, 0.0], count), all[..count]);
        }
        for &(item, cosine) in &all {
            let [x, y, _] = vector(item);
            assert!((0.6 * x + 0.8 * y - cosine).abs() < 0.01, "{item}");
        }
    }
}
