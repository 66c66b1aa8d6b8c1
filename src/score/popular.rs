//! What is popular: the answer for a visitor of whom nothing is known.

use super::rules::{Plan, Rules};
use super::search::Products;
use super::{Answer, Options, answers};
use crate::error::Result;
use crate::model::Model;

/// The most popular items by interactions in training; by the norms of their factors, which popularity makes
/// long, in a model without counts. The options and `accept` are those of [`super::answer`]; `explore` has no vector to
/// vary here.
///
/// # Errors
/// As [`super::recommend`].
pub fn popular(
    model: &Model,
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    options.check()?;
    let plan = Plan::new(model, options)?;
    let rules = Rules::new(&plan, seen, accept);
    let mut answers = answers(model, &[(&Popularity(model), &rules)], options)?;
    Ok(answers.pop().expect("one answer a request"))
}

struct Popularity<'a>(&'a Model);

impl Products for Popularity<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        let model = self.0;
        for (product, row) in products.iter_mut().zip(first..) {
            *product = match model.counts() {
                Some(counts) => counts[row] as f32,
                None => model.rows().norm(row),
            };
        }
    }

    fn bound(&self, block: usize) -> f32 {
        match self.0.counts() {
            Some(_) => f32::INFINITY,
            None => self.0.bounds()[block].max_norm,
        }
    }
}
