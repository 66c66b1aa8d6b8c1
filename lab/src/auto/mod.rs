//! The algorithm that suits the data.
//!
//! An interaction of each user is held out: the last one where there is an order and it is [`Sought`], else a random one. The
//! [`candidates`] learn from the rest ([`held_out`]), are packed and asked as a page asks, and whoever ranks what was held
//! out best (NDCG@10) is to be trained on everything. Beside them stand popularity and item-kNN: what does not beat these
//! is not worth its bytes, and [`Comparison::verdict`] says so.

pub mod candidates;
mod held_out;
mod verdict;

use crate::evaluate::baselines::{ItemKnn, Popularity};
use crate::evaluate::{Judge, Protocol, Ranker, Served};
use crate::train::{Interactions, Options, Trained, ials, next};
use candidates::Axis;
use foldin::error::Result;
use foldin::model::{Model, Precision};
use held_out::HeldOut;

/// What may be chosen from.
#[derive(Clone, Debug)]
pub struct Request {
    /// Settings of iALS that are tried first, and chosen where nothing can be compared.
    pub ials: ials::Options,
    /// Which of them are then tried at other values.
    pub axes: Vec<Axis>,
    /// `next`, or why it is not tried.
    pub next: std::result::Result<next::Options, String>,
    /// What is held out.
    pub sought: Sought,
    /// At which candidates are judged.
    pub precision: Precision,
    /// Interactions that candidates learn from, at most: those of users drawn at random, so that each has all of theirs.
    pub most_interactions: usize,
    /// Of what is held out at random.
    pub seed: u64,
}

/// [`Request::most_interactions`] where there is time.
pub const MOST_INTERACTIONS: usize = 300_000;

/// What candidates are to find.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sought {
    /// What came last, where there is an order: what a page is asked for.
    #[default]
    Last,
    /// Any interaction of a user, for evaluations that hide at random.
    Any,
}

/// How the candidates did.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What was held out, in words.
    pub held_out: &'static str,
    /// Users who were judged; 0 where nothing could be compared.
    pub users: usize,
    /// Interactions that the candidates learned from: without what was held out, and where there are many, of a sample
    /// of the users.
    pub interactions: usize,
    /// In the order in which they were tried, then the baselines.
    pub judged: Vec<Judged>,
    /// What is to be trained on everything. `next` then looks for its best number of epochs anew: with one event more of
    /// each user it is another one (on Amazon Beauty 5 epochs reach an NDCG@10 of 0.0540, those that it finds 0.0582).
    pub chosen: Options,
}

/// One that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// `next`, `ials`, `popularity` or `item-knn`.
    pub name: &'static str,
    /// As tried; None for what has none.
    pub options: Option<Options>,
    /// Or why it was not.
    pub figures: std::result::Result<Figures, String>,
}

/// How well what was held out is found, means over users.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// NDCG@10.
    pub ndcg: f64,
    /// The share of users in whose first 10 it is.
    pub hit_rate: f64,
}

/// Trains a candidate.
pub type Train<'a> = dyn FnMut(&Interactions, &Options) -> Result<Trained> + 'a;

/// With fewer users chance decides, and a comparison says nothing.
const FEWEST_USERS: usize = 20;

/// Compares, with `train` for the training.
///
/// The settings of iALS are searched one after the other (coordinate descent): each from the best of those before it.
///
/// # Errors
/// What `train` refuses for its options, or for data on which no candidate can learn. A candidate that diverges or finds
/// no order loses.
pub fn choose(interactions: &Interactions, request: &Request, train: &mut Train<'_>) -> Result<Comparison> {
    interactions.check()?;
    let has_order = interactions.times.is_some() || request.next.as_ref().is_ok_and(|next| next.in_order);
    let ordered = request.sought == Sought::Last && has_order;
    let mut comparison = Comparison {
        held_out: held_out::describe(interactions, ordered),
        users: 0,
        interactions: 0,
        judged: Vec::new(),
        chosen: Options::Ials(request.ials.clone()),
    };
    let held_out = HeldOut::new(interactions, ordered, request);
    let Some(held_out) = held_out.filter(|held_out| held_out.users >= FEWEST_USERS) else {
        return Ok(comparison);
    };
    (comparison.users, comparison.interactions) = (held_out.users, held_out.fold.train.matrix.entries());
    let mut contest = Contest { held_out: &held_out, precision: request.precision, train, best: None };
    contest.enter(Options::Ials(request.ials.clone()), &mut comparison)?;
    for axis in &request.axes {
        let Options::Ials(best) = comparison.chosen.clone() else { break };
        for options in axis.steps(&best) {
            contest.enter(Options::Ials(options), &mut comparison)?;
        }
    }
    match &request.next {
        Ok(next) => contest.enter(Options::Next(next.clone()), &mut comparison)?,
        Err(reason) => {
            comparison.judged.push(Judged { name: "next", options: None, figures: Err(reason.clone()) });
        }
    }
    comparison.judged.extend(held_out.baselines()?);
    Ok(comparison)
}

/// Who is best so far.
struct Contest<'a, 'b> {
    held_out: &'a HeldOut,
    precision: Precision,
    train: &'a mut Train<'b>,
    best: Option<Figures>,
}

impl Contest<'_, '_> {
    /// Trains and judges one more candidate; it is chosen if it is the best so far.
    fn enter(&mut self, options: Options, comparison: &mut Comparison) -> Result<()> {
        let figures = match self.judge(&options) {
            Ok(figures) => {
                if self.best.is_none_or(|best| figures.ndcg > best.ndcg) {
                    self.best = Some(figures);
                    comparison.chosen = options.clone();
                }
                Ok(figures)
            }
            Err(error) if ["diverged", "data"].contains(&error.code()) => Err(error.to_string()),
            Err(error) => return Err(error),
        };
        let name = if matches!(options, Options::Next(_)) { "next" } else { "ials" };
        comparison.judged.push(Judged { name, options: Some(options), figures });
        Ok(())
    }

    fn judge(&mut self, options: &Options) -> Result<Figures> {
        let trained = (self.train)(&self.held_out.fold.train, options)?;
        self.held_out.judge_model(&trained, self.precision)
    }
}

impl HeldOut {
    fn judge_model(&self, trained: &Trained, precision: Precision) -> Result<Figures> {
        let model = Model::pack(&trained.items, precision)?;
        self.judge(&Served::of_fold(&model, &self.fold))
    }

    fn judge(&self, ranker: &dyn Ranker) -> Result<Figures> {
        let judge = Judge::new(&self.fold, &[10]);
        let mut tally = judge.tally();
        judge.run(ranker, &mut tally, &|| {})?;
        let metrics = tally.report(1).metrics;
        let mean = |name: &str| metrics.get(name).map_or(0.0, |estimate| estimate.mean);
        Ok(Figures { ndcg: mean("ndcg@10"), hit_rate: mean("hr@10") })
    }

    fn baselines(&self) -> Result<[Judged; 2]> {
        let popularity = self.judge(&Popularity::new(&self.fold.train))?;
        let item_knn = match self.pairs() <= MOST_PAIRS {
            true => Ok(self.judge(&ItemKnn::default().train(&self.fold.train))?),
            false => Err("left out: some users have too many interactions for it".into()),
        };
        let judged = |name, figures| Judged { name, options: None, figures };
        Ok([judged("popularity", Ok(popularity)), judged("item-knn", item_knn)])
    }
}

/// Pairs of items of one user that item-kNN counts in some seconds.
const MOST_PAIRS: u64 = 5_000_000_000;
