//! Rankings by numbers that are looked up for each item rather than multiplied: what is new, what was bought together.

use super::columns::Numbers;
use super::rules::{Plan, Rules};
use super::search::Products;
use super::{Answer, Options, answers};
use crate::error::Result;
use crate::model::Items;

/// The items that came last, by the column [`Options::dates`]; those without a date do not come back. The other
/// arguments are those of [`super::popular`].
///
/// # Errors
/// As [`super::recommend`], and where there is no such column.
#[inline(never)]
pub fn newest(
    items: Items<'_>,
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    options.check()?;
    let dates = Numbers::new(items, "dates", &options.dates)?;
    let accept = |row: u32| !dates.of(items, row).is_nan() && accept.is_none_or(|accept| accept(row));
    let plan = Plan::new(items, options)?;
    let rules = Rules::new(&plan, seen, Some(&accept));
    let date = |row: usize| match dates.of(items, row as u32) {
        date if date.is_nan() => f32::MIN,
        date => date,
    };
    one(items, &Looked(&date), &rules, options)
}

/// The items that were bought with the `seeds`, rows, which do not come back: by the sum over the seeds of what
/// [`crate::model::Together`] says. The other arguments are those of [`super::popular`].
///
/// # Errors
/// As [`super::recommend`]; [`crate::Problem::Argument`] where the model knows no baskets.
#[inline(never)]
pub fn bought_together(
    items: Items<'_>,
    seeds: &[u32],
    seen: &[u32],
    options: &Options,
    accept: Option<&dyn Fn(u32) -> bool>,
) -> Result<Answer> {
    options.check()?;
    let together = items.model.required_together()?;
    let mut sums = Sums::default();
    for &seed in seeds {
        together.of(seed).for_each(|(row, weight)| sums.add(row, weight));
    }
    let plan = Plan::new(items, options)?;
    let rules = Rules::new(&plan, &[seen, seeds].concat(), accept).among(&sums.rows);
    one(items, &Looked(&|row| sums.of(row)), &rules, options)
}

fn one(items: Items<'_>, products: &dyn Products, rules: &Rules<'_>, options: &Options) -> Result<Answer> {
    let mut answers = answers(items, &[(products, rules)], options, options.diversity)?;
    Ok(answers.pop().expect("one answer a request"))
}

/// Whole numbers by rising row.
#[derive(Default)]
struct Sums {
    rows: Vec<u32>,
    sums: Vec<u32>,
}

impl Sums {
    fn add(&mut self, row: u32, number: u8) {
        let at = self.rows.partition_point(|&other| other < row);
        if self.rows.get(at) != Some(&row) {
            self.rows.insert(at, row);
            self.sums.insert(at, 0);
        }
        self.sums[at] += u32::from(number);
    }

    fn of(&self, row: usize) -> f32 {
        self.rows.binary_search(&(row as u32)).map_or(0.0, |at| self.sums[at] as f32 / 255.0)
    }
}

struct Looked<'a>(&'a dyn Fn(usize) -> f32);

impl Products for Looked<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        products.iter_mut().zip(first..).for_each(|(product, row)| *product = self.0(row));
    }

    fn bounds(&self) -> &[f32] {
        &[]
    }
}
