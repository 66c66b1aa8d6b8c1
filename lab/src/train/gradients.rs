//! One step down the gradient for each row, from where its vector is: conjugate gradients (Takács, Pilászy and
//! Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative filtering", 2011) with a
//! preconditioner and no second step, which the next sweep makes as well.
//!
//! The preconditioner is the diagonal of the row's matrix, were its interactions average ones. It serves where the
//! axes of the space are those of the Gram matrix ([`super::axes`]).

use super::row::{Row, Side};
use super::vector::{TOGETHER, add_combination, add_scaled, dot, multiply, products, square};
use crate::product::product;
use crate::simd;
use ndarray::ArrayView2;
use pulp::{Simd, WithSimd};

/// Room for the steps of some rows, used again for the next.
#[derive(Default)]
pub(crate) struct Gradients {
    /// The Gram matrix times each row's vector, [rows, n].
    products: Vec<f32>,
    /// [n], as are the following.
    pull: Vec<f32>,
    scales: Vec<f32>,
    step: Vec<f32>,
}

impl Gradients {
    /// Moves `vectors` [rows, n], each towards the minimum of the loss that `row` has, and returns the sum of the losses
    /// there.
    pub(crate) fn improve<'a>(
        &mut self,
        side: &Side<'_>,
        vectors: &mut [f32],
        row: impl Fn(usize) -> Row<'a>,
    ) -> f64 {
        let n = side.n;
        for room in [&mut self.pull, &mut self.scales, &mut self.step] {
            room.resize(n, 0.0);
        }
        let shape = (vectors.len() / n, n);
        let rows = ArrayView2::from_shape(shape, vectors).expect("whole rows");
        let gram = ArrayView2::from_shape((n, n), &side.gram[..]).expect("a square");
        self.products = product(rows, gram).into_raw_vec_and_offset().0;
        let mut loss = 0.0;
        for (number, vector) in vectors.chunks_exact_mut(n).enumerate() {
            loss += simd::run(GradientRow { room: self, side, number, row: row(number), vector });
        }
        loss
    }
}

struct GradientRow<'a> {
    room: &'a mut Gradients,
    side: &'a Side<'a>,
    /// In the products.
    number: usize,
    row: Row<'a>,
    vector: &'a mut [f32],
}

impl WithSimd for GradientRow<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let GradientRow { room: Gradients { products, pull, scales, step }, side, number, row, vector } =
            self;
        let resistance = &mut products[number * side.n..][..side.n];
        resistance.iter_mut().for_each(|product| *product *= row.unobserved);
        add_scaled(simd, row.ridge, vector, resistance);
        let loss = f64::from(dot(simd, vector, resistance)) + pulled(simd, side, &row, vector, pull);
        add_scaled(simd, -1.0, resistance, pull);
        side.inverse_diagonal(&row, scales);
        multiply(simd, pull, scales, step);
        let curvature = curvature(simd, side, &row, step);
        if curvature <= f64::from(f32::MIN_POSITIVE) {
            return loss;
        }
        let slope = f64::from(dot(simd, pull, step));
        add_scaled(simd, (slope / curvature) as f32, step, vector);
        loss - slope * slope / curvature
    }
}

/// `sum w (1 - q.v)^2`; `out` gets half its negative gradient, `sum w (1 - q.v) q`.
#[inline(always)]
fn pulled<S: Simd>(simd: S, side: &Side<'_>, row: &Row<'_>, vector: &[f32], out: &mut [f32]) -> f64 {
    out.fill(0.0);
    let mut loss = 0.0;
    for (columns, weights) in row.chunks::<TOGETHER>() {
        let vectors = side.group(columns);
        let products = products(simd, vectors, vector);
        let mut pulls = [0.0; TOGETHER];
        for i in 0..TOGETHER {
            pulls[i] = weights[i] * (1.0 - products[i]);
            loss += f64::from(pulls[i] * (1.0 - products[i]));
        }
        add_combination(simd, pulls, vectors, out);
    }
    loss
}

/// `sum w (q.v)^2 + c v^T G v + ridge |v|^2`: half the second derivative of the row's loss along `v`.
#[inline(always)]
fn curvature<S: Simd>(simd: S, side: &Side<'_>, row: &Row<'_>, vector: &[f32]) -> f64 {
    let mut sum = f64::from(row.ridge * dot(simd, vector, vector))
        + f64::from(row.unobserved) * square(simd, &side.gram, vector);
    for (columns, weights) in row.chunks::<TOGETHER>() {
        for (product, weight) in products(simd, side.group(columns), vector).into_iter().zip(weights) {
            sum += f64::from(weight * product * product);
        }
    }
    sum
}
