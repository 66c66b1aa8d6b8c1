//! What is given and what is hidden.

use crate::train::{Csr, Interactions};
use foldin::error::{Error, Problem, Result};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// One experiment.
#[derive(Clone, Debug)]
pub struct Fold {
    /// What may be learned from.
    pub train: Interactions,
    /// What the recommender is told of each user, of all that [`Fold::hidden`] has.
    pub given: Interactions,
    /// What it must find, [users, items]; users without are not judged.
    pub hidden: Csr,
}

impl Fold {
    /// The values of all that is known.
    pub fn values(&self) -> impl Iterator<Item = f32> {
        self.train.matrix.values.iter().chain(&self.given.matrix.values).copied()
    }

    /// The users that are judged.
    pub fn users(&self) -> Vec<usize> {
        (0..self.hidden.rows()).filter(|&user| !self.hidden.row(user).0.is_empty()).collect()
    }
}

/// Ways to hide interactions. Shares lie between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Split {
    /// The last interaction of every user who has two or more is hidden: by time, and by place in the file
    /// where there are no times or equal ones.
    LeaveLastOut,
    /// A random share of all interactions is hidden.
    Random {
        /// Of the interactions.
        hidden: f64,
    },
    /// A random share of each user's interactions is hidden, rounded up, but one is always given (as
    /// Microsoft's benchmark of recommenders does).
    Stratified {
        /// Of a user's interactions.
        hidden: f64,
    },
    /// All interactions in turn, in `folds` parts.
    KFold {
        /// 2 or more.
        folds: usize,
    },
    /// Strong generalisation: a random share of the users is kept out of training; of each one's interactions
    /// a random share is given and the rest hidden, at least one of each (Marlin, "Collaborative filtering: a
    /// machine learning perspective", 2004; Liang et al., "Variational autoencoders for collaborative
    /// filtering", 2018, section 4.1). Users with one interaction only are not judged.
    Strong {
        /// Of the users.
        users: f64,
        /// Of a judged user's interactions.
        given: f64,
    },
}

impl Split {
    /// The name in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Split::LeaveLastOut => "leave-last-out",
            Split::Random { .. } => "random",
            Split::Stratified { .. } => "stratified",
            Split::KFold { .. } => "k-fold",
            Split::Strong { .. } => "strong",
        }
    }

    /// Splits `interactions`; the same seed gives the same folds.
    ///
    /// # Errors
    /// [`Problem::Argument`] for a number outside its range; [`Problem::Data`] when nothing would be left to learn
    /// from or to find.
    pub fn folds(self, interactions: &Interactions, seed: u64) -> Result<Vec<Fold>> {
        self.check()?;
        interactions.check()?;
        let entries = interactions.matrix.entries();
        let folds = match self {
            Split::LeaveLastOut => vec![hide(interactions, &last_of_each(interactions))],
            Split::Random { hidden } => {
                let order = shuffled(entries, seed);
                vec![hide(interactions, &marked(entries, &order[..share(hidden, entries)]))]
            }
            Split::Stratified { hidden } => {
                vec![hide(interactions, &share_of_each(interactions, hidden, seed))]
            }
            Split::KFold { folds } => {
                let order = shuffled(entries, seed);
                let part = |fold| &order[fold * entries / folds..(fold + 1) * entries / folds];
                (0..folds).map(|fold| hide(interactions, &marked(entries, part(fold)))).collect()
            }
            Split::Strong { users, given } => vec![strong(interactions, users, given, seed)],
        };
        match folds.iter().any(|fold| fold.train.matrix.entries() == 0 || fold.hidden.entries() == 0) {
            true => Err(Problem::Data {
                place: "interactions".into(),
                problem: format!("the {} split leaves nothing to learn from or nothing to find", self.name()),
                remedy: "give more interactions, or choose another split".into(),
            }
            .into()),
            false => Ok(folds),
        }
    }

    fn check(self) -> Result<()> {
        let share = |field, value: f64| match value > 0.0 && value < 1.0 {
            true => Ok(()),
            false => Err(Error::argument(field, "a share between 0 and 1", value)),
        };
        match self {
            Split::LeaveLastOut => Ok(()),
            Split::Random { hidden } | Split::Stratified { hidden } => share("test-share", hidden),
            Split::KFold { folds: 0 | 1 } => Err(Error::argument("folds", "2 or more", "fewer")),
            Split::KFold { .. } => Ok(()),
            Split::Strong { users, given } => {
                share("test-share", users).and_then(|()| share("given-share", given))
            }
        }
    }
}

/// A fold of all users in which the marked entries are hidden and the others given and learned from.
fn hide(interactions: &Interactions, hidden: &[bool]) -> Fold {
    let train = interactions.filter(|entry| !hidden[entry]);
    Fold { given: train.clone(), hidden: interactions.filter(|entry| hidden[entry]).matrix, train }
}

fn last_of_each(interactions: &Interactions) -> Vec<bool> {
    let Interactions { matrix, times, order, .. } = interactions;
    let mut hidden = vec![false; matrix.entries()];
    for span in matrix.offsets.windows(2).map(|ends| ends[0]..ends[1]).filter(|span| span.len() > 1) {
        let time = |entry: usize| times.as_ref().map_or(0.0, |times| times[entry]);
        let last = span.max_by(|&a, &b| time(a).total_cmp(&time(b)).then(order[a].cmp(&order[b])));
        last.into_iter().for_each(|entry| hidden[entry] = true);
    }
    hidden
}

fn share_of_each(interactions: &Interactions, share: f64, seed: u64) -> Vec<bool> {
    let mut hidden = vec![false; interactions.matrix.entries()];
    for (user, ends) in interactions.matrix.offsets.windows(2).enumerate() {
        let order = shuffled(ends[1] - ends[0], seed_of(user, seed));
        let count = (share * order.len() as f64).ceil() as usize;
        order.iter().skip(1).take(count).for_each(|at| hidden[ends[0] + at] = true);
    }
    hidden
}

fn strong(interactions: &Interactions, users: f64, given: f64, seed: u64) -> Fold {
    let matrix = &interactions.matrix;
    let order = shuffled(interactions.users(), seed);
    let unseen = marked(interactions.users(), &order[..share(users, order.len())]);
    let nothing = || vec![false; matrix.entries()];
    let (mut is_seen, mut is_given, mut is_hidden) = (nothing(), nothing(), nothing());
    for (user, &unseen) in unseen.iter().enumerate() {
        let (first, end) = (matrix.offsets[user], matrix.offsets[user + 1]);
        if !unseen {
            is_seen[first..end].fill(true);
            continue;
        }
        let order = shuffled(end - first, seed_of(user, seed));
        let count = share(given, order.len()).min(order.len().saturating_sub(1)).max(1);
        if order.len() > 1 {
            order[..count].iter().for_each(|at| is_given[first + at] = true);
            order[count..].iter().for_each(|at| is_hidden[first + at] = true);
        }
    }
    Fold {
        train: without_empty_users(interactions.filter(|entry| is_seen[entry])),
        given: interactions.filter(|entry| is_given[entry]),
        hidden: interactions.filter(|entry| is_hidden[entry]).matrix,
    }
}

fn without_empty_users(mut interactions: Interactions) -> Interactions {
    let offsets = &mut interactions.matrix.offsets;
    let filled: Vec<bool> = offsets.windows(2).map(|ends| ends[0] < ends[1]).collect();
    let mut filled_user = filled.iter();
    interactions.user_ids.retain(|_| filled_user.next().copied().unwrap_or_default());
    offsets.dedup();
    let mut rows = 0;
    let row_of = filled.iter().map(|&is_filled| {
        rows += u32::from(is_filled);
        rows.saturating_sub(1)
    });
    let row_of: Vec<u32> = row_of.collect();
    interactions.repeats.iter_mut().for_each(|repeat| repeat.user = row_of[repeat.user as usize]);
    interactions
}

fn share(of: f64, count: usize) -> usize {
    (of * count as f64).round() as usize
}

fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    order
}

/// A seed of a user's own.
fn seed_of(user: usize, seed: u64) -> u64 {
    seed.wrapping_add(1 + user as u64)
}

fn marked(count: usize, positions: &[usize]) -> Vec<bool> {
    let mut marks = vec![false; count];
    positions.iter().for_each(|&position| marks[position] = true);
    marks
}
