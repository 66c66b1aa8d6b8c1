//! Models to start from: every algorithm, every precision, every room.

use foldin::model::{Algorithm, Factors, Recipe};
use foldin::visitor::Tower;
use foldin::{Model, Precision};
use foldin_lab::optimize::unpack;
use ndarray::Array2;

#[path = "../../tests/support/town.rs"]
#[allow(dead_code, missing_docs, reason = "tests use the rest")]
mod town;

/// A small town's model with all that cold start learns.
pub fn town() -> Model {
    town::model()
}

/// Each by its name.
pub fn models() -> Vec<(String, Model)> {
    let factors = unpack(&town());
    let of_town = |precision: Precision| (format!("ials-{}", precision.name()), pack(&factors, precision));
    let mut models: Vec<_> = Precision::ALL.into_iter().map(of_town).collect();
    let biases = Some((0..town::ITEMS).map(|item| (item as f32 * 0.7).cos() * 0.4).collect());
    for (algorithm, precision) in [(Algorithm::Sgd, Precision::F16), (Algorithm::Bpr, Precision::Int8)] {
        let recipe = Recipe { algorithm, mean: 3.5, ..Recipe::default() };
        let mut factors = Factors { recipe, biases: biases.clone(), ..factors.clone() };
        factors.metadata.insert("sampling".into(), "popular".into());
        models.push((format!("{}-{}", algorithm.name(), precision.name()), pack(&factors, precision)));
    }
    let layer = |shape| Array2::from_shape_fn(shape, |(i, j)| ((i * 7 + j * 3) as f32).sin() * 0.3);
    let tower = Tower::new(layer((factors.values.ncols() + 1, 5)), layer((6, factors.values.ncols())));
    let recipe = Recipe { algorithm: Algorithm::TwoTower, ..Recipe::default() };
    let rooms = tower.tensors().expect("finite numbers");
    models.push(("two-tower-int8".into(), pack(&Factors { recipe, rooms, ..factors }, Precision::Int8)));
    models
}

fn pack(factors: &Factors, precision: Precision) -> Model {
    Model::pack(factors, precision).expect("a model of the town")
}
