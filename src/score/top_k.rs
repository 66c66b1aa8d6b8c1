//! The best k of a stream of scores.

use super::Scored;
use foldin_kernel as kernel;

/// Keeps the best `k` of what it is offered, and until the end some more. Of equal scores the item in the lower row is
/// the better one.
#[derive(Debug)]
pub(crate) struct TopK {
    k: usize,
    /// Of [`demerit`]: the best, and of what came since they were selected last all that may be among them.
    kept: Vec<u64>,
    threshold: f32,
}

impl TopK {
    pub(crate) fn new(k: usize) -> TopK {
        // Grown as it fills: `k` comes from a caller and may be far more than there are items.
        TopK { k, kept: Vec::new(), threshold: if k == 0 { f32::INFINITY } else { f32::NEG_INFINITY } }
    }

    /// The score that a row after all those offered must exceed. Comparing with it first keeps nearly every
    /// row away from here.
    pub(crate) fn threshold(&self) -> f32 {
        self.threshold
    }

    /// Takes a finite score.
    pub(crate) fn push(&mut self, item: u32, score: f32) {
        self.kept.push(demerit(item, score));
        // Whoever else is asked about a row is asked about few.
        if self.kept.len() == self.k.saturating_mul(2).saturating_add(32) {
            self.settle();
        }
    }

    /// Raises the threshold, once enough have come: to select a quarter too many at once costs as little for each of
    /// them as a heap would, and to do nothing while they come costs less.
    pub(crate) fn settle(&mut self) {
        let some = if self.threshold == f32::NEG_INFINITY { 0 } else { self.k / 4 };
        if self.kept.len() > self.k.saturating_add(some) {
            self.select();
            self.threshold = scored(self.kept[self.k - 1]).score;
        }
    }

    /// Drops all but the best, the worst of which comes last.
    fn select(&mut self) {
        if self.kept.len() > self.k {
            kernel::select(&mut self.kept, self.k - 1);
            self.kept.truncate(self.k);
        }
    }

    /// Best first.
    pub(crate) fn into_ranking(mut self) -> Vec<Scored> {
        self.select();
        kernel::sort(&mut self.kept);
        self.kept.into_iter().map(scored).collect()
    }
}

/// An item with its score as one number that is smaller for the better: nothing else is compared.
fn demerit(item: u32, score: f32) -> u64 {
    // Adding zero turns -0 into 0, so that the two tie.
    let bits = (score + 0.0).to_bits();
    u64::from(!(bits ^ flips(!bits))) << 32 | u64::from(item)
}

fn scored(demerit: u64) -> Scored {
    let ordered = !((demerit >> 32) as u32);
    Scored { item: demerit as u32, score: f32::from_bits(ordered ^ flips(ordered)) }
}

/// The bits in which a float differs from the unsigned number that is ordered alike: the sign of a positive
/// one, all of a negative one. `ordered` has its top bit set for a positive one.
fn flips(ordered: u32) -> u32 {
    if ordered >> 31 == 1 { 1 << 31 } else { u32::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn best(k: usize, scores: &[f32]) -> Vec<(u32, f32)> {
        let mut top = TopK::new(k);
        for (item, &score) in scores.iter().enumerate() {
            if score > top.threshold() {
                top.push(item as u32, score);
            }
            top.settle();
        }
        top.into_ranking().into_iter().map(|scored| (scored.item, scored.score)).collect()
    }

    #[test]
    fn ties_go_to_the_lower_row() {
        assert_eq!(best(2, &[1.0, -0.0, 0.0, 1.0, 1.0]), [(0, 1.0), (3, 1.0)]);
        assert_eq!(best(2, &[-0.0, 0.0, 0.0]), [(0, 0.0), (1, 0.0)]);
    }

    #[test]
    fn asks_for_more_than_there_is_or_for_nothing() {
        assert_eq!(best(usize::MAX, &[1.0, 2.0]), [(1, 2.0), (0, 1.0)]);
        assert_eq!(best(0, &[1.0]), []);
    }

    proptest! {
        #[test]
        fn equals_a_stable_sort(scores in prop::collection::vec(-4i8..4, 0..60), k in 0usize..70) {
            let scores: Vec<f32> = scores.into_iter().map(f32::from).collect();
            let mut sorted: Vec<(u32, f32)> = (0..).zip(scores.iter().copied()).collect();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
            sorted.truncate(k);
            prop_assert_eq!(best(k, &scores), sorted);
        }
    }
}
