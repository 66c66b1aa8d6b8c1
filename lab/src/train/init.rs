//! First vectors, from a seed.

use ndarray::Array2;
use rand::SeedableRng;
use rand_distr::{Distribution, Normal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Standard deviation of the inner product's terms, as in Rendle et al. (2021).
const DEVIATION: f32 = 0.1;

/// `rows` vectors of `dim` normal numbers with deviation 0.1 / sqrt(dim), followed by zeros up to `stride`.
pub(crate) fn factors(rows: usize, dim: usize, stride: usize, seed: u64) -> Array2<f32> {
    normal(rows, dim, stride, DEVIATION / (dim as f32).sqrt(), seed)
}

/// The same with another deviation, above 0.
pub(crate) fn normal(rows: usize, dim: usize, stride: usize, deviation: f32, seed: u64) -> Array2<f32> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let normal = Normal::new(0.0, deviation).expect("a positive deviation");
    Array2::from_shape_fn((rows, stride), |(_, i)| if i < dim { normal.sample(&mut random) } else { 0.0 })
}
