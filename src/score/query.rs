//! A query vector, checked and brought into the number type that the rows are multiplied in.

use super::search::{Desk, Products};
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::model::{Bounds, Items, Rows};
use foldin_kernel::{self as kernel, PAD, Rough};

/// No score may be greater: sums of such numbers, and boosts of them, stay far inside f32.
const MAX_SCORE: f64 = 1e30;

/// A vector ready to be multiplied with the items' rows.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    items: Items<'a>,
    numbers: Numbers,
    biases: Option<&'a [f32]>,
    /// Of each block what no product is greater than, where that is known.
    pub(super) bounds: Vec<f32>,
}

#[derive(Debug)]
enum Numbers {
    /// For float rows: padded with zeros.
    Floats(Vec<f32>),
    /// For integer rows: number = scale x integer, laid out as the kernel of the precision reads it.
    Integers { values: Vec<i16>, scale: f32, rough: Option<Rough> },
}

impl<'a> Query<'a> {
    /// A query whose products are scores: inner products plus the items' biases.
    ///
    /// # Errors
    /// [`Problem::Argument`] for a wrong length, numbers that are not finite, or so large that a score might
    /// not be.
    pub(crate) fn new(items: Items<'a>, vector: &[f32]) -> Result<Query<'a>> {
        Query::checked(items, vector, items.model.biases())
    }

    /// A query whose products are inner products alone.
    ///
    /// # Errors
    /// As [`Query::new`].
    pub(crate) fn without_biases(items: Items<'a>, vector: &[f32]) -> Result<Query<'a>> {
        Query::checked(items, vector, None)
    }

    fn checked(items: Items<'a>, vector: &[f32], biases: Option<&'a [f32]>) -> Result<Query<'a>> {
        let Items { model, .. } = items;
        let dim = model.dim();
        if vector.len() != dim {
            return Err(Error::argument("vector", format_args!("{dim} numbers"), vector.len()));
        }
        if let Some(wrong) = vector.iter().find(|v| !v.is_finite()) {
            return Err(Error::argument("vector", "finite numbers", Decimal((*wrong).into())));
        }
        let (numbers, norm) = match model.rows() {
            Rows::F32 { .. } | Rows::F16 { .. } => (Numbers::Floats(padded(vector.to_vec())), length(vector)),
            Rows::Int8 { .. } => {
                let (values, scale) = to_integers(vector);
                let norm = f64::from(scale) * length(&values);
                let rough = Rough::new(&values, scale);
                (Numbers::Integers { values: padded(values), scale, rough }, norm)
            }
            Rows::Int4 { .. } => {
                let (values, scale) = to_integers(vector);
                let norm = f64::from(scale) * length(&values);
                let half = |odd| padded(values.iter().skip(odd).step_by(2).copied().collect());
                let mut halves: Vec<i16> = half(0);
                halves.extend(half(1));
                (Numbers::Integers { values: halves, scale, rough: None }, norm)
            }
        };
        // Cauchy and Schwarz: no inner product is greater than the product of the lengths. A sum of `dim` rounded
        // products is off by less than `dim` units in the last place of that.
        let rounded_up = norm * (1.0 + (dim + 16) as f64 * f64::from(f32::EPSILON));
        let bound = |block: &Bounds| {
            let product = (rounded_up * f64::from(block.max_norm)) as f32;
            product.next_up() + f32::MIN_POSITIVE + biases.map_or(0.0, |_| block.max_bias)
        };
        if rounded_up * items.longest() + f64::from(model.extremes().largest_bias) > MAX_SCORE {
            return Err(Error::argument("vector", "numbers whose scores stay below 1e30", "larger ones"));
        }
        Ok(Query { items, numbers, biases, bounds: model.bounds().iter().map(bound).collect() })
    }
}

impl Query<'_> {
    fn add_biases(&self, first: usize, products: &mut [f32]) {
        if let Some(biases) = self.biases {
            products
                .iter_mut()
                .zip(biases.get(first..).unwrap_or_default())
                .for_each(|(product, bias)| *product += bias);
        }
    }
}

impl Products for Query<'_> {
    fn fill(&self, first: usize, products: &mut [f32]) {
        let kernels = kernel::best();
        let (rows, at) = self.items.packed(first);
        match (rows, &self.numbers) {
            (Rows::F32 { values, dim }, Numbers::Floats(query)) => {
                (kernels.f32)(&values[at * dim..], dim, query, products);
            }
            (Rows::F16 { values, dim }, Numbers::Floats(query)) => {
                (kernels.f16)(&values[at * dim..], dim, query, products);
            }
            (Rows::Int8 { values, scales, dim }, Numbers::Integers { values: query, scale, .. }) => {
                (kernels.int8)(&values[at * dim..], dim, query, bytemuck::cast_slice_mut(products));
                kernel::scale(products, &scales[at..], *scale);
            }
            (Rows::Int4 { values, scales, dim }, Numbers::Integers { values: query, scale, .. }) => {
                (kernels.int4)(&values[at * (dim / 2)..], dim, query, bytemuck::cast_slice_mut(products));
                kernel::scale(products, &scales[at..], *scale);
            }
            _ => unreachable!("a query is made for the model that it is multiplied with"),
        }
        self.add_biases(first, products);
    }

    /// By products that are no less than the exact ones: few are greater than `floor`, and those alone are multiplied
    /// exactly.
    fn settle(&self, first: usize, rows: usize, floor: f32, desk: &mut Desk) -> Option<usize> {
        let (Rows::Int8 { values, scales, dim }, first_packed) = self.items.packed(first) else {
            return None;
        };
        let Numbers::Integers { values: query, scale, rough: Some(rough) } = &self.numbers else {
            return None;
        };
        if floor == f32::NEG_INFINITY || self.items.model.extremes().odd_scales {
            return None;
        }
        let (values, scales) = (&values[first_packed * dim..], &scales[first_packed..]);
        let bounded =
            (kernel::best().rough)(values, dim, rough, bytemuck::cast_slice_mut(&mut desk.products[..rows]));
        let bounds = &mut desk.products[..bounded];
        kernel::scale(bounds, scales, rough.scale);
        self.add_biases(first, bounds);
        // Subnormal numbers are rounded more coarsely than a rough product allows for.
        let mut found = desk.above(bounded, floor - f32::MIN_POSITIVE);
        if found > rows / 4 {
            return None;
        }
        for at in bounded..rows {
            desk.places[found] = at as u16;
            found += 1;
        }
        for &at in &desk.places[..found] {
            let at = usize::from(at);
            let sum = kernel::dot(&values[at * dim..][..dim], query);
            desk.products[at] = sum as f32 * scales[at] * scale;
            self.add_biases(first + at, &mut desk.products[at..=at]);
        }
        Some(found)
    }

    fn bounds(&self) -> &[f32] {
        &self.bounds
    }
}

fn padded<T: Default>(mut values: Vec<T>) -> Vec<T> {
    values.resize_with(values.len().next_multiple_of(PAD), T::default);
    values
}

fn length<T: Copy + Into<f64>>(values: &[T]) -> f64 {
    values.iter().map(|&v| v.into() * v.into()).sum::<f64>().sqrt()
}

/// The finest integers whose products with `dim` bytes still sum up inside an i32.
fn to_integers(vector: &[f32]) -> (Vec<i16>, f32) {
    let limit = (i32::MAX / (128 * vector.len() as i32)).min(i32::from(i16::MAX)) as f32;
    let scale = vector.iter().fold(0f32, |max, v| max.max(v.abs())) / limit;
    // A scale that has underflowed stands for a vector of zeros.
    let inverse = if scale > 0.0 { 1.0 / f64::from(scale) } else { 0.0 };
    let limit = f64::from(limit);
    let integer = |v: &f32| (f64::from(*v) * inverse).round().max(-limit).min(limit) as i16;
    (vector.iter().map(integer).collect(), scale)
}
