//! Items like an item.

use super::query::Query;
use super::rules::{Plan, Rules};
use super::search::Products;
use super::{Answer, Options, answers};
use crate::error::Result;
use crate::model::{BLOCK, Items};
use serde::Deserialize;

/// How alike two items are.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Cosine of the angle between the factors: taste alone.
    #[default]
    Cosine,
    /// Inner product of the factors: taste and popularity.
    Dot,
}

/// What items are to be like.
#[derive(Clone, Copy, Debug)]
pub struct Like<'a> {
    /// Rows that do not come back. Several count alike: directions are averaged, where they are what is compared.
    pub seeds: &'a [u32],
    /// How alike items are.
    pub metric: Metric,
    /// A vector [dim] beside them; how much it counts is [`Options::personal`], all without seeds.
    pub visitor: Option<&'a [f32]>,
}

impl Like<'_> {
    /// Like the seeds alone.
    pub fn seeds(seeds: &[u32], metric: Metric) -> Like<'_> {
        Like { seeds, metric, visitor: None }
    }
}

/// The items nearest to the seeds, best first. The options and `accept` are those of [`super::answer`]; `explore` has
/// no part here. Without seeds and a vector nothing comes back.
///
/// # Errors
/// [`crate::Problem::Argument`] for factors so large that a score is not finite, and as [`super::recommend`].
///
/// # Panics
/// When a row is not below [`Items::rows`].
pub fn similar<'a>(
    items: impl Into<Items<'a>>,
    like: Like<'_>,
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    let items = items.into().untuned();
    match like.seeds {
        [] if like.visitor.is_none() => Ok(Answer { ranking: Vec::new(), rows_read: 0 }),
        &[item] if like.visitor.is_none() => {
            let (rows, at) = items.packed(item as usize);
            nearest(items, &items.factor(item), rows.norm(at), like, options, accept)
        }
        _ => {
            let target = target(items, like, options.personal);
            let length = length_of(&target);
            nearest(items, &target, length, like, options, accept)
        }
    }
}

/// The mean of the seeds, and the visitor mixed in; of directions where these are what is compared.
#[inline(never)]
fn target(items: Items<'_>, Like { seeds, metric, visitor }: Like<'_>, personal: f32) -> Vec<f32> {
    let mut target = vec![0.0; items.model.dim()];
    let mut add = |vector: &[f32], part: f32| {
        let length = if metric == Metric::Cosine { length_of(vector) } else { 1.0 };
        let part = if length > 0.0 { part / length } else { 0.0 };
        target.iter_mut().zip(vector).for_each(|(sum, v)| *sum += part * v);
    };
    let personal = if seeds.is_empty() { 1.0 } else { personal };
    let part = if visitor.is_some() { 1.0 - personal } else { 1.0 };
    seeds.iter().for_each(|&seed| add(&items.factor(seed), part / seeds.len() as f32));
    visitor.into_iter().for_each(|vector| add(vector, personal));
    target
}

fn length_of(vector: &[f32]) -> f32 {
    vector.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt() as f32
}

/// The items nearest to a vector [dim] of this length, without the seeds and those that are excluded.
///
/// # Errors
/// As [`similar`].
pub(crate) fn nearest(
    items: Items<'_>,
    vector: &[f32],
    length: f32,
    Like { seeds, metric, .. }: Like<'_>,
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    options.check()?;
    let plan = Plan::new(items, options)?;
    let rules = Rules::new(&plan, seeds, accept);
    let cosines = Cosines { items, length, query: Query::without_biases(items, vector)? };
    let products: &dyn Products = match metric {
        Metric::Cosine => &cosines,
        Metric::Dot => &cosines.query,
    };
    let mut answers = answers(items, &[(products, &rules)], options, options.diversity)?;
    Ok(answers.pop().expect("one answer a request"))
}

struct Cosines<'a> {
    items: Items<'a>,
    query: Query<'a>,
    length: f32,
}

impl Products for Cosines<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        self.query.fill(first, products);
        let mut norms = [0.0; BLOCK];
        let norms = &mut norms[..products.len()];
        let (rows, first) = self.items.packed(first);
        rows.norms(first, norms);
        for (product, norm) in products.iter_mut().zip(norms) {
            let lengths = self.length * *norm;
            *product = if lengths > 0.0 { *product / lengths } else { 0.0 };
        }
    }

    fn bounds(&self) -> &[f32] {
        &[]
    }
}
