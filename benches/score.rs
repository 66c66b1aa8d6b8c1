//! `cargo bench --bench score`: the native scan, each answer compared with that of one by one.

use divan::Bencher;
use foldin::model::{Factors, Model, Precision};
use foldin::score::{Like, Metric, Options, Request, Scored, answer_batch, rank, recommend, similar};
use ndarray::Array2;
use rand::SeedableRng;
use rand_distr::{Distribution, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

const ITEMS: usize = 100_000;
const DIM: usize = 64;
const K: usize = 100;

fn main() {
    divan::main();
}

/// Random directions; with lognormal norms, or with norms of 1, where no row can be skipped.
fn model(precision: Precision, deviation: f32) -> Model {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
    let norms = LogNormal::new(0.0, deviation).expect("a deviation that is not negative");
    let mut values: Array2<f32> =
        Array2::from_shape_simple_fn((ITEMS, DIM), || StandardNormal.sample(&mut *rng));
    for mut row in values.rows_mut() {
        let to: f32 = norms.sample(&mut *rng);
        row *= to / row.dot(&row).sqrt();
    }
    Model::pack(&Factors::external(values, None), precision).expect("finite factors")
}

fn query() -> Vec<f32> {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(2);
    (0..DIM).map(|_| StandardNormal.sample(&mut *rng)).collect()
}

fn one_by_one(model: &Model, query: &[f32]) -> Vec<Scored> {
    let items: Vec<u32> = (0..ITEMS as u32).collect();
    let mut ranking = rank(model, query, &items).expect("a query that fits");
    ranking.truncate(K);
    ranking
}

fn options() -> Options {
    Options { count: K, ..Options::default() }
}

#[divan::bench(args = Precision::ALL)]
fn every_row(bencher: Bencher, precision: Precision) {
    scan(bencher, &model(precision, 0.0));
}

#[divan::bench(args = Precision::ALL)]
fn skipping(bencher: Bencher, precision: Precision) {
    scan(bencher, &model(precision, 0.5));
}

fn scan(bencher: Bencher, model: &Model) {
    let (query, options) = (query(), options());
    let answer = || recommend(model, &query, &[], &options).expect("a query that fits");
    assert_eq!(answer(), one_by_one(model, &query));
    bencher.counter(divan::counter::ItemsCount::new(ITEMS)).bench_local(answer);
}

/// Sixteen visitors together: each row is read once for all.
#[divan::bench]
fn batch(bencher: Bencher) {
    let model = model(Precision::Int8, 0.0);
    let (query, options) = (query(), options());
    let requests = [Request { query: &query, seen: &[] }; 16];
    let answer = || -> Vec<Vec<Scored>> {
        let answers = answer_batch(&model, &requests, &options).expect("queries that fit");
        answers.into_iter().map(|answer| answer.ranking).collect()
    };
    assert_eq!(answer(), vec![one_by_one(&model, &query); 16]);
    bencher.counter(divan::counter::ItemsCount::new(16 * ITEMS)).bench_local(answer);
}

#[divan::bench(args = [Metric::Cosine, Metric::Dot])]
fn similar_items(bencher: Bencher, metric: Metric) {
    let model = model(Precision::Int8, 0.5);
    let options = Options::best(K);
    let answer =
        || similar(&model, Like::seeds(&[0], metric), &options, None).expect("an item of the model").ranking;
    assert!(answer().len() == K && answer().iter().all(|scored| scored.item != 0));
    bencher.counter(divan::counter::ItemsCount::new(ITEMS)).bench_local(answer);
}
