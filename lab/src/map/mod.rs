//! A map of the items (native): a place in the plane for each, such that items with the same admirers lie
//! together. For people to look at; nothing is scored with it.
//!
//! UMAP (McInnes, Healy and Melville 2018): a fuzzy graph of nearest neighbours by cosine, laid out by
//! attraction along its edges and repulsion from items drawn by chance, started from the two principal axes.
//! The crates that do this draw from a hidden generator; a model must be the same for the same seed.

mod layout;
mod neighbours;
mod principal;

use ndarray::{Array2, ArrayView2};

/// Neighbours of each item. More make the map smoother, fewer tear it into smaller islands.
const NEIGHBOURS: usize = 30;
/// Larger catalogues are mapped by their principal axes alone: each item is compared with each.
const MOST: usize = 20_000;

/// A place for each of the `factors` [items, dim], the middle at 0 and the farthest coordinate at 1. The same
/// seed gives the same map.
pub fn places(factors: ArrayView2<'_, f32>, seed: u64) -> Vec<[f32; 2]> {
    let directions = unit(factors);
    let start = principal::axes(directions.view());
    let items = factors.nrows();
    let places = match items > NEIGHBOURS && items <= MOST {
        true => layout::lay_out(&neighbours::graph(&directions, NEIGHBOURS), start, seed),
        false => start,
    };
    fitted(places)
}

/// Rows of length 1, as direction says what an item is like and length how popular it is. A row of zeros stays.
fn unit(factors: ArrayView2<'_, f32>) -> Array2<f32> {
    let mut rows = factors.to_owned();
    for mut row in rows.rows_mut() {
        let norm = row.dot(&row).sqrt();
        if norm > 0.0 {
            row /= norm;
        }
    }
    rows
}

/// Moves the middle to 0 and the farthest coordinate to 1.
fn fitted(mut places: Array2<f32>) -> Vec<[f32; 2]> {
    for mut axis in places.columns_mut() {
        let low = axis.fold(f32::INFINITY, |low, &v| low.min(v));
        let high = axis.fold(f32::NEG_INFINITY, |high, &v| high.max(v));
        axis -= low / 2.0 + high / 2.0;
    }
    let farthest = places.fold(0.0f32, |most, v| most.max(v.abs()));
    let unit = if farthest > 0.0 { 1.0 / farthest } else { 0.0 };
    places.rows().into_iter().map(|place| [place[0] * unit, place[1] * unit]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four kinds of items, 40 of each, around four directions of 8 dimensions.
    fn kinds() -> Array2<f32> {
        Array2::from_shape_fn((160, 8), |(item, j)| {
            let own = if j == item % 4 { 4.0 } else { 0.0 };
            own + ((item * 31 + j * 17) % 13) as f32 / 13.0
        })
    }

    fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
        f32::hypot(a[0] - b[0], a[1] - b[1])
    }

    #[test]
    fn items_of_a_kind_lie_nearest_to_each_other() {
        let places = places(kinds().view(), 1);
        for item in 0..160 {
            let mut others: Vec<usize> = (0..160).filter(|&other| other != item).collect();
            let near = |other: usize| distance(places[item], places[other]);
            others.sort_by(|&a, &b| near(a).total_cmp(&near(b)));
            let own = others[..10].iter().filter(|&&other| other % 4 == item % 4).count();
            assert!(own >= 9, "item {item}: {own} of 10");
        }
    }

    #[test]
    fn the_map_fills_its_square_and_is_the_same_for_the_same_seed() {
        let first = places(kinds().view(), 1);
        assert_eq!(first, places(kinds().view(), 1));
        assert_ne!(first, places(kinds().view(), 2));
        let farthest = first.iter().flatten().fold(0.0f32, |most, v| most.max(v.abs()));
        assert!((farthest - 1.0).abs() < 1e-6, "{farthest}");
    }

    #[test]
    fn few_items_equal_items_and_items_of_zeros_have_places_too() {
        let three = kinds().slice_move(ndarray::s![..3, ..]);
        for factors in [Array2::zeros((40, 3)), Array2::ones((40, 3)), three, Array2::ones((1, 1))] {
            let places = places(factors.view(), 1);
            assert_eq!(places.len(), factors.nrows());
            assert!(places.iter().flatten().all(|v| v.is_finite()), "{places:?}");
        }
    }
}
