//! The second look at rows that are packed: each is rounded straight into its place in the model.

use super::header::{Header, Layout, Tensors};
use super::measure::{Order, all_there, whole_rows};
use super::{AlignedBytes, BLOCK, FACTORS, GRAM, Model, Precision, Rows, SCALES, gram, rounding};
use crate::error::{Error, Result};
use crate::named::Named;
use foldin_kernel::{to_halves, to_nibbles};
use half::f16;
use half::slice::HalfFloatSliceExt;
use std::ops::Range;

/// A model whose rows are yet to come.
pub(super) struct RowWriter {
    dim: usize,
    precision: Precision,
    metric: Vec<f32>,
    /// The place of each row, in the order in which they come.
    places: Vec<u32>,
    /// Rows that have come.
    written: usize,
    header: Header,
    bytes: AlignedBytes,
    factors: Range<usize>,
    scales: Range<usize>,
}

impl Order {
    /// Room for the tensors that rows are written into.
    pub(super) fn layout<'a>(&self) -> Result<Layout<'a>> {
        let (items, mut layout) = (self.rows.len(), Layout::default());
        layout.reserve(FACTORS, self.precision.dtype(), &[items, self.precision.row_bytes(self.dim)?]);
        if self.precision.has_scales() {
            layout.reserve(SCALES, "F32", &[items]);
        }
        layout.reserve(GRAM, "F32", &[self.dim, self.dim]);
        Ok(layout)
    }
}

impl RowWriter {
    /// With all of the model but its rows: [`Order::layout`] and what was pushed behind.
    pub(super) fn new(order: Order, layout: Layout<'_>, metadata: Named<String>) -> Result<RowWriter> {
        let Order { dim, precision, rows, metric } = order;
        let (header, bytes) = layout.finish(metadata)?;
        let mut places = vec![0; rows.len()];
        rows.iter().zip(0..).for_each(|(&row, place)| places[row as usize] = place);
        let tensors = Tensors::of_open(&header);
        let factors = tensors.range(FACTORS, precision.dtype(), &[rows.len(), precision.row_bytes(dim)?])?;
        let scales = tensors.optional(SCALES, "F32", &[rows.len()])?.unwrap_or_default();
        Ok(RowWriter { dim, precision, metric, places, written: 0, header, bytes, factors, scales })
    }

    /// Takes the next rows in, the same as were measured.
    pub(super) fn add(&mut self, rows: &[f32]) -> Result<()> {
        whole_rows(rows, self.dim, self.places.len() - self.written)?;
        rows.chunks(BLOCK * self.dim).for_each(|block| self.add_block(block));
        Ok(())
    }

    fn add_block(&mut self, rows: &[f32]) {
        let dim = self.dim;
        match self.precision {
            Precision::F32 => self.place::<f32>(rows, &[]),
            Precision::F16 => {
                let mut halves = vec![f16::ZERO; rows.len()];
                to_halves(rows, &mut halves);
                self.place::<u16>(halves.reinterpret_cast(), &[]);
            }
            Precision::Int8 => {
                let (integers, scales) = rounding::to_nearest(rows, dim);
                self.place(&integers, &scales);
            }
            Precision::Int4 => {
                let (integers, scales) = rounding::for_scores(rows, dim, &self.metric);
                let mut nibbles = vec![0u8; integers.len() / 2];
                to_nibbles(&integers, &mut nibbles);
                self.place(&nibbles, &scales);
            }
        }
        self.written += rows.len() / dim;
    }

    /// Puts rounded rows and their scales where they belong.
    fn place<T: bytemuck::NoUninit>(&mut self, rows: &[T], scales: &[f32]) {
        let places = &self.places[self.written..];
        let stride = self.factors.len() / self.places.len();
        let factors = &mut self.bytes[self.factors.clone()];
        for (row, &place) in bytemuck::cast_slice::<T, u8>(rows).chunks_exact(stride).zip(places) {
            factors[place as usize * stride..][..stride].copy_from_slice(row);
        }
        let all_scales: &mut [f32] = bytemuck::cast_slice_mut(&mut self.bytes[self.scales.clone()]);
        scales.iter().zip(places).for_each(|(&scale, &place)| all_scales[place as usize] = scale);
    }

    /// The model, when all rows are in, with their Gram matrix; `weights` are those of its items, or 1.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for an id that stands twice; as [`Model::open`].
    pub(super) fn finish(mut self, weights: Option<&[f32]>) -> Result<Model> {
        let items = self.places.len();
        all_there("factors", self.written, items)?;
        let scales = bytemuck::cast_slice(&self.bytes[self.scales.clone()]);
        let rows = Rows::new(self.precision, self.dim, &self.bytes[self.factors.clone()], scales);
        let gram = gram::gram(rows, items, self.dim, weights);
        let range = Tensors::of_open(&self.header).range(GRAM, "F32", &[self.dim, self.dim])?;
        self.bytes[range].copy_from_slice(bytemuck::cast_slice(&gram));
        drop(self.places);
        let model = Model::open(self.header, self.bytes)?;
        match model.ids.twice(&model.bytes) {
            Some(id) => Err(Error::argument("ids", "each id once", format_args!("{id} twice"))),
            None => Ok(model),
        }
    }
}
