//! Implicit alternating least squares.
//!
//! Minimises, over the vectors `p` of users and `q` of items,
//!
//! ```text
//!   sum_u s_u ( sum over observed i of w (y - p.q)^2  +  alpha0 sum over all i of c_i (p.q)^2
//!               + lambda (W_u + alpha0 items)^nu |p_u|^2 )
//! + lambda sum_i (W_i + alpha0 c_i users)^nu |q_i|^2
//! ```
//!
//! with `y = 1`, the weight `w` of an interaction, `W_u` the sum of a user's weights, `W_i` that of an item's times `s`,
//! `c` 1 or, with an exponent, growing with the item's popularity (He et al., "Fast matrix factorization for online
//! recommendation with implicit feedback", 2016, section 4.1), and `s` 1 or, with an exponent, falling with the user's
//! activity, which is for the items alone: no user's solution changes with it. Hu, Koren and Volinsky, "Collaborative
//! filtering for implicit feedback datasets" (2008), in the form of Rendle, Krichene, Zhang and Koren, "Revisiting the
//! performance of iALS on item recommendation benchmarks" (2021).
//!
//! Content, where it is given, joins as further users: a feature, say a genre, has its items, each weighing as much as it
//! has of the feature, and `s` is for all features the same. It draws items of a kind together, and no user's solution
//! changes with it either. This is collective matrix factorisation (Singh and Gordon, "Relational learning via
//! collective matrix factorization", 2008) of users by items and features by items, with one loss for both.
//!
//! A half-sweep moves all vectors of one side while the other side's are fixed: to the minimum
//! ([`Solver::Exact`]), or towards it, which costs far less where vectors are long and ends at the same
//! quality: a block of coordinates after the other ([`Solver::Blocks`], Rendle et al., "iALS++: speeding up
//! matrix factorization with subspace optimization", 2021) or a step down the gradient in axes that suit it
//! ([`Solver::Gradients`]). An exact training ends with the users, so that folding in the history of a
//! training user gives that user's vector.

use super::blocks::Blocks;
use super::gradients::Gradients;
use super::row::{Row, Side};
use super::vector::TILE;
use super::{Csr, Epoch, Interactions, Observer, Snapshot, Trained, axes, gram, init, ranges};
use crate::parallel;
use foldin::error::{Error, Problem, Result};
use foldin::model::{Algorithm, POPULARITY_EXPONENT, Recipe, popularity_weights};
use ndarray::{Array2, ArrayView2, s};
use std::borrow::Cow;

/// How a half-sweep moves a vector.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// To the minimum: dim^2 / 2 multiplications an interaction, dim^3 / 6 a vector.
    Exact,
    /// Blocks of 16 coordinates, each to its minimum: 10 dim multiplications an interaction.
    Blocks,
    /// One preconditioned step down the gradient: 3 dim multiplications an interaction.
    Gradients,
}

impl Solver {
    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Solver::Exact => "exact",
            Solver::Blocks => "blocks",
            Solver::Gradients => "gradients",
        }
    }
}

/// Hyperparameters of iALS.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Length of a vector, 1 to 4096.
    pub dim: usize,
    /// Sweeps over items and users, at least 1.
    pub epochs: usize,
    /// alpha0: the weight of every pair, observed or not; 0 or more.
    pub unobserved_weight: f32,
    /// How far the unobserved weight grows with an item's frequency, 0 to 1: `c` is proportional to
    /// `(interactions + 1)^popularity_exponent`, 1 on average.
    pub popularity_exponent: f32,
    /// How far a user's part of the objective falls with their activity, 0 to 1: `s` is proportional to
    /// `(interactions + 1)^-activity_exponent`, 1 on average.
    pub activity_exponent: f32,
    /// lambda, 0 or more.
    pub regularization: f32,
    /// nu: how far regularisation grows with a user's or an item's frequency, 0 to 2.
    pub frequency_exponent: f32,
    /// An interaction of value `v` weighs `1 + confidence x v`; 0 or more.
    pub confidence: f32,
    /// How a half-sweep moves a vector.
    pub solver: Solver,
    /// Of the first vectors.
    pub seed: u64,
    /// What is known of the items, [features, items]: how much of a feature an item has, 0 or more. No rows: nothing.
    pub content: Csr,
    /// How much a feature counts, where a user counts 1 on average; 0: content is not learned from.
    pub content_weight: f32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dim: 64,
            epochs: 16,
            unobserved_weight: 0.3,
            popularity_exponent: 0.0,
            activity_exponent: 0.0,
            regularization: 0.01,
            frequency_exponent: 1.0,
            confidence: 0.0,
            solver: Solver::Gradients,
            seed: 1,
            content: Csr::default(),
            content_weight: 0.0,
        }
    }
}

impl Options {
    /// Whether some interactions weigh more than others.
    fn is_weighted(&self) -> bool {
        self.confidence > 0.0 || self.activity_exponent > 0.0 || self.features().is_some()
    }

    /// The content, where it is learned from.
    fn features(&self) -> Option<&Csr> {
        (self.content_weight > 0.0 && self.content.rows() > 0).then_some(&self.content)
    }

    /// Refuses what lies outside the ranges.
    fn check(&self, interactions: &Interactions) -> Result<()> {
        interactions.check()?;
        ranges::size(self.dim, self.epochs)?;
        ranges::number("unobserved-weight", self.unobserved_weight, 1e6)?;
        ranges::number("regularization", self.regularization, 1e6)?;
        ranges::number("exponent", self.frequency_exponent, 2.0)?;
        ranges::number("confidence", self.confidence, 1e6)?;
        ranges::number("popularity-exponent", self.popularity_exponent, 1.0)?;
        ranges::number("activity-exponent", self.activity_exponent, 1.0)?;
        ranges::number("content-weight", self.content_weight, 1e6)?;
        let items = interactions.items();
        if self.content.columns.iter().any(|&item| item as usize >= items) {
            return Err(Error::argument("content", format!("items below {items}"), "others"));
        }
        if self.content.values.iter().any(|value| !(value.is_finite() && *value >= 0.0)) {
            return Err(Error::argument("content", "finite values of 0 or more", "others"));
        }
        if self.solver == Solver::Gradients && self.regularization == 0.0 {
            let expected = "above 0 with the solver `gradients`; `exact` takes 0";
            return Err(Error::argument("regularization", expected, 0));
        }
        let least = interactions.matrix.values.iter().copied().fold(f32::INFINITY, f32::min);
        if self.confidence > 0.0 && least < 0.0 {
            return Err(Error::argument("confidence", "values of 0 or more to weigh by", least));
        }
        Ok(())
    }
}

/// One side's interactions, and what does not change while training.
struct Sweep<'a> {
    /// The value of an interaction is what it weighs more than 1; there are none where all weigh that.
    observed: Cow<'a, Csr>,
    weighted: bool,
    /// [rows of `observed`]
    ridges: Vec<f32>,
    /// What the unobserved weight is multiplied by, [rows of `observed`] and [others]; 1 where there is nothing.
    of_rows: Option<&'a [f32]>,
    of_others: Option<&'a [f32]>,
    options: &'a Options,
}

impl<'a> Sweep<'a> {
    /// For rows whose interactions are `observed`, where those of the other side count `others` together.
    fn new(
        observed: Cow<'a, Csr>,
        others: f32,
        [of_rows, of_others]: [Option<&'a [f32]>; 2],
        options: &'a Options,
    ) -> Self {
        let weighted = options.is_weighted();
        let mut sweep = Sweep { observed, weighted, ridges: Vec::new(), of_rows, of_others, options };
        let ridge = |number| {
            let row = sweep.row(number, 0.0);
            let frequency = row.weight() + options.unobserved_weight * row.unobserved * others;
            options.regularization * libm::powf(frequency, options.frequency_exponent)
        };
        sweep.ridges = (0..sweep.observed.rows()).map(ridge).collect();
        sweep
    }

    /// Rows of which each counts `shares` as much, their regularisation too: their solutions are as without.
    fn shared(mut self, shares: Option<&[f32]>) -> Self {
        let exponent = 1.0 - self.options.frequency_exponent;
        for (ridge, share) in self.ridges.iter_mut().zip(shares.unwrap_or_default()) {
            *ridge *= libm::powf(*share, exponent);
        }
        self
    }

    fn row(&self, number: usize, ridge: f32) -> Row<'_> {
        let span = self.observed.offsets[number]..self.observed.offsets[number + 1];
        let excess = if self.weighted { &self.observed.values[span.clone()] } else { &[] };
        let unobserved = self.of_rows.map_or(1.0, |weights| weights[number]);
        Row { columns: &self.observed.columns[span], excess, unobserved, ridge }
    }

    /// Moves the vectors `rows`, [any, n], while those of the other side stay fixed. Returns the sum of the rows'
    /// losses.
    fn half(&self, rows: &mut Array2<f32>, fixed: &Array2<f32>) -> f64 {
        let n = fixed.ncols();
        let side = &Side::new(flat(fixed), n, self.options.unobserved_weight, self.of_others);
        let row = |number| self.row(number, self.ridges[number]);
        let by_blocks = |rows: &mut Array2<f32>, width| {
            let make = || Blocks::new(width);
            parallel::map_tasks(flat_mut(rows), n, make, |first, rows, room| {
                let vectors = rows.chunks_exact_mut(n).zip(first..);
                vectors.map(|(vector, number)| room.improve(side, &row(number), vector)).sum()
            })
        };
        let losses: Vec<f64> = match self.options.solver {
            Solver::Exact => {
                rows.fill(0.0);
                by_blocks(rows, n)
            }
            Solver::Blocks => by_blocks(rows, TILE),
            Solver::Gradients => {
                parallel::map_tasks(flat_mut(rows), n, Gradients::default, |first, rows, room| {
                    room.improve(side, rows, |number| row(first + number))
                })
            }
        };
        losses.into_iter().sum()
    }

    /// Regularisation of the vectors `rows`.
    fn penalty(&self, rows: &Array2<f32>) -> f64 {
        rows.rows().into_iter().zip(&self.ridges).map(|(v, ridge)| f64::from(ridge * v.dot(&v))).sum()
    }
}

fn flat_mut(rows: &mut Array2<f32>) -> &mut [f32] {
    rows.as_slice_mut().expect("made in standard layout")
}

fn flat(rows: &Array2<f32>) -> &[f32] {
    rows.as_slice().expect("made in standard layout")
}

/// Epochs after which all is turned to the axes of the users' Gram matrix, which hardly change later.
const TURNS: usize = 2;

/// Learns vectors of users and items.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used,
/// [`Problem::Diverged`] should a number be not finite after all.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let (count_users, count_items) = (interactions.users(), interactions.items());
    let popularity = popularity_weights(&interactions.item_counts(), options.popularity_exponent);
    let shares = shares(interactions, options);
    let (popularity, shares) = (popularity.as_deref(), shares.as_deref());
    let by_user = match options.is_weighted() {
        true => Cow::Owned(excess(&interactions.matrix, options, shares)),
        false => Cow::Borrowed(&interactions.matrix),
    };
    let by_item = match options.is_weighted() {
        true => by_user.transpose(count_items),
        false => by_user.transpose_pattern(count_items),
    };
    let features = by_user.rows() - count_users;
    let all = count_users as f32 + options.content_weight * features as f32;
    let for_users = Sweep::new(by_user, count_items as f32, [shares, popularity], options).shared(shares);
    let for_items = Sweep::new(Cow::Owned(by_item), all, [popularity, shares], options);
    let stride = options.dim.next_multiple_of(TILE);
    let mut users = init::factors(count_users + features, options.dim, stride, options.seed);
    let mut items = init::factors(count_items, options.dim, stride, options.seed.wrapping_add(1));
    let (of_users, of_items) = ((count_users, options.dim), (count_items, options.dim));
    let (mut history, mut turns) = (Vec::new(), Vec::new());
    for number in 1..=options.epochs {
        for_items.half(&mut items, &users);
        let loss = for_users.half(&mut users, &items);
        if options.solver == Solver::Gradients && number <= TURNS {
            let axes = axes::of(&gram::of(flat(&users), stride, None), stride);
            axes::turn(&mut users, axes.t());
            axes::turn(&mut items, axes.t());
            turns.push(axes);
        }
        let objective = loss + for_items.penalty(&items);
        let epoch = Epoch { epoch: number, loss: objective / interactions.matrix.entries() as f64 };
        if !epoch.loss.is_finite() {
            return Err(Problem::Diverged {
                epoch: number,
                what: "the loss",
                remedy: "use a larger --regularization, or smaller values with --confidence",
            }
            .into());
        }
        history.push(epoch);
        let snapshot = Snapshot::of_vectors(cut(&users, of_users), cut(&items, of_items));
        if observer.epoch(epoch, &snapshot).is_break() {
            break;
        }
    }
    for axes in turns.iter().rev() {
        axes::turn(&mut users, axes.view());
        axes::turn(&mut items, axes.view());
    }
    let recipe = Recipe {
        algorithm: Algorithm::Ials,
        unobserved_weight: options.unobserved_weight,
        regularization: options.regularization,
        frequency_exponent: options.frequency_exponent,
        mean: 0.0,
    };
    let further = [
        ("epochs", history.len().to_string()),
        ("confidence", options.confidence.to_string()),
        (POPULARITY_EXPONENT, options.popularity_exponent.to_string()),
        ("activity_exponent", options.activity_exponent.to_string()),
        ("content_weight", options.features().map_or(0.0, |_| options.content_weight).to_string()),
        ("seed", options.seed.to_string()),
    ];
    let items = super::factors(interactions, cut_owned(items, of_items), recipe, further);
    Ok(Trained { items, users: cut_owned(users, of_users), user_biases: None, history })
}

/// How much each user counts, and behind them each feature; none where all are alike.
fn shares(interactions: &Interactions, options: &Options) -> Option<Vec<f32>> {
    let of_users = popularity_weights(&activity(interactions), -options.activity_exponent);
    let Some(features) = options.features() else { return of_users };
    let mut shares = of_users.unwrap_or_else(|| vec![1.0; interactions.users()]);
    shares.resize(shares.len() + features.rows(), options.content_weight);
    Some(shares)
}

/// Interactions a user has, [users].
fn activity(interactions: &Interactions) -> Vec<u32> {
    interactions.matrix.offsets.windows(2).map(|ends| (ends[1] - ends[0]) as u32).collect()
}

/// Users by items, and behind them features by items, with what each interaction weighs more than 1.
fn excess(matrix: &Csr, options: &Options, shares: Option<&[f32]>) -> Csr {
    let share = |user: u32| shares.map_or(1.0, |shares| shares[user as usize]);
    let of_user = |(user, _, value)| share(user) * (1.0 + options.confidence * value) - 1.0;
    let of_feature = |(_, _, value)| options.content_weight * value - 1.0;
    let features = || options.features().into_iter();
    let ends = features().flat_map(|features| &features.offsets[1..]).map(|end| matrix.entries() + end);
    Csr {
        offsets: matrix.offsets.iter().copied().chain(ends).collect(),
        columns: matrix.columns.iter().chain(features().flat_map(|f| &f.columns)).copied().collect(),
        values: matrix.iter().map(of_user).chain(features().flat_map(Csr::iter).map(of_feature)).collect(),
    }
}

/// As [`cut`], without a second copy where there is nothing to cut.
fn cut_owned(rows: Array2<f32>, shape: (usize, usize)) -> Array2<f32> {
    if rows.dim() == shape { rows } else { cut(&rows, shape).to_owned() }
}

/// The vectors without the zeros that fill them up to whole tiles, and without those of features.
fn cut(rows: &Array2<f32>, (count, dim): (usize, usize)) -> ArrayView2<'_, f32> {
    rows.slice(s![..count, ..dim])
}
