//! The fuzzy graph of nearest neighbours (UMAP, section 3.1).

use crate::product::product;
use ndarray::{Array2, ArrayView1, s};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rows that are compared with all others at once.
const BLOCK: usize = 256;

/// Two items and how surely they belong together, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub ends: [usize; 2],
    pub weight: f32,
}

/// Joins each of the unit `rows` [items, dim] with its `k` nearest by cosine. An edge that both ends have is
/// surer than either has it: a + b - ab.
pub(super) fn graph(rows: &Array2<f32>, k: usize) -> Vec<Edge> {
    let lists: Vec<Vec<(usize, f32)>> = nearest(rows, k).into_iter().map(memberships).collect();
    let mut edges: BTreeMap<[usize; 2], f32> = BTreeMap::new();
    for (item, list) in lists.iter().enumerate() {
        for &(other, weight) in list {
            let edge = edges.entry([item.min(other), item.max(other)]).or_insert(0.0);
            *edge += weight - *edge * weight;
        }
    }
    edges.into_iter().map(|(ends, weight)| Edge { ends, weight }).collect()
}

/// The `k` nearest of each row and how far they are, nearest first.
fn nearest(rows: &Array2<f32>, k: usize) -> Vec<Vec<(usize, f32)>> {
    let items = rows.nrows();
    let blocks: Vec<usize> = (0..items).step_by(BLOCK).collect();
    let found = blocks.into_par_iter().flat_map_iter(|first| {
        let last = (first + BLOCK).min(items);
        let cosines = product(rows.slice(s![first..last, ..]), rows.t());
        (first..last).map(|item| closest(item, cosines.row(item - first), k)).collect::<Vec<_>>()
    });
    found.collect()
}

fn closest(item: usize, cosines: ArrayView1<'_, f32>, k: usize) -> Vec<(usize, f32)> {
    let others = cosines.iter().enumerate().filter(|&(other, _)| other != item);
    // Rounding makes a cosine of 1 a little more.
    let mut others: Vec<(usize, f32)> =
        others.map(|(other, cosine)| (other, (1.0 - cosine).max(0.0))).collect();
    let by_distance = |a: &(usize, f32), b: &(usize, f32)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
    others.select_nth_unstable_by(k - 1, by_distance);
    others.truncate(k);
    others.sort_by(by_distance);
    others
}

/// Distances as memberships: exp(-(distance - that of the nearest) / scale), whose sum is log2(k). So each item
/// has its own unit, and thin regions of the catalogue hold together as dense ones do.
fn memberships(list: Vec<(usize, f32)>) -> Vec<(usize, f32)> {
    let nearest = list[0].1;
    let weight = |distance: f32, scale: f32| libm::expf(-(distance - nearest) / scale);
    let wanted = libm::log2f(list.len() as f32);
    let (mut low, mut high) = (1e-6f32, 1e3f32);
    for _ in 0..64 {
        let scale = (low * high).sqrt();
        let sum: f32 = list.iter().map(|&(_, distance)| weight(distance, scale)).sum();
        if sum > wanted { high = scale } else { low = scale }
    }
    list.into_iter().map(|(other, distance)| (other, weight(distance, high))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_on_a_circle_are_those_beside() {
        let rows = Array2::from_shape_fn((40, 2), |(i, j)| {
            let angle = i as f32 * std::f32::consts::TAU / 40.0;
            [angle.cos(), angle.sin()][j]
        });
        for (item, list) in nearest(&rows, 4).into_iter().enumerate() {
            let mut found: Vec<usize> = list.iter().map(|&(other, _)| other).collect();
            let mut beside: Vec<usize> = [38, 39, 1, 2].iter().map(|step| (item + step) % 40).collect();
            found.sort_unstable();
            beside.sort_unstable();
            assert_eq!(found, beside);
        }
    }

    #[test]
    fn memberships_sum_to_the_logarithm_and_the_nearest_has_all() {
        let list: Vec<(usize, f32)> = (0..16).map(|i| (i, 0.1 + i as f32 * 0.02)).collect();
        let weights: Vec<f32> = memberships(list).iter().map(|entry| entry.1).collect();
        assert_eq!(weights[0], 1.0);
        assert!((weights.iter().sum::<f32>() - 4.0).abs() < 1e-3, "{weights:?}");
        assert!(weights.is_sorted_by(|a, b| a >= b));
    }
}
