//! What is bought together, learned from baskets: complements of an item, where its neighbours are its substitutes.

use crate::evaluate::baselines::ItemKnn;
use crate::train::Interactions;
use foldin::model::Together;
use std::collections::HashMap;

/// How many others an item keeps: five bytes each in the model file.
const OTHERS: usize = 10;

/// Of each item the ten that shared most baskets with it, for how many there are of either: the shrunk cosine of
/// [`ItemKnn`], whose users are baskets here, in 255ths of the greatest. `items` are the model's ids; baskets' other
/// items count for nothing.
pub fn together(baskets: &Interactions, items: &[String]) -> Together {
    let rows: HashMap<&str, u32> = items.iter().map(String::as_str).zip(0..).collect();
    let nearest = ItemKnn { neighbours: usize::MAX, shrinkage: 5.0 }.nearest(baskets);
    let greatest = nearest.iter().flatten().map(|other| other.1).fold(f32::MIN_POSITIVE, f32::max);
    let mut together = Together(vec![Vec::new(); items.len()]);
    for (id, others) in baskets.item_ids.iter().zip(nearest) {
        let Some(&row) = rows.get(id.as_str()) else { continue };
        let known = |(other, weight): (u32, f32)| {
            let row = *rows.get(baskets.item_ids[other as usize].as_str())?;
            Some((row, weight))
        };
        let mut others: Vec<(u32, f32)> = others.into_iter().filter_map(known).collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        others.truncate(OTHERS);
        let rounded = |(other, weight): (u32, f32)| (other, (255.0 * weight / greatest).ceil() as u8);
        together.0[row as usize] = others.into_iter().map(rounded).collect();
    }
    together
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_shares_most_baskets_comes_first_and_what_is_in_all_counts_less() {
        // Tea with milk four times, tea with a bag four times; the bag is in every basket.
        let mut entries = Vec::new();
        for basket in 0..12 {
            entries.push((basket, 2, 1.0));
            if basket < 4 {
                entries.extend([(basket, 0, 1.0), (basket, 1, 1.0)]);
            }
        }
        let baskets = Interactions::from_entries(
            (0..12).map(|basket| basket.to_string()).collect(),
            ids(&["tea", "milk", "bag"]),
            &entries,
            None,
        );
        let together = together(&baskets, &ids(&["bag", "tea", "salt", "milk"]));
        let [bag, tea, salt, milk] = &together.0[..] else { panic!("{together:?}") };
        assert_eq!(tea.iter().map(|other| other.0).collect::<Vec<_>>(), [3, 0]);
        assert_eq!((tea[0].1, milk[0]), (255, (1, 255)));
        // 4 / (sqrt(4 x 12) + 5) against 4 / (4 + 5).
        let share = (4.0 / (48f64.sqrt() + 5.0)) / (4.0 / 9.0);
        assert_eq!(tea[1].1, (255.0 * share).ceil() as u8);
        assert!(salt.is_empty() && bag.len() == 2);
    }
}
