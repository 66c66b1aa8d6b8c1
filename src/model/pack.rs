//! From factors to a model: rounding, row order, layout.

use super::extremes::not_finite;
use super::gram::POPULARITY_EXPONENT;
use super::header::Layout;
use super::precision::PackedRows;
use super::recipe::RESERVED;
use super::strings::concatenate;
use super::{
    BIASES, COUNTS, FACTORS, Factors, GRAM, ID_BYTES, ID_NUMBERS, ID_OFFSETS, Model, Precision, SCALES,
};
use super::{CatalogColumns, TREND, catalog, gram};
use crate::error::{Error, Result};
use crate::named::Named;
use crate::order;

/// The metadata that names the precision.
const PRECISION: &str = "precision";

impl Model {
    /// Rounds the factors to `precision` and lays them out as the file has them.
    ///
    /// Rows are ordered by falling norm (ties by their old order), so that scoring can stop where no later
    /// row can reach the best. Without ids an item's id is the number of its old row, which goes along.
    ///
    /// # Errors
    /// [`Problem::Format`] for numbers that are not finite (such a model is refused, never written);
    /// [`Problem::Argument`] for columns of another length than the factors, an id that stands twice, or an odd
    /// dimension for int4.
    pub fn pack(factors: &Factors, precision: Precision) -> Result<Model> {
        let (items, dim) = factors.values.dim();
        // Rounding to integers would hide a NaN: it must be looked for before.
        factors.values.iter().all(|v| v.is_finite()).then_some(()).ok_or_else(|| not_finite(FACTORS))?;
        check_columns(factors, items)?;
        let row_len = precision.row_bytes(dim)?;
        let order = by_falling_norm(factors);
        let (ordered, _) = factors.values.select(ndarray::Axis(0), &order).into_raw_vec_and_offset();
        let rows = PackedRows::pack(precision, ordered, dim);
        let ids = factors.ids.as_ref().map(|ids| concatenate(&permute(ids, &order)));
        let numbers: Vec<u32> = order.iter().map(|&row| row as u32).collect();
        let biases = factors.biases.as_ref().map(|biases| permute(biases, &order));
        let counts = factors.counts.as_ref().map(|counts| permute(counts, &order));
        let exponent = factors.metadata.get(POPULARITY_EXPONENT).map(String::as_str);
        let weights = gram::item_weights(counts.as_deref(), exponent);
        let weight = |item: usize| weights.as_ref().map_or(1.0, |weights| f64::from(weights[item]));
        let gram = gram::gram(rows.view(dim), items, dim, weight);
        let trend = factors.trend.as_ref().map(|trend| permute(trend, &order));
        let columns = OrderedCatalog::new(&factors.catalog, &order);

        let mut layout = Layout::default();
        let shape = [items, row_len];
        match &rows {
            PackedRows::F32(rows) => layout.push(FACTORS, "F32", &shape, rows),
            PackedRows::F16(rows) => {
                use half::slice::HalfFloatSliceExt;
                layout.push(FACTORS, "F16", &shape, rows.reinterpret_cast())
            }
            PackedRows::Int8 { rows, scales } => {
                layout.push(FACTORS, "I8", &shape, rows);
                layout.push(SCALES, "F32", &[items], scales);
            }
            PackedRows::Int4 { rows, scales } => {
                layout.push(FACTORS, "U8", &shape, rows);
                layout.push(SCALES, "F32", &[items], scales);
            }
        }
        layout.push(GRAM, "F32", &[dim, dim], &gram);
        match &ids {
            Some((bytes, offsets)) => push_strings(&mut layout, ID_BYTES, ID_OFFSETS, bytes, offsets),
            None => layout.push(ID_NUMBERS, "U32", &[items], &numbers),
        }
        if let Some(biases) = &biases {
            layout.push(BIASES, "F32", &[items], biases);
        }
        if let Some(counts) = &counts {
            layout.push(COUNTS, "U32", &[items], counts);
        }
        if let Some(trend) = &trend {
            layout.push(TREND, "U8", &[items], trend);
        }
        columns.push(&mut layout);
        factors.rooms.iter().for_each(|tensor| tensor.push(&mut layout));
        let mut metadata = Named::default();
        factors.recipe.write_metadata(&mut metadata);
        metadata.push(PRECISION.into(), precision.name().into());
        let own = |name: &str| RESERVED.contains(&name) || name == PRECISION;
        for (name, value) in factors.metadata.iter().filter(|(name, _)| !own(name)) {
            metadata.push(name.clone(), value.clone());
        }
        let (header, bytes) = layout.finish(metadata)?;
        let model = Model::open(header, bytes)?;
        match (0..items as u32).find(|&row| model.find(&model.id(row)).ok() != Some(row)) {
            Some(row) => Err(Error::argument("ids", "each id once", format!("{} twice", model.id(row)))),
            None => Ok(model),
        }
    }
}

fn check_columns(factors: &Factors, items: usize) -> Result<()> {
    let lengths = [
        ("ids", factors.ids.as_ref().map(Vec::len)),
        ("biases", factors.biases.as_ref().map(Vec::len)),
        ("counts", factors.counts.as_ref().map(Vec::len)),
        ("trend", factors.trend.as_ref().map(Vec::len)),
        ("titles", factors.catalog.titles.as_ref().map(Vec::len)),
        ("places", factors.catalog.places.as_ref().map(Vec::len)),
    ];
    let tags = factors.catalog.tags.values().map(|column| ("tags", Some(column.codes.len())));
    let numbers = factors.catalog.numbers.values().map(|column| ("numbers", Some(column.len())));
    for (field, len) in lengths.into_iter().chain(tags).chain(numbers) {
        if len.is_some_and(|len| len != items) {
            return Err(Error::argument(field, format!("{items} entries, one an item"), len.unwrap_or(0)));
        }
    }
    Ok(())
}

/// Old row numbers in their new order.
fn by_falling_norm(factors: &Factors) -> Vec<usize> {
    let norms: Vec<f32> = factors.values.rows().into_iter().map(|row| row.dot(&row)).collect();
    order::by_falling(norms).collect()
}

fn permute<T: Clone>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&row| values[row].clone()).collect()
}

fn push_strings<'a>(
    layout: &mut Layout<'a>,
    bytes_name: &str,
    offsets_name: &str,
    bytes: &'a [u8],
    offsets: &'a [u32],
) {
    layout.push(bytes_name, "U8", &[bytes.len()], bytes);
    layout.push(offsets_name, "U32", &[offsets.len()], offsets);
}

/// The catalogue's columns in the rows' order, as the file holds them.
struct OrderedCatalog<'a> {
    titles: Option<(Vec<u8>, Vec<u32>)>,
    tags: Vec<OrderedTags<'a>>,
    numbers: Vec<(&'a str, Vec<f32>)>,
    places: Option<Vec<[f32; 2]>>,
}

struct OrderedTags<'a> {
    name: &'a str,
    codes: Vec<u32>,
    offsets: Vec<u32>,
    vocabulary: (Vec<u8>, Vec<u32>),
}

impl<'a> OrderedCatalog<'a> {
    fn new(columns: &'a CatalogColumns, order: &[usize]) -> Self {
        let tags = columns.tags.iter().map(|(name, column)| {
            let rows = || order.iter().map(|&row| &column.codes[row]);
            let ends = rows().scan(0, |end, codes| {
                *end += codes.len() as u32;
                Some(*end)
            });
            OrderedTags {
                name,
                codes: rows().flatten().copied().collect(),
                offsets: std::iter::once(0).chain(ends).collect(),
                vocabulary: concatenate(&column.vocabulary),
            }
        });
        OrderedCatalog {
            titles: columns.titles.as_ref().map(|titles| concatenate(&permute(titles, order))),
            tags: tags.collect(),
            numbers: columns.numbers.iter().map(|(name, v)| (name.as_str(), permute(v, order))).collect(),
            places: columns.places.as_ref().map(|places| permute(places, order)),
        }
    }

    fn push<'b>(&'b self, layout: &mut Layout<'b>) {
        use catalog::{NUMBERS, OFFSETS, PLACES, TAGS, TITLE, VOCABULARY};
        if let Some((bytes, offsets)) = &self.titles {
            push_strings(layout, TITLE, &format!("{TITLE}{OFFSETS}"), bytes, offsets);
        }
        for OrderedTags { name, codes, offsets, vocabulary: (bytes, ends) } in &self.tags {
            layout.push(format!("{TAGS}{name}"), "U32", &[codes.len()], codes);
            layout.push(format!("{TAGS}{name}{OFFSETS}"), "U32", &[offsets.len()], offsets);
            let vocabulary = format!("{VOCABULARY}{name}");
            push_strings(layout, &vocabulary, &format!("{vocabulary}{OFFSETS}"), bytes, ends);
        }
        for (name, values) in &self.numbers {
            layout.push(format!("{NUMBERS}{name}"), "F32", &[values.len()], values);
        }
        if let Some(places) = &self.places {
            layout.push(PLACES, "F32", &[places.len(), 2], places);
        }
    }
}
