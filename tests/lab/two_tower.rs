//! The deep model, on a town of two camps that meet items of their own kind.
#![cfg(feature = "deep")]

use foldin::model::{CatalogColumns, TagValues};
use foldin::recommender::Ask;
use foldin::score;
use foldin::visitor::Tower;
use foldin::visitor::{Event, EventKind, FineTuning, FoldIn};
use foldin::{Model, Precision, Recommender};
use foldin_lab::cold_start::{Features, Traits};
use foldin_lab::train::two_tower::{Loss, Options, Side, train};
use foldin_lab::train::{Epoch, Interactions, Snapshot, Trained, unobserved};
use std::ops::ControlFlow;

const USERS: usize = 60;
const ITEMS: usize = 30;

fn town() -> Interactions {
    let rating = |user: usize, item: usize| match (user + item).is_multiple_of(2) {
        true => 4.0 + ((user * 7 + item) % 2) as f32,
        false => 1.0 + ((user * 5 + item) % 2) as f32,
    };
    let pairs = (0..USERS).flat_map(|user| (0..ITEMS).map(move |item| (user, item)));
    let met = pairs.filter(|(user, item)| !(user * 31 + item * 17).is_multiple_of(4));
    let entries: Vec<_> = met.map(|(u, i)| (u as u32, i as u32, rating(u, i))).collect();
    let ids = |letter, count| (0..count).map(|number| format!("{letter}{number}")).collect();
    Interactions::from_entries(ids("u", USERS), ids("i", ITEMS), &entries, None)
}

/// Only what people liked.
fn liked() -> Interactions {
    let town = town();
    let values = town.matrix.values.clone();
    town.filter(|entry| values[entry] >= 4.0)
}

fn quick() -> Options {
    Options { dim: 8, hidden: 16, epochs: 60, batch: 16, learning_rate: 0.01, ..Options::default() }
}

fn kinds(count: usize) -> (Features, ndarray::Array2<f32>) {
    let mut columns = CatalogColumns::default();
    let codes = (0..count).map(|number| vec![number as u32 % 2]).collect();
    columns.tags.insert("kind".into(), TagValues { vocabulary: vec!["even".into(), "odd".into()], codes });
    let features = Features::of(&columns, 0);
    let encoded = features.encode_all(&columns, count, None).unwrap();
    (features, encoded)
}

/// How far the products with the user's own kind lie above the others, on average.
fn gap(trained: &Trained, user: usize) -> f32 {
    let scores = trained.items.values.dot(&trained.users.row(user));
    let mean = |kind: usize| scores.iter().skip(kind).step_by(2).sum::<f32>() / (ITEMS as f32 / 2.0);
    mean(user % 2) - mean(1 - user % 2)
}

#[test]
fn both_camps_find_their_kind_whether_the_softmax_is_whole_or_sampled() {
    for candidates in [ITEMS, 4] {
        let trained = train(&liked(), &Options { candidates, ..quick() }, &mut unobserved).unwrap();
        assert!((0..USERS).all(|user| gap(&trained, user) > 0.5), "{candidates} candidates");
        let first = trained.history[0].loss;
        assert!(trained.history.last().unwrap().loss < first, "{:?}", trained.history);
    }
}

#[test]
fn ratings_come_back() {
    let town = town();
    let options = Options { loss: Loss::Mse, dropout: 0.0, epochs: 150, ..quick() };
    let trained = train(&town, &options, &mut unobserved).unwrap();
    let biases = trained.items.biases.as_ref().unwrap();
    let error = town.matrix.iter().map(|(user, item, rating)| {
        let product = trained.users.row(user as usize).dot(&trained.items.values.row(item as usize));
        (trained.items.recipe.mean + biases[item as usize] + product - rating).powi(2)
    });
    let rmse = (error.sum::<f32>() / town.matrix.entries() as f32).sqrt();
    assert!(rmse < 0.6, "{rmse}, where a mean would have 1.5");
}

#[test]
fn the_same_seed_gives_the_same_model_and_another_one_another() {
    let short = |seed| train(&liked(), &Options { epochs: 3, seed, ..quick() }, &mut unobserved).unwrap();
    assert_eq!(short(1).items.values, short(1).items.values);
    assert_ne!(short(1).items.values, short(2).items.values);
}

#[test]
fn the_packed_tower_makes_the_vectors_of_training() {
    let side = Side { items: Some(kinds(ITEMS).1), users: Some(kinds(USERS)) };
    let trained = train(&liked(), &Options { side, ..quick() }, &mut unobserved).unwrap();
    let model = Model::pack(&trained.items, Precision::F32).unwrap();
    let tower = Tower::open(&model).unwrap().expect("a two-tower model carries its tower");
    let said = [("kind".to_owned(), foldin_lab::cold_start::Value::Tag("odd".into()))].into_iter().collect();
    let traits = Traits::belief(model.room(), &said).unwrap();
    let own = liked();
    let items =
        own.matrix.row(1).0.iter().map(|&item| model.factor(model.find(&format!("i{item}")).unwrap()));
    let vector = tower.vector(items, Some(&traits));
    let length = trained.users.row(1).iter().map(|v| v * v).sum::<f32>().sqrt();
    let distance = vector.iter().zip(trained.users.row(1)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    assert!(distance < 0.05 * length, "{distance} of {length}: only the rounding of the layers lies between");
    let nobody = tower.vector(std::iter::empty(), None);
    assert!(nobody.iter().all(|v| v.is_finite()));
}

#[test]
fn the_observer_ends_it_and_what_cannot_be_is_refused() {
    let mut stop = |epoch: Epoch, _: &Snapshot<'_>| match epoch.epoch {
        2 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    assert_eq!(train(&liked(), &quick(), &mut stop).unwrap().history.len(), 2);
    let refused = |options: Options| train(&liked(), &options, &mut unobserved).unwrap_err();
    assert_eq!(refused(Options { hidden: 0, ..quick() }).field(), Some("hidden"));
    assert_eq!(refused(Options { dropout: 1.0, ..quick() }).field(), Some("dropout"));
    assert_eq!(refused(Options { dim: 0, ..quick() }).field(), Some("dim"));
    assert_eq!(refused(Options { learning_rate: f32::NAN, ..quick() }).field(), Some("learning-rate"));
    let side = Side { items: Some(kinds(3).1), users: None };
    assert_eq!(refused(Options { side, ..quick() }).field(), Some("items"));
    assert_eq!(refused(Options { learning_rate: 1e20, ..quick() }).code(), "diverged");
}

#[test]
fn a_visitor_is_folded_in_through_the_tower_and_explained_by_it() {
    let trained = train(&liked(), &quick(), &mut unobserved).unwrap();
    let model = Model::pack(&trained.items, Precision::F32).unwrap();
    let tower = Tower::open(&model).unwrap().unwrap();
    let rows: Vec<u32> =
        liked().matrix.row(1).0.iter().map(|i| model.find(&format!("i{i}")).unwrap()).collect();
    let history: Vec<(u32, f32)> = rows.iter().map(|&row| (row, 5.0)).collect();
    let vector = FoldIn::of_history(&model, &history).solve(&model).vector().to_vec();
    assert_eq!(vector, tower.vector(rows.iter().map(|&row| model.factor(row)), None));
    let mut visitor = Recommender::new(model);
    let like =
        |(at, &item): (usize, &u32)| Event { item, kind: EventKind::Like, value: None, time: at as f64 };
    visitor.record(&rows.iter().enumerate().map(like).collect::<Vec<_>>()).unwrap();
    let ask = Ask { explain: true, ..Ask::default() };
    let answer = visitor.recommend(&score::Options::default(), ask).unwrap();
    let nobody = tower.vector(std::iter::empty(), None);
    let without = score::scores(visitor.model(), &nobody).unwrap();
    for result in &answer.results {
        let sum: f32 = result.because.iter().map(|reason| reason.share).sum();
        let brought = result.score - without[result.item as usize];
        assert!((sum - brought).abs() < 1e-3 * result.score.abs().max(1.0), "{sum} of {brought}");
    }
    assert!(visitor.start_tuning(FineTuning::default()).is_err(), "two towers are not tuned on a device");
}
