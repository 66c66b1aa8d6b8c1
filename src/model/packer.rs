//! Factors from elsewhere, packed as they come, a few rows at a time: of what is not packed yet only one number a row is
//! kept.

use super::header::Layout;
use super::measure::{Measured, Order, all_there};
use super::row_writer::RowWriter;
use super::strings::Texts;
use super::{BIASES, ID_BYTES, ID_NUMBERS, ID_OFFSETS, Model, Precision, Recipe};
use crate::error::{Error, Result};
use crate::named::Named;

/// Makes a model of factors [items, dim] in two passes: first every row is measured, then every row is packed, both times
/// all of them in the same order, in chunks of any number of whole rows. How they are cut does not show in the model,
/// which is that of [`Model::pack`].
///
/// ```
/// use foldin::model::{Packer, Precision};
/// let factors = [[3.0, 4.0], [5.0, 12.0], [0.5, -0.5]];
/// let mut packer = Packer::new(3, 2, Precision::Int8)?;
/// for row in &factors {
///     packer.measure(row)?;
/// }
/// packer.ids(&["a", "b", "c"])?;
/// for row in &factors {
///     packer.pack(row)?;
/// }
/// assert_eq!(packer.finish()?.id(0), "b");
/// # Ok::<(), foldin::Error>(())
/// ```
pub struct Packer {
    items: usize,
    pass: Pass,
    ids: Option<Texts>,
    biases: Option<Vec<f32>>,
}

enum Pass {
    Measure(Measured),
    Pack(RowWriter),
    /// After an error.
    Broken,
}

impl Packer {
    /// For `items` rows of `dim` numbers.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for no items or 2^31 and more, a dimension outside 1 to [`super::MAX_DIM`], or an
    /// odd one for int4.
    pub fn new(items: usize, dim: usize, precision: Precision) -> Result<Packer> {
        let pass = Pass::Measure(Measured::new(items, dim, precision)?);
        Ok(Packer { items, pass, ids: None, biases: None })
    }

    /// Takes the next rows in, [rows x dim], for the first time.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for numbers that are not finite; [`crate::Problem::Argument`] for a part of a row,
    /// more rows than there are, or when packing has begun.
    pub fn measure(&mut self, rows: &[f32]) -> Result<()> {
        match &mut self.pass {
            Pass::Measure(measured) => measured.add(rows),
            _ => Err(out_of_turn("rows to measure before any is packed")),
        }
    }

    /// Names the next items, before any row is packed. Without ids an item's id is the number of its row.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] when packing has begun, or for more ids than items.
    pub fn ids(&mut self, ids: &[impl AsRef<str>]) -> Result<()> {
        self.before_packing()?;
        let texts = self.ids.get_or_insert_default();
        if ids.len() > self.items - texts.len() {
            return all_there("ids", texts.len() + ids.len(), self.items);
        }
        ids.iter().for_each(|id| texts.push(id.as_ref()));
        Ok(())
    }

    /// What is added to the inner products of the next items, before any row is packed. Without biases nothing is.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] when packing has begun.
    pub fn biases(&mut self, biases: &[f32]) -> Result<()> {
        self.before_packing()?;
        self.biases.get_or_insert_default().extend_from_slice(biases);
        Ok(())
    }

    /// Takes the next rows in, [rows x dim], for the second time.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a part of a row, more rows than there are, or as long as not all rows are
    /// measured, and all items named or none; [`crate::Problem::OutOfMemory`].
    pub fn pack(&mut self, rows: &[f32]) -> Result<()> {
        if let Pass::Measure(_) = self.pass {
            self.pass = Pass::Pack(self.begin()?);
        }
        match &mut self.pass {
            Pass::Pack(writer) => writer.add(rows),
            _ => Err(out_of_turn("a new start after an error")),
        }
    }

    /// The model.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] as long as not all rows are packed, and for an id that stands twice;
    /// [`crate::Problem::Format`] for biases that are not finite, or factors so large that their Gram matrix is not.
    pub fn finish(self) -> Result<Model> {
        match self.pass {
            Pass::Pack(writer) => writer.finish(None),
            _ => Err(out_of_turn("all rows packed")),
        }
    }

    fn before_packing(&self) -> Result<()> {
        match self.pass {
            Pass::Measure(_) => Ok(()),
            _ => Err(out_of_turn("ids and biases before any row is packed")),
        }
    }

    /// Leaves the first pass behind.
    fn begin(&mut self) -> Result<RowWriter> {
        let Pass::Measure(measured) = std::mem::replace(&mut self.pass, Pass::Broken) else {
            return Err(out_of_turn("a new start after an error"));
        };
        let order = measured.order()?;
        let (ids, biases) = (self.ids.take(), self.biases.take());
        let ids = OrderedIds::in_order(&order, ids.as_ref())?;
        let biases = biases.map(|biases| {
            all_there("biases", biases.len(), self.items)?;
            Ok::<Vec<f32>, Error>(permute(&biases, &order.rows))
        });
        let biases = biases.transpose()?;
        let mut layout = order.layout()?;
        ids.push(&mut layout);
        if let Some(biases) = &biases {
            layout.push(BIASES, "F32", &[self.items], biases);
        }
        let metadata = metadata(&Recipe::default(), order.precision);
        RowWriter::new(order, layout, metadata)
    }
}

fn out_of_turn(expected: &'static str) -> Error {
    Error::argument("factors", expected, "another call")
}

/// What every model says of itself.
pub(super) fn metadata(recipe: &Recipe, precision: Precision) -> Named<String> {
    let mut metadata = Named::default();
    recipe.write_metadata(&mut metadata);
    metadata.push("precision".into(), precision.name().into());
    metadata
}

/// Values of rows as they came, in the order of a model.
pub(super) fn permute<T: Clone>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values[row as usize].clone()).collect()
}

/// What the rows of a model are called, in their order.
pub(super) enum OrderedIds {
    Texts(Texts),
    /// As they were numbered when they came.
    Numbers(Vec<u32>),
}

impl OrderedIds {
    pub(super) fn in_order(order: &Order, ids: Option<&Texts>) -> Result<OrderedIds> {
        let Some(ids) = ids else { return Ok(OrderedIds::Numbers(order.rows.clone())) };
        all_there("ids", ids.len(), order.rows.len())?;
        Ok(OrderedIds::Texts(order.rows.iter().map(|&row| ids.get(row as usize)).collect()))
    }

    pub(super) fn push<'a>(&'a self, layout: &mut Layout<'a>) {
        match self {
            OrderedIds::Texts(texts) => texts.push_to(layout, ID_BYTES, ID_OFFSETS),
            OrderedIds::Numbers(numbers) => layout.push(ID_NUMBERS, "U32", &[numbers.len()], numbers),
        }
    }
}
