//! What is recommended to a visitor of whom nothing is known: the first rung of a ladder that the model has.

use super::rules::{Plan, Rules};
use super::search::Products;
use super::{Answer, MAX_DIVERSE, Options, answers};
use crate::error::{Error, Result};
use crate::model::{Items, Model};

/// By what a visitor is recommended to: what knows most of them first, what knows nothing last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rung {
    /// Their own events, or a vector that was given.
    Personal,
    /// What is believed of them before the first event.
    Prior,
    /// What was in demand lately, where the model has [`Model::trend`].
    Trending,
    /// What most people had in training, where it has [`Model::counts`].
    Popular,
    /// Else items with long factors, which popularity makes, that are unlike each other.
    Diverse,
    /// Items that were given, such as those in a basket.
    Seeds,
    /// When items came.
    New,
    /// What was bought together.
    BoughtTogether,
}

impl Rung {
    /// Their names. Answers to JavaScript have positions in it.
    pub const NAMES: [&str; 8] =
        ["personal", "prior", "trending", "popular", "diverse", "seeds", "new", "bought-together"];

    /// Its name.
    pub fn name(self) -> &'static str {
        Rung::NAMES[self as usize]
    }

    /// Whether it is a vector that ranks the items.
    pub fn has_vector(self) -> bool {
        matches!(self, Rung::Personal | Rung::Prior)
    }

    /// The one for a visitor of whom nothing is known or believed.
    pub fn fallback(model: &Model) -> Rung {
        match (model.trend(), model.counts()) {
            (Some(_), _) => Rung::Trending,
            (None, Some(_)) => Rung::Popular,
            (None, None) => Rung::Diverse,
        }
    }
}

/// How unlike each other diverse picks are, unless the question says so.
const DIVERSITY: f32 = 0.5;

/// The best items by the model's [`Rung::fallback`]. The options and `accept` are those of [`super::answer`]; `explore` has
/// no vector to vary here.
///
/// # Errors
/// As [`super::recommend`].
pub fn popular<'a>(
    items: impl Into<Items<'a>>,
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    let items = items.into();
    let demand = Demand::of(items.model, Rung::fallback(items.model));
    in_demand(items, &demand, seen, options, accept)
}

/// [`popular`] by what is asked for, which the model must have.
///
/// # Errors
/// As [`popular`]; [`crate::Problem::Argument`] where the model does not know that.
pub fn by_demand(
    items: Items<'_>,
    rung: Rung,
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    let demand = Demand::of(items.model, rung);
    if matches!(demand, Demand::Lengths(_)) {
        let found = format_args!("one that does not know what is {}", rung.name());
        return Err(Error::argument("by", "a model that was trained on such interactions", found));
    }
    in_demand(items, &demand, seen, options, accept)
}

fn in_demand(
    items: Items<'_>,
    demand: &Demand<'_>,
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    options.check()?;
    let plan = Plan::new(items, options)?;
    let rules = Rules::new(&plan, seen, accept);
    let is_plain = options.diversity == 0.0 && options.end() <= MAX_DIVERSE;
    let diversity = match demand {
        Demand::Lengths(_) if is_plain => DIVERSITY,
        _ => options.diversity,
    };
    let products = InDemand { items, demand };
    let mut answers = answers(items, &[(&products, &rules)], options, diversity)?;
    Ok(answers.pop().expect("one answer a request"))
}

/// What stands for an item that nobody is known to want.
enum Demand<'a> {
    Trend(&'a [u8]),
    Counts(&'a [u32]),
    /// The longest row of each block.
    Lengths(Vec<f32>),
}

impl<'a> Demand<'a> {
    /// By the rung, or by lengths where the model does not have it.
    fn of(model: &'a Model, rung: Rung) -> Demand<'a> {
        match (rung, model.trend(), model.counts()) {
            (Rung::Trending, Some(trend), _) => Demand::Trend(trend),
            (Rung::Popular, _, Some(counts)) => Demand::Counts(counts),
            _ => Demand::Lengths(model.bounds().iter().map(|block| block.max_norm).collect()),
        }
    }

    /// Nobody has had an added item yet.
    fn number(&self, row: usize) -> f32 {
        let number = match self {
            Demand::Trend(trend) => trend.get(row).map(|&demand| f32::from(demand)),
            Demand::Counts(counts) => counts.get(row).map(|&count| count as f32),
            Demand::Lengths(_) => None,
        };
        number.unwrap_or(0.0)
    }
}

struct InDemand<'a> {
    items: Items<'a>,
    demand: &'a Demand<'a>,
}

impl Products for InDemand<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        if let Demand::Lengths(_) = self.demand {
            let (rows, first) = self.items.packed(first);
            return rows.norms(first, products);
        }
        products.iter_mut().zip(first..).for_each(|(product, row)| *product = self.demand.number(row));
    }

    fn bounds(&self) -> &[f32] {
        if let Demand::Lengths(bounds) = self.demand { bounds } else { &[] }
    }
}
