//! What candidates learn from, and what they are to find.

use super::Request;
use crate::evaluate::{Fold, Split};
use crate::train::{Csr, Interactions};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Users who are judged, at most: the standard error of NDCG@10 is then below 0.006.
const MOST_USERS: usize = 4000;

/// Rounded up to one of each user's.
const ONE_OF_EACH: f64 = 1e-9;

/// One interaction of each user.
#[derive(Debug)]
pub struct HeldOut {
    pub fold: Fold,
    /// Who are judged.
    pub users: usize,
}

/// What is held out, in words.
pub fn describe(interactions: &Interactions, ordered: bool) -> &'static str {
    match (&interactions.times, ordered) {
        (_, false) => "a random interaction of each user",
        (Some(_), true) => "each user's last interaction by time",
        (None, true) => "each user's last interaction in the file",
    }
}

impl HeldOut {
    /// None where no user has two interactions.
    pub fn new(interactions: &Interactions, ordered: bool, request: &Request) -> Option<HeldOut> {
        let &Request { most_interactions: most, seed, .. } = request;
        let whole = interactions.matrix.entries() <= most;
        let sample = if whole { None } else { Some(sample(interactions, most, seed)) };
        let split = if ordered { Split::LeaveLastOut } else { Split::Stratified { hidden: ONE_OF_EACH } };
        let mut fold = split.folds(sample.as_ref().unwrap_or(interactions), seed).ok()?.pop()?;
        let users = fold.users();
        let judged: Vec<usize> =
            users.iter().copied().step_by(users.len().div_ceil(MOST_USERS).max(1)).collect();
        fold.hidden = only(&fold.hidden, &judged);
        Some(HeldOut { fold, users: judged.len() })
    }

    /// Pairs of items of one user, over all users.
    pub fn pairs(&self) -> u64 {
        self.fold.train.matrix.offsets.windows(2).map(|ends| ((ends[1] - ends[0]) as u64).pow(2)).sum()
    }
}

/// All that users drawn at random did; about as much as may be.
fn sample(interactions: &Interactions, most: usize, seed: u64) -> Interactions {
    let offsets = &interactions.matrix.offsets;
    let mut order: Vec<usize> = (0..interactions.users()).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let mut keeps = vec![false; interactions.matrix.entries()];
    let mut room = most;
    for user in order {
        let span = offsets[user]..offsets[user + 1];
        if span.len() <= room {
            room -= span.len();
            keeps[span].fill(true);
        }
    }
    interactions.filter(|at| keeps[at])
}

/// The rows of `users`, which rise; the others empty.
fn only(hidden: &Csr, users: &[usize]) -> Csr {
    let mut kept = Csr { offsets: vec![0], ..Csr::default() };
    let mut users = users.iter().copied().peekable();
    for user in 0..hidden.rows() {
        if users.next_if_eq(&user).is_some() {
            let (columns, values) = hidden.row(user);
            kept.columns.extend_from_slice(columns);
            kept.values.extend_from_slice(values);
        }
        kept.offsets.push(kept.columns.len());
    }
    kept
}
