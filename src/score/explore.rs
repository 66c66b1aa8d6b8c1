//! `explore`: a vector drawn around the visitor's own.

use super::options::Explore;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Linear Thompson sampling (Agrawal and Goyal 2013) with an isotropic posterior: normal noise whose expected
/// length is `strength` times that of the vector.
#[inline(never)]
pub(crate) fn sample(vector: &[f32], explore: Explore) -> Vec<f32> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(explore.seed.into());
    let length = vector.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    let deviation = f64::from(explore.strength) * length / (vector.len() as f64).sqrt();
    vector.iter().map(|&v| (f64::from(v) + deviation * normal(&mut rng)) as f32).collect()
}

/// Nearly normal, with mean 0 and variance 1: the sum of twelve uniform numbers (Irwin and Hall 1927). An exact
/// sampler's tables would weigh more in the browser than all options together.
fn normal(rng: &mut impl Rng) -> f64 {
    (0..12).map(|_| f64::from(rng.next_u32()) / f64::from(u32::MAX)).sum::<f64>() - 6.0
}
