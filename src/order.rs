//! Sorting, once for every room: a sort of each type of value would weigh more in the browser than all else.

/// Positions of `keys` by falling key; of equal ones the first comes first.
pub fn by_falling(keys: impl IntoIterator<Item = f32>) -> impl Iterator<Item = usize> {
    by_rising(keys.into_iter().map(|key| !rank(key)))
}

/// Positions of `keys` by rising key; of equal ones the first comes first.
pub fn by_rising(keys: impl IntoIterator<Item = u32>) -> impl Iterator<Item = usize> {
    sorted((0..).zip(keys).map(|(position, key)| u64::from(key) << 32 | position).collect())
        .map(|entry| entry as u32 as usize)
}

/// `values` in rising order.
pub fn rising(values: impl IntoIterator<Item = u32>) -> Vec<u32> {
    sorted(values.into_iter().map(u64::from).collect()).map(|value| value as u32).collect()
}

/// By the heap that keeps the best of a search too; no faster sort is worth its bytes here.
fn sorted(mut entries: Vec<u64>) -> std::vec::IntoIter<u64> {
    foldin_kernel::sort(&mut entries);
    entries.into_iter()
}

/// Bits that as an integer have the order of [`f32::total_cmp`].
fn rank(key: f32) -> u32 {
    let bits = key.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_a_stable_sort(keys in prop::collection::vec(prop::num::f32::ANY, 0..50)) {
            let mut wanted: Vec<usize> = (0..keys.len()).collect();
            wanted.sort_by(|&a, &b| keys[b].total_cmp(&keys[a]));
            prop_assert_eq!(by_falling(keys).collect::<Vec<_>>(), wanted);
        }
    }
}
