//! What follows from a text: the factor of an item that is so described, and the leaning of people who wish for that. Two
//! ridge maps from what a static table makes of the items' texts (crate `foldin-words`): where they point, and which of the
//! catalogue's frequent tokens they have.
//!
//! In a file: `words.items` and `words.people`, each with `.map` and `.scales`; `words.frequent` U32, the table's numbers of the
//! frequent tokens; `words.years` F32, knots of the year ([`super::features`]); and `words_table` in the metadata, by which the table is told from others.

use super::features::Row;
use super::map::LinearMap;
use super::{features, prior, ridge};
use crate::train::Interactions;
use foldin::error::{Error, Result};
use foldin::model::{Room, Tensor, format_error};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const ITEMS: &str = "words.items";
const PEOPLE: &str = "words.people";
const FREQUENT: &str = "words.frequent";
const YEARS: &str = "words.years";

/// What the metadata call the table whose vectors the maps take.
pub const TABLE: &str = "words_table";

/// How much of what a text adds is believed, times what regression finds. On splits of MovieLens 100K that the bench does not use,
/// 2 and 3 were better than 1, 5 was worse.
const WISH: f32 = 2.0;

/// The maps from what a table makes of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Texts {
    items: LinearMap,
    people: Option<LinearMap>,
    /// Knots of the year, rising.
    years: Vec<f32>,
    /// The table's numbers of the catalogue's frequent tokens.
    pub frequent: Vec<u32>,
}

/// What a table makes of the items' texts.
pub struct Said {
    /// As the table's `inputs` [items, dim + frequent + 1]; zeros for an item without a text.
    pub inputs: Array2<f32>,
    /// The table's numbers of the catalogue's frequent tokens.
    pub frequent: Vec<u32>,
    /// The table's id.
    pub table: String,
}

/// What the items are besides.
pub struct Learned<'a> {
    /// [items, dim]
    pub factors: ArrayView2<'a, f32>,
    /// How often each was met.
    pub counts: &'a [u32],
    /// What those lean to who have them, in a model that believes.
    pub leanings: Option<&'a Leanings>,
}

/// Tokens are frequent that one in so many items has.
const ONE_IN: usize = 100;
/// And so many items at least.
const AT_LEAST: usize = 8;
/// The most frequent tokens.
const MOST: usize = 256;

/// The tokens that are frequent in a catalogue, of each item's, the most frequent first.
pub fn frequent(tokens: &[Vec<u32>]) -> Vec<u32> {
    let mut counts = BTreeMap::<u32, usize>::new();
    for token in tokens.iter().flat_map(|tokens| tokens.iter().collect::<BTreeSet<_>>()) {
        *counts.entry(*token).or_default() += 1;
    }
    let enough = AT_LEAST.max(tokens.len() / ONE_IN);
    let mut found: Vec<(u32, usize)> = counts.into_iter().filter(|(_, count)| *count >= enough).collect();
    found.sort_by_key(|&(token, count)| (Reverse(count), token));
    found.into_iter().take(MOST).map(|(token, _)| token).collect()
}

impl Texts {
    /// Learns from all items with a text; a factor counts by the square root of how often its item was met, a leaning by
    /// how many people stand behind it. The map to factors is lengthened as [`super::Content`] is.
    pub fn learn(said: Said, Learned { factors, counts, leanings }: Learned<'_>) -> Texts {
        let has_text = |item: usize| said.inputs.row(item).iter().any(|&v| v != 0.0);
        let weights: Vec<f64> = (0..counts.len())
            .map(|item| if has_text(item) { f64::from(counts[item]) } else { 0.0 })
            .collect();
        let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
        let named =
            said.inputs.column(said.inputs.ncols() - 1).mapv(|year| if year > 0.0 { year } else { f32::NAN });
        let years = features::knots(&named.to_vec());
        let rows: Vec<f32> =
            said.inputs.rows().into_iter().flat_map(|row| spread(&row.to_vec(), &years)).collect();
        let width = said.inputs.ncols() + years.len();
        let inputs = Array2::from_shape_vec((counts.len(), width), rows).expect("a row an item");
        let items = LinearMap::new(ridge::cross_validated(inputs.view(), factors, &roots));
        let people = leanings.map(|leanings| wishes(inputs.view(), leanings, &weights));
        let lengthened = lengthening(&items, inputs.view(), factors, &weights);
        Texts {
            items: items.scaled(lengthened),
            people: people.map(LinearMap::new),
            years,
            frequent: said.frequent,
        }
    }

    /// The maps that a model carries; None where it has none.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for damaged ones.
    pub fn open(room: Room<'_>) -> Result<Option<Texts>> {
        let Some(items) = LinearMap::open(room, ITEMS)? else { return Ok(None) };
        let (people, years) = (LinearMap::open(room, PEOPLE)?, room.f32s(YEARS)?.to_vec());
        if years.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(format_error(YEARS, "rising numbers", "others"));
        }
        Ok(Some(Texts { items, people, years, frequent: room.u32s(FREQUENT)?.to_vec() }))
    }

    /// The maps of a model that must have some.
    ///
    /// # Errors
    /// As [`Texts::open`], and [`foldin::Problem::Argument`] for a model without.
    pub fn required(room: Room<'_>) -> Result<Texts> {
        let missing = || {
            let expected = "a model that learned from words; train it with --items FILE --words TABLE";
            Error::argument("text", expected, "a model without")
        };
        Texts::open(room)?.ok_or_else(missing)
    }

    /// What carries them in a file.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for a number that is not finite.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        let mut tensors = vec![Tensor::u32s(FREQUENT, &self.frequent), Tensor::f32s(YEARS, &self.years)];
        tensors.extend(self.items.tensors(ITEMS)?);
        if let Some(people) = &self.people {
            tensors.extend(people.tensors(PEOPLE)?);
        }
        Ok(tensors)
    }

    /// The factor [dim] of an item of whose text a table makes this [inputs].
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] for another table's.
    pub fn factor(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        self.mapped(&self.items, inputs)
    }

    /// What is believed of somebody of whose wish a table makes this ([`foldin::visitor::Profile::believe`]).
    ///
    /// # Errors
    /// As [`Texts::factor`], and [`foldin::Problem::Argument`] for a model that believes nothing.
    pub fn belief(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        let missing =
            || Error::argument("text", "a model of iALS, which can believe it of a visitor", "another");
        Ok(prior::believed(self.mapped(self.people.as_ref().ok_or_else(missing)?, inputs)?))
    }

    fn mapped(&self, map: &LinearMap, inputs: &[f32]) -> Result<Vec<f32>> {
        let width = map.inputs().saturating_sub(self.years.len());
        if inputs.len() != width || inputs.iter().any(|v| !v.is_finite()) {
            let expected =
                format_args!("{width} finite numbers, of the table of words that the model was trained with");
            return Err(Error::argument("words", expected, inputs.len()));
        }
        Ok(map.apply(&spread(inputs, &self.years)))
    }
}

/// The map to what is believed of those who wish for a text: what anybody leans to, and [`WISH`] times what regression finds
/// that a text adds. A wish is meant, and regression on single items, of which each has many kinds of people, is faint.
fn wishes(
    inputs: ArrayView2<'_, f32>,
    Leanings { means, people }: &Leanings,
    weights: &[f64],
) -> Array2<f32> {
    let told: Vec<f64> = people
        .iter()
        .zip(weights)
        .map(|(&people, &weight)| if weight > 0.0 { people } else { 0.0 })
        .collect();
    let mut map = ridge::cross_validated(inputs, means.view(), &told) * WISH;
    let all = people.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut anybody = Array1::<f64>::zeros(means.ncols());
    for (row, people) in means.rows().into_iter().zip(people) {
        anybody.zip_mut_with(&row, |sum, &v| *sum += people / all * f64::from(v));
    }
    map.row_mut(inputs.ncols() - 1).assign(&anybody.mapv(|v| v as f32));
    map
}

/// A table's inputs with knots in the place of the year, and the constant 1.
fn spread(inputs: &[f32], years: &[f32]) -> Vec<f32> {
    let (year, rest) = inputs.split_last().expect("a year at least, if none");
    let mut row = [rest, &vec![0.0; years.len()], &[1.0]].concat();
    let year = if *year > 0.0 { *year } else { f32::NAN };
    Row(&mut row[rest.len()..]).number(year, years);
    row
}

/// What a map's vectors are to be multiplied with so that, over all interactions, one's product with the learned factor is what
/// that has with itself.
fn lengthening(
    map: &LinearMap,
    inputs: ArrayView2<'_, f32>,
    factors: ArrayView2<'_, f32>,
    weights: &[f64],
) -> f32 {
    let (mut learned, mut mapped) = (0.0, 0.0);
    for ((row, factor), weight) in inputs.rows().into_iter().zip(factors.rows()).zip(weights) {
        learned += weight * f64::from(factor.dot(&factor));
        mapped += weight * f64::from(factor.dot(&ArrayView1::from(&map.apply(&row.to_vec()))));
    }
    if mapped > 0.0 { (learned / mapped) as f32 } else { 1.0 }
}

/// What those lean to who have an item.
pub struct Leanings {
    /// Their mean, [items, dim].
    pub means: Array2<f32>,
    /// How many people an item stands for [items]: each is divided among the items that they have.
    pub people: Vec<f64>,
}

impl Leanings {
    /// Of leanings [users, dim] ([`super::prior::leanings`]). Each person counts once, however much they had.
    pub fn by_item(interactions: &Interactions, leanings: ArrayView2<'_, f32>) -> Leanings {
        let mut sums = Array2::<f64>::zeros((interactions.items(), leanings.ncols()));
        let mut people = vec![0.0; interactions.items()];
        for (user, item, _) in interactions.matrix.iter() {
            let share = 1.0 / interactions.matrix.row(user as usize).0.len() as f64;
            people[item as usize] += share;
            let leaning = leanings.row(user as usize);
            sums.row_mut(item as usize).zip_mut_with(&leaning, |sum, &v| *sum += share * f64::from(v));
        }
        for (mut row, people) in sums.rows_mut().into_iter().zip(&people).filter(|(_, people)| **people > 0.0)
        {
            row /= *people;
        }
        Leanings { means: sums.mapv(|v| v as f32), people }
    }
}
