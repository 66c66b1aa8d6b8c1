//! `explore`: a vector drawn around the visitor's own.

use super::options::Explore;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Linear Thompson sampling (Agrawal and Goyal 2013) with an isotropic posterior: normal noise whose expected
/// length is `strength` times that of the vector.
pub(crate) fn sample(vector: &[f32], explore: Explore) -> Vec<f32> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(explore.seed.into());
    let length = vector.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    let deviation = f64::from(explore.strength) * length / (vector.len() as f64).sqrt();
    let mut draw = |&v: &f32| {
        let noise: f64 = StandardNormal.sample(&mut rng);
        (f64::from(v) + deviation * noise) as f32
    };
    vector.iter().map(&mut draw).collect()
}
