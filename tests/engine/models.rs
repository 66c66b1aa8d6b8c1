//! Small models that several tests fold visitors into.

use foldin::Model;
use foldin::model::{Algorithm, Factors, ORDER_WEIGHTS, Precision, Recipe, Tensor};
use ndarray::Array2;

/// Items of the model of ratings.
pub const ITEMS: usize = 12;
pub const DIM: usize = 6;

/// Factors without a pattern.
pub fn factors(items: usize) -> Factors {
    let values = Array2::from_shape_fn((items, DIM), |(i, d)| ((i * 7 + d * 3) as f32 * 0.61).sin() * 0.5);
    Factors::external(values, None)
}

/// A model of implicit feedback.
pub fn implicit(items: usize, precision: Precision) -> Model {
    let recipe = Recipe {
        algorithm: Algorithm::Ials,
        unobserved_weight: 0.2,
        regularization: 0.05,
        frequency_exponent: 0.8,
        ..Recipe::default()
    };
    Model::pack(&Factors { recipe, ..factors(items) }, precision).unwrap()
}

/// A model of ratings.
pub fn ratings(precision: Precision) -> Model {
    let recipe = Recipe {
        algorithm: Algorithm::Sgd,
        unobserved_weight: 0.0,
        regularization: 0.08,
        frequency_exponent: 1.0,
        mean: 3.5,
    };
    Model::pack(&Factors { recipe, biases: Some(biases()), ..factors(ITEMS) }, precision).unwrap()
}

/// One for each of [`ITEMS`].
pub fn biases() -> Vec<f32> {
    (0..ITEMS).map(|i| (i as f32 * 0.7).cos() * 0.4).collect()
}

/// A model of what comes next, with a weight of their own for the newest `places` events.
pub fn next(places: usize, precision: Precision) -> Model {
    let recipe = Recipe { algorithm: Algorithm::Next, ..Recipe::default() };
    let weights: Vec<f32> = (0..=places).map(|distance| (-(distance as f32) / 3.0).exp() + 0.05).collect();
    let rooms = vec![Tensor::f32s(ORDER_WEIGHTS, &weights)];
    Model::pack(&Factors { recipe, rooms, biases: Some(biases()), ..factors(ITEMS) }, precision).unwrap()
}
