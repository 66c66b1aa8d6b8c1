//! Beyond accuracy: how new, how different and how well spread the recommended items are.

use crate::train::{Csr, Interactions};

/// What the training interactions say of the items.
#[derive(Debug)]
pub struct Items {
    /// Self-information of each item in bits, [items].
    surprise: Vec<f64>,
    /// [items, users]
    users_of: Csr,
    users: usize,
}

impl Items {
    /// Looks the training interactions through.
    pub fn new(train: &Interactions) -> Items {
        let users = train.users();
        let surprise = |count: u32| (users.max(1) as f64 / f64::from(count.max(1))).log2();
        Items {
            surprise: train.item_counts().into_iter().map(surprise).collect(),
            users_of: train.matrix.transpose(train.items()),
            users,
        }
    }

    /// Novelty: the mean over the list of log2(users / users who had the item in training), in bits; an item
    /// that nobody had counts as one that one user had (Zhou et al., "Solving the apparent diversity-accuracy
    /// dilemma of recommender systems", 2010). None for an empty list.
    pub fn novelty(&self, list: &[u32]) -> Option<f64> {
        let sum: f64 = list.iter().map(|&item| self.surprise[item as usize]).sum();
        (!list.is_empty()).then(|| sum / list.len() as f64)
    }

    /// Intra-list diversity: the mean over pairs of items of 1 - cosine of the sets of users who had them in
    /// training (Ziegler et al., "Improving recommendation lists through topic diversification", 2005). One
    /// value for each cutoff of `ks`, which rise; None where fewer than 2 items are.
    ///
    /// With unit vectors v, the cosines of all pairs add up to (|sum of v|^2 - sum of |v|^2) / 2, so that no
    /// pair needs to be looked at.
    pub fn diversity(&self, list: &[u32], ks: &[usize], scratch: &mut Scratch) -> Vec<Option<f64>> {
        let sum = &mut scratch.0;
        sum.resize(self.users, 0.0);
        let (mut square_of_sum, mut squares, mut taken) = (0.0, 0.0, 0);
        let mut values = Vec::with_capacity(ks.len());
        for &k in ks {
            for &item in &list[taken..k.min(list.len()).max(taken)] {
                let (users, _) = self.users_of.row(item as usize);
                let entry = 1.0 / (users.len().max(1) as f64).sqrt();
                for &user in users {
                    let total = &mut sum[user as usize];
                    square_of_sum += (*total + *total + entry) * entry;
                    *total += entry;
                }
                squares += f64::from(u8::from(!users.is_empty()));
                taken += 1;
            }
            let pairs = (taken * taken.saturating_sub(1)) as f64;
            values.push((pairs > 0.0).then(|| 1.0 - (square_of_sum - squares) / pairs));
        }
        for &item in &list[..taken] {
            self.users_of.row(item as usize).0.iter().for_each(|&user| sum[user as usize] = 0.0);
        }
        values
    }
}

/// Memory that [`Items::diversity`] uses again for the next user; zeros in between.
#[derive(Debug, Default)]
pub struct Scratch(Vec<f64>);

/// Catalogue coverage: the share of all items that are recommended to anybody, from how often each is (Ge,
/// Delgado-Battenfeld and Jannach, "Beyond accuracy", 2010).
pub fn coverage(times_recommended: &[u32]) -> f64 {
    let recommended = times_recommended.iter().filter(|&&times| times > 0).count();
    recommended as f64 / times_recommended.len() as f64
}

/// Gini coefficient of how often each item is recommended: 0 if all equally often, near 1 if always the same
/// ones. With p the shares in rising order and n items, 1/(n - 1) times the sum over j of (2j - n - 1) p_j
/// (Shani and Gunawardana, "Evaluating recommendation systems", 2011, section 3.3).
pub fn gini(times_recommended: &[u32]) -> f64 {
    let mut times = times_recommended.to_vec();
    times.sort_unstable();
    let n = times.len() as f64;
    let total: f64 = times.iter().map(|&t| f64::from(t)).sum();
    let weighted: f64 = (1..).zip(&times).map(|(j, &t)| (2.0 * f64::from(j) - n - 1.0) * f64::from(t)).sum();
    if total > 0.0 && n > 1.0 { weighted / ((n - 1.0) * total) } else { 0.0 }
}
