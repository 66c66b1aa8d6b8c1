//! What is recommended to a visitor of whom nothing is known: the first rung of a ladder that the model has.

use super::rules::{Plan, Rules};
use super::search::Products;
use super::{Answer, MAX_DIVERSE, Options, answers};
use crate::error::Result;
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
}

impl Rung {
    /// Their names. Answers to JavaScript have positions in it.
    pub const NAMES: [&str; 5] = ["personal", "prior", "trending", "popular", "diverse"];

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
    options.check()?;
    let plan = Plan::new(items, options)?;
    let rules = Rules::new(&plan, seen, accept);
    let is_plain = options.diversity == 0.0 && options.end() <= MAX_DIVERSE;
    let diversity = match Rung::fallback(items.model) {
        Rung::Diverse if is_plain => DIVERSITY,
        _ => options.diversity,
    };
    let mut answers = answers(items, &[(&Demand::new(items), &rules)], options, diversity)?;
    Ok(answers.pop().expect("one answer a request"))
}

struct Demand<'a> {
    items: Items<'a>,
    bounds: Vec<f32>,
}

impl<'a> Demand<'a> {
    fn new(items: Items<'a>) -> Demand<'a> {
        let bounds = match Rung::fallback(items.model) {
            Rung::Diverse => items.model.bounds().iter().map(|block| block.max_norm).collect(),
            _ => Vec::new(),
        };
        Demand { items, bounds }
    }
}

impl Products for Demand<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        let Items { model, .. } = self.items;
        if Rung::fallback(model) == Rung::Diverse {
            let (rows, first) = self.items.packed(first);
            return rows.norms(first, products);
        }
        // Nobody has had an added item yet.
        let demand = |row: usize| match (model.trend(), model.counts()) {
            (Some(trend), _) => trend.get(row).map(|&demand| f32::from(demand)),
            (_, counts) => counts.and_then(|counts| counts.get(row)).map(|&count| count as f32),
        };
        products.iter_mut().zip(first..).for_each(|(product, row)| *product = demand(row).unwrap_or(0.0));
    }

    fn bounds(&self) -> &[f32] {
        &self.bounds
    }
}
