//! What training or an import hands over to be packed.

use super::{Recipe, Tensor, Together};
use ndarray::Array2;
use std::collections::BTreeMap;

/// Item factors in f32 with all that goes into a model file.
#[derive(Clone, Debug)]
pub struct Factors {
    /// [items, dim]
    pub values: Array2<f32>,
    /// An id an item, each once; None: the ids are the row numbers.
    pub ids: Option<Vec<String>>,
    /// Added to an item's inner product, [items].
    pub biases: Option<Vec<f32>>,
    /// Interactions an item had in training, [items].
    pub counts: Option<Vec<u32>>,
    /// How much an item was in demand at the end of training's interactions, [items], where their times are known.
    pub trend: Option<Vec<u8>>,
    /// What was bought together, an entry an item, where training knew baskets.
    pub together: Option<Together>,
    /// Algorithm and hyperparameters.
    pub recipe: Recipe,
    /// Titles, tags and numbers, in the order of the items.
    pub catalog: CatalogColumns,
    /// Of optional rooms, such as those of cold start.
    pub rooms: Vec<Tensor>,
    /// Further strings for the file's metadata: data set, evaluation.
    pub metadata: BTreeMap<String, String>,
}

impl Factors {
    /// Factors [items, dim] learned elsewhere, with nothing else known.
    pub fn external(values: Array2<f32>, ids: Option<Vec<String>>) -> Factors {
        Factors {
            values,
            ids,
            biases: None,
            counts: None,
            trend: None,
            together: None,
            recipe: Recipe::default(),
            catalog: CatalogColumns::default(),
            rooms: Vec::new(),
            metadata: BTreeMap::new(),
        }
    }
}

/// A catalogue in columns, each with an entry an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CatalogColumns {
    /// [items]
    pub titles: Option<Vec<String>>,
    /// By column name.
    pub tags: BTreeMap<String, TagValues>,
    /// By column name, [items], NaN where an item has none.
    pub numbers: BTreeMap<String, Vec<f32>>,
    /// Each item's place on a map, [items], for people to look at.
    pub places: Option<Vec<[f32; 2]>>,
}

/// A column of tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagValues {
    /// Every tag once.
    pub vocabulary: Vec<String>,
    /// Each item's tags, as positions in `vocabulary`.
    pub codes: Vec<Vec<u32>>,
}
