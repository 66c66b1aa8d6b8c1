//! Fold-in against a solve written out plainly, and its bookkeeping under any order of events.

use foldin::Model;
use foldin::model::{Algorithm, Factors, Precision, Recipe};
use foldin::visitor::{Event, EventKind, EventWeights, FoldIn, Observation, Profile};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

const ITEMS: usize = 12;
const DIM: usize = 6;

fn model(precision: Precision) -> Model {
    let values = Array2::from_shape_fn((ITEMS, DIM), |(i, d)| ((i * 7 + d * 3) as f32 * 0.61).sin() * 0.5);
    let recipe = Recipe {
        algorithm: Algorithm::Ials,
        unobserved_weight: 0.2,
        regularization: 0.05,
        frequency_exponent: 0.8,
        ..Recipe::default()
    };
    Model::pack(&Factors { recipe, ..Factors::external(values, None) }, precision).unwrap()
}

/// The gradient of the objective at `p`, from its definition: zero only at the solution.
fn gradient(model: &Model, observations: &[Observation], p: &[f32]) -> Array1<f64> {
    let recipe = model.recipe();
    let p: Array1<f64> = p.iter().map(|&v| f64::from(v)).collect();
    let factor = |item| model.factor(item).into_iter().map(f64::from).collect::<Array1<f64>>();
    let mut gradient = Array1::zeros(DIM);
    for item in 0..ITEMS as u32 {
        let q = factor(item);
        gradient += &(&q * (f64::from(recipe.unobserved_weight) * q.dot(&p)));
    }
    for o in observations {
        let q = factor(o.item);
        gradient += &(&q * (f64::from(o.weight) * (q.dot(&p) - f64::from(o.target))));
    }
    let weight: f64 = observations.iter().map(|o| f64::from(o.weight)).sum();
    let base = weight + f64::from(recipe.unobserved_weight) * ITEMS as f64;
    let regularization = f64::from(recipe.regularization) * base.powf(f64::from(recipe.frequency_exponent));
    gradient + p * regularization
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let observation = (0..ITEMS as u32, prop::bool::ANY, 0.1f32..2.0).prop_map(|(item, liked, weight)| {
        Observation { item, target: if liked { 1.0 } else { -1.0 }, weight }
    });
    prop::collection::vec(observation, 0..10)
}

fn folded(model: &Model, observations: &[Observation]) -> FoldIn {
    let mut visitor = FoldIn::new(model);
    observations.iter().for_each(|o| visitor.add(model, o));
    visitor
}

proptest! {
    #[test]
    fn the_vector_minimises_the_objective(observations in observations()) {
        for precision in Precision::ALL {
            let model = model(precision);
            let vector = folded(&model, &observations).solve().vector().to_vec();
            for slope in gradient(&model, &observations, &vector) {
                prop_assert!(slope.abs() < 1e-5, "{precision:?} {slope}");
            }
        }
    }

    #[test]
    fn taking_back_is_as_if_it_never_was(kept in observations(), undone in observations()) {
        let model = model(Precision::F32);
        let mut visitor = folded(&model, &[kept.clone(), undone.clone()].concat());
        undone.iter().for_each(|o| visitor.remove(&model, o));
        let fresh = folded(&model, &kept).solve();
        for (a, b) in visitor.solve().vector().iter().zip(fresh.vector()) {
            prop_assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn the_shares_add_up_to_the_score(observations in observations(), item in 0..ITEMS as u32) {
        let model = model(Precision::Int8);
        let folded = folded(&model, &observations).solve();
        let score: f32 = model.factor(item).iter().zip(folded.vector()).map(|(q, p)| q * p).sum();
        let shares: f32 = folded.shares(&model, item, &observations).iter().sum();
        prop_assert!((score - shares).abs() < 1e-5, "{score} {shares}");
    }
}

fn event(item: u32, kind: EventKind) -> Event {
    Event { item, kind, value: None, time: 0.0 }
}

fn profile(model: &Model, events: &[Event]) -> Profile {
    let mut profile = Profile::new(model, EventWeights::default());
    profile.record(model, events).unwrap();
    profile
}

fn assert_same_vector(a: &Profile, b: &Profile) {
    for (a, b) in a.fold_in().vector().iter().zip(b.fold_in().vector()) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn the_latest_opinion_on_an_item_counts_and_opinions_outweigh_deeds() {
    use EventKind::*;
    let model = model(Precision::F32);
    let liked = profile(&model, &[event(3, Like)]);
    assert_same_vector(&liked, &profile(&model, &[event(3, Dislike), event(3, Like)]));
    assert_same_vector(&liked, &profile(&model, &[event(3, Like), event(3, Skip), event(3, View)]));
    assert_same_vector(&liked, &profile(&model, &[event(3, View), event(3, Purchase)]));
    assert_ne!(liked.fold_in().vector(), profile(&model, &[event(3, Dislike)]).fold_in().vector());
}

#[test]
fn a_forgotten_item_leaves_no_trace() {
    let model = model(Precision::F32);
    let mut visitor = profile(&model, &[event(3, EventKind::Like), event(5, EventKind::Like)]);
    visitor.forget(&model, 5);
    assert_same_vector(&visitor, &profile(&model, &[event(3, EventKind::Like)]));
    assert_eq!(visitor.items(), [3]);
    assert_eq!(visitor.events().len(), 1);
}

#[test]
fn one_bad_event_keeps_the_whole_batch_out() {
    let model = model(Precision::F32);
    let mut visitor = profile(&model, &[event(3, EventKind::Like)]);
    let rating = Event { value: Some(9.0), ..event(4, EventKind::Rate) };
    let error = visitor.record(&model, &[event(5, EventKind::Like), rating]).unwrap_err();
    assert_eq!(error.field(), Some("value"));
    assert_eq!(visitor.items(), [3]);
}

#[test]
fn without_any_regularisation_the_vector_is_finite() {
    let recipe = Recipe { unobserved_weight: 0.0, regularization: 0.0, ..Recipe::default() };
    let factors = Factors { recipe, ..Factors::external(Array2::ones((3, DIM)), None) };
    let model = Model::pack(&factors, Precision::F32).unwrap();
    let visitor = profile(&model, &[event(0, EventKind::Like), event(1, EventKind::Like)]);
    assert!(visitor.fold_in().vector().iter().all(|v| v.is_finite()));
}
