//! Fold-in against a solve written out plainly, and its bookkeeping under any order of events.

use crate::models::{DIM, ITEMS, biases, factors, implicit, ratings};
use foldin::Model;
use foldin::model::{Algorithm, Factors, Precision, Recipe};
use foldin::visitor::{Event, EventKind, EventWeights, FoldIn, Observation, Profile};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

fn model(precision: Precision) -> Model {
    implicit(ITEMS, precision)
}

fn rating_model() -> Model {
    ratings(Precision::Int8)
}

/// A model of pairs, with popular items as the others in every second one.
fn pair_model(popular: bool) -> Model {
    let recipe = Recipe { algorithm: Algorithm::Bpr, regularization: 0.02, ..Recipe::default() };
    let counts = Some((0..ITEMS as u32).collect());
    let mut factors = Factors { recipe, counts, biases: Some(biases()), ..factors(ITEMS) };
    factors.metadata.insert("sampling".into(), if popular { "popular" } else { "uniform" }.into());
    Model::pack(&factors, Precision::F32).unwrap()
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

/// The gradient of SGD's loss at vector and bias, from its definition.
fn rating_gradient(model: &Model, observations: &[Observation], p: &[f32], bias: f64) -> Vec<f64> {
    let mut gradient = vec![0.0; DIM + 1];
    for o in observations {
        let q = model.factor(o.item);
        let known = model.recipe().mean + model.biases().unwrap()[o.item as usize];
        let product: f64 = q.iter().zip(p).map(|(&q, &p)| f64::from(q) * f64::from(p)).sum();
        let error = f64::from(o.target - known) - bias - product;
        for (slope, (q, p)) in gradient.iter_mut().zip(q.iter().zip(p)) {
            let shrink = f64::from(model.recipe().regularization) * f64::from(*p);
            *slope += f64::from(o.weight) * (shrink - error * f64::from(*q));
        }
        gradient[DIM] += f64::from(o.weight) * (f64::from(model.recipe().regularization) * bias - error);
    }
    gradient
}

/// BPR's loss at `p`, from its definition.
fn pair_loss(model: &Model, observations: &[Observation], p: &[f64]) -> f64 {
    let observed = |item: &u32| observations.iter().any(|o| o.item == *item);
    let others: Vec<u32> = (0..ITEMS as u32).filter(|item| !observed(item)).collect();
    let popular = model.metadata().get("sampling").unwrap() == "popular";
    let weight = |item: u32| if popular { f64::from(model.counts().unwrap()[item as usize]) } else { 1.0 };
    let all: f64 = others.iter().map(|&item| weight(item)).sum();
    let score = |item: u32| {
        let bias = f64::from(model.biases().unwrap()[item as usize]);
        bias + model.factor(item).iter().zip(p).map(|(&q, p)| f64::from(q) * p).sum::<f64>()
    };
    let square: f64 = p.iter().map(|p| p * p).sum();
    let of = |o: &Observation| {
        let sign = f64::from(o.target.signum());
        let pair =
            |&other: &u32| weight(other) / all * (1.0 + (-sign * (score(o.item) - score(other))).exp()).ln();
        f64::from(o.weight) * (others.iter().map(pair).sum::<f64>() + 0.01 * square)
    };
    observations.iter().map(of).sum()
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
            let vector = folded(&model, &observations).solve(&model).vector().to_vec();
            for slope in gradient(&model, &observations, &vector) {
                prop_assert!(slope.abs() < 1e-5, "{precision:?} {slope}");
            }
        }
    }

    #[test]
    fn vector_and_bias_minimise_the_loss_of_ratings(observations in observations()) {
        let model = rating_model();
        let ratings: Vec<_> = observations.iter().map(|o| Observation { target: 3.0 + 2.0 * o.target, ..*o }).collect();
        let visitor = folded(&model, &ratings).solve(&model);
        let bias = f64::from(visitor.offset() - model.recipe().mean);
        for slope in rating_gradient(&model, &ratings, visitor.vector(), bias) {
            prop_assert!(slope.abs() < 1e-5, "{slope}");
        }
    }

    #[test]
    fn the_vector_minimises_the_loss_of_pairs(mut observations in observations(), popular: bool) {
        observations.sort_by_key(|o| o.item);
        observations.dedup_by_key(|o| o.item);
        let model = pair_model(popular);
        let vector: Vec<f64> =
            folded(&model, &observations).solve(&model).vector().iter().map(|&p| f64::from(p)).collect();
        for i in 0..DIM {
            let loss = |step: f64| {
                let mut moved = vector.clone();
                moved[i] += step;
                pair_loss(&model, &observations, &moved)
            };
            let slope = (loss(1e-4) - loss(-1e-4)) / 2e-4;
            prop_assert!(slope.abs() < 1e-5, "{slope} in direction {i}");
        }
    }

    #[test]
    fn taking_back_is_as_if_it_never_was(kept in observations(), undone in observations()) {
        let model = model(Precision::F32);
        let mut visitor = folded(&model, &[kept.clone(), undone.clone()].concat());
        undone.iter().for_each(|o| visitor.remove(&model, o));
        let fresh = folded(&model, &kept).solve(&model);
        for (a, b) in visitor.solve(&model).vector().iter().zip(fresh.vector()) {
            prop_assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn the_shares_add_up_to_the_score(mut observations in observations(), item in 0..ITEMS as u32) {
        observations.sort_by_key(|o| o.item);
        observations.dedup_by_key(|o| o.item);
        for model in [model(Precision::Int8), rating_model(), pair_model(false), pair_model(true)] {
            let folded = folded(&model, &observations).solve(&model);
            let product: f32 = model.factor(item).iter().zip(folded.vector()).map(|(q, p)| q * p).sum();
            let score = product + folded.offset() - model.recipe().mean;
            let shares: f32 = folded.shares(&model, item, &observations).iter().sum();
            prop_assert!((score - shares).abs() < 1e-4, "{score} {shares} {:?}", model.recipe().algorithm);
        }
    }
}

fn event(item: u32, kind: EventKind) -> Event {
    Event { item, kind, value: None, time: 0.0 }
}

/// Far more liked than others, all on one side: what has no finite solution without regularisation.
#[test]
fn pairs_without_regularisation_give_a_finite_vector() {
    let recipe = Recipe { algorithm: Algorithm::Bpr, regularization: 0.0, ..Recipe::default() };
    let mut factors = Factors { recipe, ..factors(ITEMS) };
    factors.values.mapv_inplace(|value| value * 1e3);
    let model = Model::pack(&factors, Precision::F32).unwrap();
    for liked in [vec![0], vec![0, 1], (0..ITEMS as u32).collect()] {
        let events: Vec<_> = liked.iter().map(|&item| event(item, EventKind::Like)).collect();
        let visitor = profile(&model, &events).fold_in(&model);
        assert!(visitor.vector().iter().all(|v| v.is_finite()), "{liked:?}");
    }
}

#[test]
fn a_history_counts_as_in_training() {
    let values = [(0, 5.0), (3, 2.0)];
    let model = rating_model();
    let ratings: Vec<_> =
        values.iter().map(|&(item, target)| Observation { item, target, weight: 1.0 }).collect();
    let expected = folded(&model, &ratings).solve(&model);
    assert_eq!(FoldIn::of_history(&model, &values).solve(&model).vector(), expected.vector());

    let mut weighed = factors(ITEMS);
    weighed.metadata.insert("confidence".into(), "0.5".into());
    let model = Model::pack(&weighed, Precision::F32).unwrap();
    let weights = [(0, 3.5), (3, 2.0)];
    let pairs: Vec<_> =
        weights.iter().map(|&(item, weight)| Observation { item, target: 1.0, weight }).collect();
    let expected = folded(&model, &pairs).solve(&model);
    assert_eq!(FoldIn::of_history(&model, &values).solve(&model).vector(), expected.vector());
}

fn profile(model: &Model, events: &[Event]) -> Profile {
    let mut profile = Profile::new(model, EventWeights::default());
    profile.record(model, events).unwrap();
    profile
}

fn assert_same_vector(model: &Model, a: &Profile, b: &Profile) {
    for (a, b) in a.fold_in(model).vector().iter().zip(b.fold_in(model).vector()) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn the_latest_opinion_on_an_item_counts_and_opinions_outweigh_deeds() {
    use EventKind::*;
    let model = model(Precision::F32);
    let liked = profile(&model, &[event(3, Like)]);
    assert_same_vector(&model, &liked, &profile(&model, &[event(3, Dislike), event(3, Like)]));
    assert_same_vector(&model, &liked, &profile(&model, &[event(3, Like), event(3, Skip), event(3, View)]));
    assert_same_vector(&model, &liked, &profile(&model, &[event(3, View), event(3, Purchase)]));
    assert_ne!(
        liked.fold_in(&model).vector(),
        profile(&model, &[event(3, Dislike)]).fold_in(&model).vector()
    );
}

#[test]
fn a_forgotten_item_leaves_no_trace() {
    let model = model(Precision::F32);
    let mut visitor = profile(&model, &[event(3, EventKind::Like), event(5, EventKind::Like)]);
    visitor.forget(&model, |item| item == 5);
    assert_same_vector(&model, &visitor, &profile(&model, &[event(3, EventKind::Like)]));
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
    assert!(visitor.fold_in(&model).vector().iter().all(|v| v.is_finite()));
}
