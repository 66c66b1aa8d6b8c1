//! From factors to a model: rounding, row order, layout.

use super::gram::{self, POPULARITY_EXPONENT};
use super::header::Layout;
use super::measure::{Measured, all_there};
use super::packer::{OrderedIds, metadata, permute};
use super::row_writer::RowWriter;
use super::stable::keep_rows;
use super::strings::Texts;
use super::together::Columns;
use super::{BIASES, COUNTS, CatalogColumns, Factors, Model, Precision, TREND, catalog};
use crate::error::Result;

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
    ///
    /// [`Problem::Format`]: crate::Problem::Format
    /// [`Problem::Argument`]: crate::Problem::Argument
    pub fn pack(factors: &Factors, precision: Precision) -> Result<Model> {
        pack(factors, precision, |_| {})
    }

    /// Packs a new release of `last`, of which a page that has that one in parts downloads few: as [`Model::pack`] but for
    /// the order of the rows. Each item keeps the row that it has in `last`; all others, the longest first, take the rows
    /// of items that went, then rows at the end.
    ///
    /// # Errors
    /// As [`Model::pack`].
    pub fn pack_after(last: &Model, factors: &Factors, precision: Precision) -> Result<Model> {
        let id = |item: u32| match &factors.ids {
            Some(ids) => ids[item as usize].clone(),
            None => item.to_string(),
        };
        pack(factors, precision, |rows| keep_rows(rows, id, last))
    }
}

/// Packs, after `arrange` had its say on the order of the rows, which fall in length.
fn pack(factors: &Factors, precision: Precision, arrange: impl FnOnce(&mut [u32])) -> Result<Model> {
    let (items, dim) = factors.values.dim();
    let values = factors.values.as_standard_layout();
    let values = values.as_slice().expect("rows one after the other");
    let mut measured = Measured::new(items, dim, precision)?;
    measured.add(values)?;
    check_columns(factors, items)?;
    let mut order = measured.order()?;
    arrange(&mut order.rows);
    let texts = factors.ids.as_ref().map(|ids| ids.iter().collect::<Texts>());
    let ids = OrderedIds::in_order(&order, texts.as_ref())?;
    drop(texts);
    let biases = factors.biases.as_ref().map(|biases| permute(biases, &order.rows));
    let counts = factors.counts.as_ref().map(|counts| permute(counts, &order.rows));
    let trend = factors.trend.as_ref().map(|trend| permute(trend, &order.rows));
    let together = factors.together.as_ref().map(|together| Columns::from(together.select(&order.rows)));
    let exponent = factors.metadata.get(POPULARITY_EXPONENT).map(String::as_str);
    let weights = gram::item_weights(counts.as_deref(), exponent);
    let columns = OrderedCatalog::new(&factors.catalog, &order.rows);

    let mut layout = order.layout()?;
    ids.push(&mut layout);
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
    together.iter().for_each(|together| together.push(&mut layout));
    factors.rooms.iter().for_each(|tensor| tensor.push(&mut layout));
    let mut metadata = metadata(&factors.recipe, precision);
    for (name, value) in &factors.metadata {
        if metadata.get(name).is_none() {
            metadata.push(name.clone(), value.clone());
        }
    }
    let mut writer = RowWriter::new(order, layout, metadata)?;
    writer.add(values)?;
    writer.finish(weights.as_deref())
}

fn check_columns(factors: &Factors, items: usize) -> Result<()> {
    let lengths = [
        ("ids", factors.ids.as_ref().map(Vec::len)),
        ("biases", factors.biases.as_ref().map(Vec::len)),
        ("counts", factors.counts.as_ref().map(Vec::len)),
        ("trend", factors.trend.as_ref().map(Vec::len)),
        ("together", factors.together.as_ref().map(|together| together.0.len())),
        ("titles", factors.catalog.titles.as_ref().map(Vec::len)),
        ("places", factors.catalog.places.as_ref().map(Vec::len)),
    ];
    let tags = factors.catalog.tags.values().map(|column| ("tags", Some(column.codes.len())));
    let numbers = factors.catalog.numbers.values().map(|column| ("numbers", Some(column.len())));
    for (field, len) in lengths.into_iter().chain(tags).chain(numbers) {
        len.map_or(Ok(()), |len| all_there(field, len, items))?;
    }
    Ok(())
}

/// The catalogue's columns in the rows' order, as the file holds them.
struct OrderedCatalog<'a> {
    titles: Option<Texts>,
    tags: Vec<OrderedTags<'a>>,
    numbers: Vec<(&'a str, Vec<f32>)>,
    places: Option<Vec<[f32; 2]>>,
}

struct OrderedTags<'a> {
    name: &'a str,
    codes: Vec<u32>,
    offsets: Vec<u32>,
    vocabulary: Texts,
}

impl<'a> OrderedCatalog<'a> {
    fn new(columns: &'a CatalogColumns, order: &[u32]) -> Self {
        let tags = columns.tags.iter().map(|(name, column)| {
            let rows = || order.iter().map(|&row| &column.codes[row as usize]);
            let ends = rows().scan(0, |end, codes| {
                *end += codes.len() as u32;
                Some(*end)
            });
            OrderedTags {
                name,
                codes: rows().flatten().copied().collect(),
                offsets: std::iter::once(0).chain(ends).collect(),
                vocabulary: column.vocabulary.iter().collect(),
            }
        });
        OrderedCatalog {
            titles: columns
                .titles
                .as_ref()
                .map(|titles| order.iter().map(|&row| &titles[row as usize]).collect()),
            tags: tags.collect(),
            numbers: columns.numbers.iter().map(|(name, v)| (name.as_str(), permute(v, order))).collect(),
            places: columns.places.as_ref().map(|places| permute(places, order)),
        }
    }

    fn push<'b>(&'b self, layout: &mut Layout<'b>) {
        use catalog::{NUMBERS, OFFSETS, PLACES, TAGS, TITLE, VOCABULARY};
        if let Some(titles) = &self.titles {
            titles.push_to(layout, TITLE, &format!("{TITLE}{OFFSETS}"));
        }
        for OrderedTags { name, codes, offsets, vocabulary } in &self.tags {
            layout.push(format!("{TAGS}{name}"), "U32", &[codes.len()], codes);
            layout.push(format!("{TAGS}{name}{OFFSETS}"), "U32", &[offsets.len()], offsets);
            let vocabulary_name = format!("{VOCABULARY}{name}");
            vocabulary.push_to(layout, &vocabulary_name, &format!("{vocabulary_name}{OFFSETS}"));
        }
        for (name, values) in &self.numbers {
            layout.push(format!("{NUMBERS}{name}"), "F32", &[values.len()], values);
        }
        if let Some(places) = &self.places {
            layout.push(PLACES, "F32", &[places.len(), 2], places);
        }
    }
}
