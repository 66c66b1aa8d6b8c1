//! What is loaded: item factors packed into rows, and what is known of each item.
//!
//! A [`Model`] is one immutable structure over the data section of a safetensors file, checked whole at
//! [`Model::open`] and read in place ever after. Nothing is handed out before every shape, offset and string
//! has been checked.

mod arrival;
mod bounds;
mod bytes;
mod catalog;
mod changes;
mod columns;
mod delta;
mod extremes;
mod factors;
mod fields;
mod gram;
mod header;
mod ids;
mod items;
mod measure;
mod new_item;
mod order_weights;
mod pack;
mod packer;
mod placing;
mod precision;
mod recipe;
mod rooms;
mod rounding;
mod row_writer;
mod rows;
mod source;
mod split;
mod stable;
mod strings;
mod together;

pub(crate) use bounds::{BLOCK, Bounds};
pub use bytes::AlignedBytes;
pub use catalog::{Catalog, NumberColumn, TagColumn};
pub use changes::{Added, Changes, MAX_ADDED};
pub use delta::Delta;
pub(crate) use extremes::Extremes;
pub use factors::{CatalogColumns, Factors, TagValues};
pub use fields::Fields;
pub(crate) use fields::TagField;
pub use gram::{POPULARITY_EXPONENT, popularity_weights};
pub use header::{Header, MAX_TENSORS, TensorInfo, format_error};
pub use items::{Items, Unknown};
pub use new_item::NewItem;
pub use order_weights::ORDER_WEIGHTS;
pub use packer::Packer;
pub use precision::Precision;
pub use recipe::{Algorithm, Recipe};
pub use rooms::Room;
pub use rooms::Tensor;
pub use rows::Rows;
pub use split::{Part, Split};
pub use strings::Strings;
pub use together::{Together, TogetherView};

use crate::error::{Error, Result};
use crate::named::Named;
use crate::visitor::Tower;
use arrival::{Arrival, WHOLE_ITEMS};
use bounds::LazyBounds;
use catalog::PLACES;
use header::{F32S, Tensors};
use ids::Ids;
use std::ops::Range;

/// The generation of the file format that this build reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// The widest rows that are accepted. Wider ones would overflow the integer kernels' 32-bit sums.
pub const MAX_DIM: usize = 4096;

/// Factors of `items` items in `dim` dimensions, with ids, catalogue and the recipe that made them.
#[derive(Debug)]
pub struct Model {
    header: Header,
    bytes: AlignedBytes,
    items: usize,
    dim: usize,
    precision: Precision,
    factors: Range<usize>,
    scales: Option<F32S>,
    biases: Option<F32S>,
    counts: Option<Range<usize>>,
    trend: Option<Range<usize>>,
    prior: Option<F32S>,
    gram: Vec<f32>,
    ids: Ids,
    extremes: Extremes,
    bounds: LazyBounds,
    catalog: Catalog,
    recipe: Recipe,
    /// What has yet to come; None: nothing.
    arrival: Option<Box<Arrival>>,
}

impl Model {
    /// Checks `bytes` (a safetensors data section, without its header) against `header` and takes both.
    ///
    /// # Errors
    /// [`Problem::Format`] or [`Problem::Version`] naming the part that does not hold; the model is then dropped
    /// whole.
    pub fn open(header: Header, bytes: AlignedBytes) -> Result<Model> {
        let mut model = Model::located(header, bytes, true)?;
        let tensors = Tensors::of_open(&model.header);
        let gram = tensors.f32s(GRAM, &[model.dim, model.dim])?;
        model.gram = match gram {
            Some(range) => range.of(&model.bytes).to_vec(),
            None => model.gram_of_rows(),
        };
        model.extremes = Extremes::check(&model)?;
        // Its visitors are folded in through its tower: it is as much a part of it as the factors.
        let has_towers = model.recipe.algorithm == Algorithm::TwoTower;
        if has_towers && Tower::open(&model)?.is_none() {
            return Err(Error::format("tower.second", "a user tower", "none", PACK_AGAIN));
        }
        if model.recipe.algorithm == Algorithm::Next {
            model.order_weights()?;
        }
        Ok(model)
    }

    /// Where everything lies. Texts and tags are checked where they are there already.
    fn located(header: Header, bytes: AlignedBytes, are_there: bool) -> Result<Model> {
        let recipe = Recipe::from_metadata(&header.metadata)?;
        let tensors = Tensors::check(&header, bytes.len())?;
        let (items, dim, precision) = shape_of_factors(&tensors)?;
        let factors = tensors.range(FACTORS, precision.dtype(), &[items, precision.row_bytes(dim)?])?;
        let scales = match precision.has_scales() {
            true => Some(tensors.required_f32s(SCALES, &[items])?),
            false => None,
        };
        let data = are_there.then_some(&*bytes);
        Ok(Model {
            items,
            dim,
            precision,
            factors,
            scales,
            biases: tensors.f32s(BIASES, &[items])?,
            counts: tensors.optional(COUNTS, "U32", &[items])?,
            trend: tensors.optional(TREND, "U8", &[items])?,
            prior: tensors.f32s(PRIOR, &[dim])?,
            gram: Vec::new(),
            ids: Ids::open(&tensors, items, data)?,
            extremes: Extremes::default(),
            bounds: LazyBounds::default(),
            catalog: Catalog::open(&tensors, items, data)?,
            recipe,
            arrival: None,
            bytes,
            header,
        })
    }

    /// How many items it has; at least 1.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How many items its Gram matrix is of: those of the whole model, where this one is its head.
    fn items_in_gram(&self) -> usize {
        let whole = self.metadata().get(WHOLE_ITEMS).and_then(|text| ids::number(text));
        self.items.max(whole.unwrap_or(0) as usize)
    }

    /// Length of an item's factor.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// How the rows are stored.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The data section of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The rows as they lie in memory.
    pub fn rows(&self) -> Rows<'_> {
        let bytes = &self.bytes[self.factors.clone()];
        Rows::new(self.precision, self.dim, bytes, self.scales.as_ref().map_or(&[], |s| s.of(&self.bytes)))
    }

    /// What is added to an item's inner product, [items]; only for algorithms that learn it.
    pub fn biases(&self) -> Option<&[f32]> {
        self.biases.as_ref().map(|range| range.of(&self.bytes))
    }

    /// How many interactions each item had in training, [items].
    pub fn counts(&self) -> Option<&[u32]> {
        self.counts.as_ref().map(|range| bytemuck::cast_slice(&self.bytes[range.clone()]))
    }

    /// How much each item was in demand at the end of training's interactions, [items]: half of it gone in 30 days.
    pub fn trend(&self) -> Option<&[u8]> {
        self.trend.as_ref().map(|range| &self.bytes[range.clone()])
    }

    /// What is believed of a visitor's vector before the first event, [dim].
    pub fn prior(&self) -> Option<&[f32]> {
        self.prior.as_ref().map(|range| range.of(&self.bytes))
    }

    /// How long the rows of each block are, measured as soon as that pays; nothing before.
    pub(crate) fn bounds(&self) -> &[Bounds] {
        self.bounds.of(self)
    }

    /// What one look at all numbers told.
    pub(crate) fn extremes(&self) -> Extremes {
        self.extremes
    }

    /// The Gram matrix of the item factors, [dim, dim] row-major: the sum of `q qᵀ` over all items, each times its
    /// [popularity weight](Model::popularity_weights).
    pub fn gram(&self) -> &[f32] {
        &self.gram
    }

    /// What [`Model::gram`] should be by the rows as they are, and what `foldin check` compares it with.
    #[inline(never)]
    pub fn gram_of_rows(&self) -> Vec<f32> {
        gram::gram(self.rows(), self.items, self.dim, self.popularity_weights().as_deref())
    }

    /// What the weight of an unobserved pair was multiplied by in training, [items]; None: alike for all.
    pub fn popularity_weights(&self) -> Option<Vec<f32>> {
        gram::item_weights(self.counts(), self.metadata().get(POPULARITY_EXPONENT).map(String::as_str))
    }

    /// What made the factors, and with which hyperparameters.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Titles, tags and numbers of the items.
    pub fn catalog(&self) -> CatalogView<'_> {
        CatalogView { catalog: &self.catalog, bytes: &self.bytes, items: self.items, added: &[] }
    }

    /// The item's place on the map, where the model has one.
    pub fn place(&self, item: u32) -> Option<[f32; 2]> {
        let range = Tensors::of_open(&self.header).range(PLACES, "F32", &[self.items, 2]).ok()?;
        let places: &[[f32; 2]] = bytemuck::cast_slice(&self.bytes[range]);
        places.get(item as usize).copied()
    }

    /// The header of the file.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The strings of the file's `__metadata__`.
    pub fn metadata(&self) -> &Named<String> {
        &self.header.metadata
    }

    /// The id of the item in row `item`.
    pub fn id(&self, item: u32) -> String {
        self.ids.get(item, &self.bytes)
    }

    /// The row of the item with this id.
    ///
    /// # Errors
    /// [`crate::Problem::UnknownItem`] when there is none.
    pub fn find(&self, id: &str) -> Result<u32> {
        Items::from(self).find(id)
    }

    fn position(&self, id: &str) -> Option<u32> {
        match &self.arrival {
            Some(arrival) => arrival.find(self, id),
            None => self.ids.find(id, &self.bytes),
        }
    }

    /// Writes the item's factor as f32 into `out`, whose length is [`Model::dim`].
    pub fn factor_into(&self, item: u32, out: &mut [f32]) {
        self.rows().decode(item as usize, out);
    }

    /// The item's factor as f32.
    pub fn factor(&self, item: u32) -> Vec<f32> {
        let mut out = vec![0.0; self.dim];
        self.factor_into(item, &mut out);
        out
    }
}

pub(crate) const FACTORS: &str = "item_factors";
pub(crate) const SCALES: &str = "item_scales";
pub(crate) const BIASES: &str = "item_biases";
/// The tensor with how many interactions each item had in training, [items].
pub const COUNTS: &str = "item_counts";
pub(crate) const TREND: &str = "item_trend";
/// The tensor with what is believed of anybody, [dim].
pub const PRIOR: &str = "prior.mean";
pub(crate) const GRAM: &str = "item_gram";
pub(crate) const ID_NUMBERS: &str = "item_numbers";
pub(crate) const ID_BYTES: &str = "item_ids";
pub(crate) const ID_OFFSETS: &str = "item_id_offsets";

/// The catalogue of a model, read in place.
#[derive(Clone, Copy, Debug)]
pub struct CatalogView<'a> {
    catalog: &'a Catalog,
    bytes: &'a [u8],
    /// How many items the model has.
    items: usize,
    /// The items after them.
    added: &'a [Added],
}

impl<'a> CatalogView<'a> {
    /// The item's title, where the catalogue has titles.
    pub fn title(&self, item: u32) -> Option<&'a str> {
        match self.added(item) {
            Some(added) => added.title.as_deref(),
            None => self.catalog.titles.as_ref().map(|titles| titles.get(item as usize, self.bytes)),
        }
    }

    /// The columns of tags, by name.
    pub fn tag_columns(&self) -> &'a Named<TagColumn> {
        &self.catalog.tags
    }

    /// The columns of numbers, by name.
    pub fn number_columns(&self) -> &'a Named<NumberColumn> {
        &self.catalog.numbers
    }

    /// The item's tags in `column`, as positions in the column's vocabulary.
    pub fn tag_codes(&self, column: &'a TagColumn, item: u32) -> &'a [u32] {
        match self.added(item) {
            Some(added) => &added.tags[column.position],
            None => column.codes(item as usize, self.bytes),
        }
    }

    /// The name of tag `code` in `column`.
    pub fn tag_name(&self, column: &'a TagColumn, code: u32) -> &'a str {
        column.name(code, self.bytes)
    }

    /// The item's number in `column`; NaN where it has none.
    pub fn number(&self, column: &NumberColumn, item: u32) -> f32 {
        match self.added(item) {
            Some(added) => added.numbers[column.position],
            None => column.get(item as usize, self.bytes),
        }
    }

    fn added(&self, item: u32) -> Option<&'a Added> {
        (item as usize).checked_sub(self.items).map(|at| &self.added[at])
    }
}

const PACK_AGAIN: &str = "pack the model again with `foldin pack` or `foldin train`";

/// Items, dimension and precision, from the one tensor that every model has.
fn shape_of_factors(tensors: &Tensors<'_>) -> Result<(usize, usize, Precision)> {
    let info = tensors.get(FACTORS)?;
    let precision = Precision::from_dtype(&info.dtype).ok_or_else(|| {
        let found = format_args!("dtype {}", info.dtype);
        Error::format(FACTORS, "dtype F32, F16, I8 or U8 (int4)", found, PACK_AGAIN)
    })?;
    let &[items, stored] = info.shape.as_slice() else {
        let found = header::Described(&info.dtype, &info.shape);
        return Err(Error::format(FACTORS, "shape [items, dim]", found, PACK_AGAIN));
    };
    let dim = if precision == Precision::Int4 { stored.saturating_mul(2) } else { stored };
    if items == 0 || items > u32::MAX as u64 / 2 {
        let found = format_args!("{items} items");
        return Err(Error::format(FACTORS, "at least 1 item and fewer than 2^31", found, PACK_AGAIN));
    }
    if dim == 0 || dim > MAX_DIM as u64 {
        let found = format_args!("dimension {dim}");
        return Err(Error::format(FACTORS, "a dimension of 1 to 4096", found, PACK_AGAIN));
    }
    Ok((items as usize, dim as usize, precision))
}
