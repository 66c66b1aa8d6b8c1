//! What a complete model holds: decided here alone, for command, page and Python.
//!
//! Beside the factors of training a model carries what answers for visitors and items of whom nothing is known. Each of
//! these parts is learned where there is something to learn it from:
//!
//! | part | from | for |
//! |---|---|---|
//! | trend | times | a visitor before the first event |
//! | prior | users of iALS | the same |
//! | onboarding | users of iALS and `next` | the same |
//! | content | tags, numbers, embeddings of items | items that come later |
//! | words | vectors of the items' texts | items that come later, visitors who write what they like |
//! | traits | traits of users, with iALS | visitors who say something of themselves |
//! | transfer | another model | visitors who come from there |
//! | together | baskets | what goes with an item |
//! | map | factors | people who look at the items |

use crate::cold_start::texts::{self, Leanings, Learned, Said};
use crate::cold_start::{Content, Features, Texts, Traits, Transfer, onboarding, prior, trend};
use crate::train::{Interactions, Trained};
use foldin::error::Result;
use foldin::model::{Algorithm, CatalogColumns, Factors, Tensor, Together};
use ndarray::{Array2, ArrayView2};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known besides the interactions. What most pages that train do without is a function, so that they need not
/// carry it.
#[derive(Default)]
pub struct Known<'a> {
    /// Titles, tags and numbers, in the order of the items.
    pub catalog: CatalogColumns,
    /// A dense vector an item, [items, width]; zeros for items without one.
    pub embeddings: Option<Array2<f32>>,
    /// The items' texts, as a table of words tells them.
    pub texts: Option<Said>,
    /// What traits there are, and every user's, [users, width].
    pub traits: Option<(Features, Array2<f32>)>,
    /// Learns what is bought together, for items with these ids.
    pub together: Option<&'a CountTogether<'a>>,
    /// Days after which an interaction counts half in the trend; 0: there is no trend.
    pub trend_half_life: f64,
    /// Learns what visitors of another model bring along.
    pub transfer: Option<&'a Learn<'a>>,
    /// Gives each of the factors [items, dim] a place on a map.
    pub map: Option<&'a LayOut<'a>>,
    /// Further strings for the file's metadata.
    pub metadata: BTreeMap<String, String>,
}

/// Gives each row of factors [items, dim] a place in the plane.
pub type LayOut<'a> = dyn Fn(ArrayView2<'_, f32>) -> Vec<[f32; 2]> + 'a;

/// Learns what is bought together, among items with these ids.
pub type CountTogether<'a> = dyn Fn(&[String]) -> Together + 'a;

/// Learns a map of vectors from what was trained on.
pub type Learn<'a> = dyn Fn(&Interactions, &Trained) -> Result<Transfer> + 'a;

/// Days after which an interaction counts half in the trend, unless somebody says otherwise.
pub const TREND_HALF_LIFE: f64 = 30.0;

/// Bytes that each part adds to the model file, by its name.
#[derive(Debug, Default, Serialize)]
pub struct Added(BTreeMap<&'static str, usize>);

impl Known<'_> {
    /// What features the items have, and every item's, [items, width]; None where nothing is known of them.
    ///
    /// # Errors
    /// As [`Features::encode_all`].
    pub fn content(&self, items: usize) -> Result<Option<(Features, Array2<f32>)>> {
        let embeddings = self.embeddings.as_ref().map(|rows| rows.view());
        let features = Features::of(&self.catalog, embeddings.map_or(0, |rows| rows.ncols()));
        if features.width() == 1 {
            return Ok(None);
        }
        let encoded = features.encode_all(&self.catalog, items, embeddings)?;
        Ok(Some((features, encoded)))
    }
}

/// Completes what was trained on `interactions`, to be packed; says what was added.
///
/// # Errors
/// [`foldin::Problem::Format`] for factors that are not finite, and what `known` refuses.
pub fn complete(
    interactions: &Interactions,
    mut trained: Trained,
    known: Known<'_>,
) -> Result<(Factors, Added)> {
    let mut added = Added::default();
    let mut rooms = Vec::new();
    let content = known.content(interactions.items())?;
    trained.items.catalog = known.catalog;
    trained.items.trend = trend::trends(interactions, known.trend_half_life);
    let factors = trained.items.values.view();
    let algorithm = trained.items.recipe.algorithm;
    let leanings = matches!(algorithm, Algorithm::Ials | Algorithm::Next)
        .then(|| prior::leanings(interactions, factors));
    if let Some(leanings) = &leanings {
        added.note("onboarding", onboarding::tensors(leanings.view())?, &mut rooms);
    }
    // The biases of `next` know what people like on average.
    let leanings = leanings.filter(|_| algorithm == Algorithm::Ials);
    if let Some(leanings) = &leanings {
        added.note("prior", vec![prior::tensor(&prior::mean(leanings.view()))], &mut rooms);
    }
    if let Some(trend) = &trained.items.trend {
        added.0.insert("trend", trend.len());
    }
    if let Some(learn) = known.together {
        let together = learn(&interactions.item_ids);
        let others: usize = together.0.iter().map(Vec::len).sum();
        added.0.insert("together", 5 * others + 4 * (together.0.len() + 1));
        trained.items.together = Some(together);
    }
    if let Some((features, encoded)) = content {
        let content = Content::learn(features, encoded.view(), factors, &interactions.item_counts());
        added.note("content", content.tensors()?, &mut rooms);
    }
    if let Some(said) = known.texts {
        let means = leanings.as_ref().map(|leanings| Leanings::by_item(interactions, leanings.view()));
        let counts = interactions.item_counts();
        trained.items.metadata.insert(texts::TABLE.into(), said.table.clone());
        let leanings = means.as_ref();
        let texts =
            Texts::learn(said, Learned { factors: trained.items.values.view(), counts: &counts, leanings });
        added.note("words", texts.tensors()?, &mut rooms);
    }
    // Two towers read traits themselves.
    if let (Some(leanings), Some((features, encoded))) = (&leanings, known.traits) {
        let traits = Traits::learn(features, encoded.view(), leanings.view());
        added.note("traits", traits.tensors()?, &mut rooms);
    }
    if let Some(learn) = known.transfer {
        added.note("transfer", learn(interactions, &trained)?.tensors()?, &mut rooms);
    }
    trained.items.catalog.places = known.map.map(|lay_out| lay_out(trained.items.values.view()));
    trained.items.rooms.extend(rooms);
    trained.items.metadata.extend(known.metadata);
    Ok((trained.items, added))
}

impl Added {
    fn note(&mut self, part: &'static str, tensors: Vec<Tensor>, rooms: &mut Vec<Tensor>) {
        self.0.insert(part, tensors.iter().map(Tensor::byte_len).sum());
        rooms.extend(tensors);
    }

    /// Each part and its bytes, by name.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.0.iter().map(|(&part, &bytes)| (part, bytes))
    }
}
