//! A few steps of conjugate gradients on one row, from where its vector is (Takács, Pilászy and Tikk,
//! "Applications of the conjugate gradient method for implicit feedback collaborative filtering", 2011).

use super::row::{Row, Side};
use super::vector::{TOGETHER, add_combination, add_scaled, dot, products};
use pulp::{Arch, Simd, WithSimd};

/// Steps a half-sweep. More did not raise the quality at the usual number of epochs.
const STEPS: usize = 3;

/// Room for the directions, used again for each row.
pub(crate) struct Gradients {
    residual: Vec<f32>,
    direction: Vec<f32>,
    product: Vec<f32>,
}

impl Gradients {
    pub(crate) fn new(n: usize) -> Self {
        Gradients { residual: vec![0.0; n], direction: vec![0.0; n], product: vec![0.0; n] }
    }

    /// Moves `vector` towards the minimum.
    pub(crate) fn improve(&mut self, side: &Side<'_>, row: &Row<'_>, vector: &mut [f32]) {
        Arch::new().dispatch(GradientRow { room: self, side, row, vector });
    }
}

struct GradientRow<'a> {
    room: &'a mut Gradients,
    side: &'a Side<'a>,
    row: &'a Row<'a>,
    vector: &'a mut [f32],
}

impl WithSimd for GradientRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let GradientRow { room: Gradients { residual, direction, product }, side, row, vector } = self;
        pull(simd, side, row, vector, 1.0, residual);
        direction.copy_from_slice(residual);
        let mut square = dot(simd, residual, residual);
        for _ in 0..STEPS {
            pull(simd, side, row, direction, 0.0, product);
            let curvature = -dot(simd, direction, product);
            if curvature <= f32::MIN_POSITIVE {
                break;
            }
            let length = square / curvature;
            add_scaled(simd, length, direction, vector);
            add_scaled(simd, length, product, residual);
            let next = dot(simd, residual, residual);
            direction.iter_mut().zip(&*residual).for_each(|(d, r)| *d = r + next / square * *d);
            square = next;
        }
    }
}

/// Half the negative gradient of the row's loss at `vector`, were its interactions' target `target`:
/// `out = sum w (target - q.v) q - G v - ridge v`.
#[inline(always)]
fn pull<S: Simd>(simd: S, side: &Side<'_>, row: &Row<'_>, vector: &[f32], target: f32, out: &mut [f32]) {
    let gram = side.gram.chunks_exact(TOGETHER * side.n);
    for ((gram, out), v) in gram.zip(out.chunks_exact_mut(TOGETHER)).zip(vector.chunks_exact(TOGETHER)) {
        let mut rows = [&gram[..side.n]; TOGETHER];
        rows.iter_mut().zip(gram.chunks_exact(side.n)).for_each(|(row, gram)| *row = gram);
        let products = products(simd, rows, vector);
        for i in 0..TOGETHER {
            out[i] = -products[i] - row.ridge * v[i];
        }
    }
    for (columns, roots) in row.columns.chunks(TOGETHER).zip(row.roots.chunks(TOGETHER)) {
        let vectors = side.group(columns);
        let mut pulls = products(simd, vectors, vector);
        for (i, pull) in pulls.iter_mut().enumerate() {
            *pull = roots.get(i).map_or(0.0, |root| root * root * (target - *pull));
        }
        add_combination(simd, pulls, vectors, out);
    }
}
