//! The whole room against naive oracles.

use super::*;
use crate::model::{CatalogColumns, Factors, Precision, Recipe};
use ndarray::Array2;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random directions with lognormal norms, ids given.
pub(super) fn factors(items: usize, dim: usize, seed: u64) -> Factors {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
    let norms = LogNormal::new(0.0, 0.5).unwrap();
    let mut values = Array2::from_shape_simple_fn((items, dim), || StandardNormal.sample(&mut *rng));
    values.rows_mut().into_iter().for_each(|mut row| row *= norms.sample(&mut *rng));
    Factors {
        values,
        ids: Some((0..items).map(|item| format!("id-{item}")).collect()),
        biases: None,
        counts: None,
        recipe: Recipe::default(),
        catalog: CatalogColumns::default(),
        metadata: Default::default(),
    }
}

pub(super) fn vector(dim: usize, rng: &mut impl Rng) -> Vec<f32> {
    (0..dim).map(|_| StandardNormal.sample(&mut *rng)).collect()
}

/// Every item by falling score, each scored on its own.
fn full_ranking(model: &Model, query: &[f32]) -> Vec<Scored> {
    rank(model, query, &(0..model.items() as u32).collect::<Vec<_>>()).unwrap()
}

#[test]
fn scores_are_inner_products_plus_biases() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
    for (precision, tolerance) in
        [(Precision::F32, 1e-6), (Precision::F16, 1e-6), (Precision::Int8, 1e-4), (Precision::Int4, 1e-4)]
    {
        for biased in [false, true] {
            let mut factors = factors(50, 24, 2);
            factors.biases = biased.then(|| vector(50, rng));
            let model = Model::pack(&factors, precision).unwrap();
            let query = vector(24, rng);
            for Scored { item, score } in full_ranking(&model, &query) {
                let product: f32 = model.factor(item).iter().zip(&query).map(|(a, b)| a * b).sum();
                let expected = product + model.biases().map_or(0.0, |biases| biases[item as usize]);
                assert!((score - expected).abs() < tolerance * 100.0, "{precision:?}: {score} {expected}");
            }
        }
    }
}

#[test]
fn count_offset_exclude_only_and_seen_follow_the_full_ranking() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(3);
    let model = Model::pack(&factors(700, 16, 4), Precision::Int8).unwrap();
    let ids = |rng: &mut Xoshiro256PlusPlus, n: usize| -> Vec<u32> {
        (0..n).map(|_| rng.random_range(0..700)).collect()
    };
    for round in 0..200 {
        let (excluded, seen, only) = (ids(rng, round % 40), ids(rng, round % 30), ids(rng, 100));
        let named = |rows: &[u32]| rows.iter().map(|&row| model.id(row)).collect::<Vec<_>>();
        let options = Options {
            count: rng.random_range(0..900),
            offset: rng.random_range(0..50),
            exclude: named(&excluded),
            only: rng.random_bool(0.5).then(|| named(&only)),
        };
        let query = vector(16, rng);
        let mut expected = full_ranking(&model, &query);
        expected.retain(|Scored { item, .. }| {
            let wanted = options.only.is_none() || only.contains(item);
            wanted && !excluded.contains(item) && !seen.contains(item)
        });
        let expected: Vec<_> = expected.into_iter().skip(options.offset).take(options.count).collect();
        assert_eq!(recommend(&model, &query, &seen, &options).unwrap(), expected);
    }
}

/// Users like items of their own colour; the cell withheld from each must come out on top.
#[test]
fn checkerboard() {
    let mut factors = factors(40, 2, 5);
    factors.values = Array2::from_shape_fn((40, 2), |(item, axis)| f32::from(item % 2 == axis));
    for precision in Precision::ALL {
        let model = Model::pack(&factors, precision).unwrap();
        for withheld in 0..40 {
            let colour = |item: u32| (item % 2) as usize;
            let mut query = [0.0; 2];
            query[withheld % 2] = 1.0;
            let row = |item: usize| model.find(&format!("id-{item}")).unwrap();
            let seen: Vec<u32> = (0..40)
                .filter(|&item| item != withheld)
                .filter(|item| colour(*item as u32) == withheld % 2)
                .map(row)
                .collect();
            let best = recommend(&model, &query, &seen, &Options::default()).unwrap()[0];
            assert_eq!(best.item, row(withheld));
        }
    }
}

#[test]
fn a_query_that_does_not_fit_is_refused_by_name() {
    let model = Model::pack(&factors(3, 4, 6), Precision::Int8).unwrap();
    for query in [&[1.0; 3][..], &[1.0; 5], &[1.0, f32::NAN, 0.0, 0.0], &[f32::INFINITY; 4]] {
        let error = recommend(&model, query, &[], &Options::default()).unwrap_err();
        assert_eq!((error.code(), error.field()), ("argument", Some("vector")));
    }
    let options = Options { exclude: vec!["nobody".into()], ..Options::default() };
    assert_eq!(recommend(&model, &[0.0; 4], &[], &options).unwrap_err().code(), "unknown-item");
}

#[test]
fn similar_items_follow_the_metric() {
    let mut factors = factors(4, 2, 7);
    factors.values = ndarray::array![[2.0, 0.0], [1.0, 0.1], [30.0, 30.0], [0.0, 0.0]];
    let model = Model::pack(&factors, Precision::F32).unwrap();
    let find = |id: &str| model.find(id).unwrap();
    let nearest = |metric| {
        let found = similar(&model, find("id-0"), metric, 9).unwrap();
        found.into_iter().map(|scored| (model.id(scored.item), scored.score)).collect::<Vec<_>>()
    };
    let cosine = nearest(Metric::Cosine);
    assert_eq!(cosine.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["id-1", "id-2", "id-3"]);
    assert!((cosine[1].1 - 0.5f32.sqrt()).abs() < 1e-6 && cosine[2].1 == 0.0);
    assert_eq!(nearest(Metric::Dot), [("id-2".into(), 60.0), ("id-1".into(), 2.0), ("id-3".into(), 0.0)]);
}

#[test]
fn popularity_counts_interactions_or_measures_norms() {
    let mut factors = factors(3, 2, 8);
    factors.values = ndarray::array![[2.0, 0.0], [0.0, 3.0], [1.0, 1.0]];
    let order = |factors: &Factors, seen: &[u32]| {
        let model = Model::pack(factors, Precision::F32).unwrap();
        let ranking = popular(&model, seen, &Options::default()).unwrap();
        ranking.into_iter().map(|scored| model.id(scored.item)).collect::<Vec<_>>()
    };
    assert_eq!(order(&factors, &[]), ["id-1", "id-0", "id-2"]);
    assert_eq!(order(&factors, &[0]), ["id-0", "id-2"]);
    factors.counts = Some(vec![5, 1, 9]);
    assert_eq!(order(&factors, &[]), ["id-2", "id-0", "id-1"]);
}
