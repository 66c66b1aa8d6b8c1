//! The vectors of items, to be searched by meaning.

use foldin_kernel::{self as kernel, PAD, sort};

/// What a query's numbers, which are at most 1, are multiplied with to become whole ones.
const WHOLE: f32 = 16_384.0;

/// Vectors of length 1 in bytes, an item each.
pub struct Shelf {
    dim: usize,
    rows: Vec<i8>,
    scales: Vec<f32>,
    /// What its user calls each item.
    items: Vec<u32>,
}

impl Shelf {
    /// For vectors of `dim` numbers.
    pub fn new(dim: usize) -> Shelf {
        Shelf { dim, rows: Vec::new(), scales: Vec::new(), items: Vec::new() }
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
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
        // A conversion cuts what comes after the point.
        self.rows.extend(vector.iter().map(|v| (v / scale + 0.5f32.copysign(*v)) as i8));
        self.scales.push(scale);
        self.items.push(item);
    }

    /// The nearest `count` items to a vector of length 1 with their cosines, best first; of equals the one that came first.
    /// Those at a right angle or beyond are none of them.
    pub fn nearest(&self, vector: &[f32], count: usize) -> Vec<(u32, f32)> {
        let mut query: Vec<i16> = vector.iter().map(|v| (v * WHOLE) as i16).collect();
        query.resize(query.len().next_multiple_of(PAD), 0);
        let mut sums = vec![0i32; self.len()];
        kernel::int8(&self.rows, self.dim, &query, &mut sums);
        let cosine = |at: usize| sums[at] as f32 * self.scales[at] / WHOLE;
        // Falling cosines, as rising numbers with the place behind them.
        let key = |at: usize| (u64::from(u32::MAX - cosine(at).to_bits()) << 32) | at as u64;
        let mut keys: Vec<u64> = (0..self.len()).filter(|&at| cosine(at) > 0.0).map(key).collect();
        if count < keys.len() {
            kernel::select(&mut keys, count);
            keys.truncate(count);
        }
        sort(&mut keys);
        keys.into_iter().map(|key| key as u32 as usize).map(|at| (self.items[at], cosine(at))).collect()
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
}
