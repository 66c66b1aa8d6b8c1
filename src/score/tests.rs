//! The whole room against naive oracles.

mod shortcuts;

use super::*;
use crate::model::{
    AlignedBytes, CatalogColumns, Delta, Factors, Model, Precision, Recipe, TagValues, Unknown,
};
use ndarray::{Array2, s};
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random directions with lognormal norms, ids and a catalogue given.
fn factors(items: usize, dim: usize, seed: u64) -> Factors {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
    let norms = LogNormal::new(0.0, 0.5).unwrap();
    let mut values = Array2::from_shape_simple_fn((items, dim), || StandardNormal.sample(&mut *rng));
    values.rows_mut().into_iter().for_each(|mut row| row *= norms.sample(&mut *rng));
    Factors {
        values,
        ids: Some((0..items).map(|item| format!("id-{item}")).collect()),
        biases: None,
        counts: None,
        trend: None,
        together: None,
        recipe: Recipe::default(),
        catalog: catalog(items),
        rooms: Vec::new(),
        metadata: Default::default(),
    }
}

/// Two or three genres an item; a year for all but every seventh.
fn catalog(items: usize) -> CatalogColumns {
    let codes =
        |item: usize| -> Vec<u32> { (0..GENRES.len() as u32).filter(|code| item >> code & 1 == 1).collect() };
    let vocabulary = GENRES.map(String::from).to_vec();
    let genres = TagValues { vocabulary, codes: (0..items).map(codes).collect() };
    let year = |item: usize| if item.is_multiple_of(7) { f32::NAN } else { (1950 + item % 70) as f32 };
    CatalogColumns {
        titles: None,
        tags: [("genres".into(), genres)].into(),
        numbers: [("year".into(), (0..items).map(year).collect())].into(),
        places: None,
    }
}

const GENRES: [&str; 4] = ["action", "comedy", "drama", "noir"];

fn vector(dim: usize, rng: &mut impl Rng) -> Vec<f32> {
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
            ..Options::default()
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
}

/// `exclude` skips ids that no item has, whatever `unknown` says; `only` and `boost.items` do what it says.
#[test]
fn unknown_ids_are_skipped_unless_they_are_to_be_refused() {
    let model = Model::pack(&factors(3, 4, 6), Precision::Int8).unwrap();
    let asked = |json: serde_json::Value| recommend(&model, &[1.0; 4], &[], &options(json));
    let count = |json| asked(json).unwrap().len();
    assert_eq!(count(serde_json::json!({ "exclude": ["nobody", "id-1"], "unknown": "error" })), 2);
    assert_eq!(count(serde_json::json!({ "only": ["nobody", "id-1"] })), 1);
    assert_eq!(count(serde_json::json!({ "only": ["nobody"], "unknown": "skip" })), 0);
    let boosted = serde_json::json!({ "items": { "id-1": 2.0 } });
    let more = serde_json::json!({ "items": { "nobody": 2.0, "id-1": 2.0 } });
    let with = |boost| asked(serde_json::json!({ "boost": boost })).unwrap();
    assert_eq!(with(&more), with(&boosted));
    for refused in [serde_json::json!({ "only": ["nobody"] }), serde_json::json!({ "boost": more })] {
        let options = Options { unknown: Unknown::Error, ..options(refused) };
        assert_eq!(recommend(&model, &[1.0; 4], &[], &options).unwrap_err().code(), "unknown-item");
    }
}

#[test]
fn similar_items_follow_the_metric() {
    let mut factors = factors(4, 2, 7);
    factors.values = ndarray::array![[2.0, 0.0], [1.0, 0.1], [30.0, 30.0], [0.0, 0.0]];
    let model = Model::pack(&factors, Precision::F32).unwrap();
    let find = |id: &str| model.find(id).unwrap();
    let nearest = |metric| {
        let found =
            similar(&model, Like::seeds(&[find("id-0")], metric), &Options::best(9), None).unwrap().ranking;
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
        let ranking = popular(&model, seen, &Options::default(), None).unwrap().ranking;
        ranking.into_iter().map(|scored| model.id(scored.item)).collect::<Vec<_>>()
    };
    assert_eq!(order(&factors, &[]), ["id-1", "id-0", "id-2"]);
    assert_eq!(order(&factors, &[0]), ["id-0", "id-2"]);
    factors.counts = Some(vec![5, 1, 9]);
    assert_eq!(order(&factors, &[]), ["id-2", "id-0", "id-1"]);
    factors.trend = Some(vec![7, 255, 0]);
    assert_eq!(order(&factors, &[]), ["id-1", "id-0", "id-2"]);
}

fn number_of(model: &Model, item: u32) -> usize {
    model.id(item)[3..].parse().unwrap()
}

fn genres(model: &Model, item: u32) -> Vec<&'static str> {
    (0..4).filter(|code| number_of(model, item) >> code & 1 == 1).map(|code| GENRES[code]).collect()
}

fn options(json: serde_json::Value) -> Options {
    serde_json::from_value(json).unwrap()
}

#[test]
fn conditions_keep_what_the_oracle_keeps() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(9);
    let model = Model::pack(&factors(600, 8, 10), Precision::Int8).unwrap();
    let year = |item: u32| match number_of(&model, item) {
        number if number % 7 == 0 => None,
        number => Some(1950 + number % 70),
    };
    let options = options(serde_json::json!({
        "count": 50,
        "where": { "genres": { "in": ["comedy", "noir"], "notIn": ["drama"] }, "year": { "min": 1960, "max": 1999 } },
    }));
    for _ in 0..100 {
        let query = vector(8, rng);
        let mut expected = full_ranking(&model, &query);
        expected.retain(|scored| {
            let genres = genres(&model, scored.item);
            (genres.contains(&"comedy") || genres.contains(&"noir"))
                && !genres.contains(&"drama")
                && year(scored.item).is_some_and(|year| (1960..=1999).contains(&year))
        });
        expected.truncate(50);
        assert_eq!(recommend(&model, &query, &[], &options).unwrap(), expected);
        let even = |item: u32| item.is_multiple_of(2);
        let answer = answer(&model, Request { query: &query, seen: &[] }, &options, Some(&even)).unwrap();
        expected.retain(|scored| even(scored.item));
        assert_eq!(answer.ranking[..expected.len()], expected);
    }
}

#[test]
fn boosts_multiply_scores_before_the_best_are_taken() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(11);
    let model = Model::pack(&factors(900, 8, 12), Precision::Int8).unwrap();
    let options = options(serde_json::json!({
        "count": 400,
        "boost": { "items": { "id-5": 3.0, "id-6": 0.5 }, "tags": { "genres": { "noir": 1.5, "drama": 0.25 } } },
    }));
    for _ in 0..50 {
        let query = vector(8, rng);
        let mut expected = full_ranking(&model, &query);
        for Scored { item, score } in &mut expected {
            let own = match number_of(&model, *item) {
                5 => 3.0,
                6 => 0.5,
                _ => 1.0,
            };
            let genres = genres(&model, *item);
            let drama = if genres.contains(&"drama") { 0.25 } else { 1.0 };
            let by = own * drama * if genres.contains(&"noir") { 1.5 } else { 1.0 };
            *score = if *score > 0.0 { *score * by } else { *score / by };
        }
        expected.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        expected.truncate(400);
        assert_eq!(recommend(&model, &query, &[], &options).unwrap(), expected);
    }
}

#[test]
fn quotas_pass_over_what_is_used_up() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(13);
    let model = Model::pack(&factors(500, 8, 14), Precision::Int8).unwrap();
    for (count, comedy) in [(10, 1), (40, 3), (300, 2), (10, 0)] {
        let quota = serde_json::json!({ "genres": { "comedy": comedy, "noir": 4 } });
        let options = options(serde_json::json!({ "count": count, "offset": 2, "quota": quota }));
        let query = vector(8, rng);
        let mut left = [("comedy", comedy), ("noir", 4)];
        let mut expected = full_ranking(&model, &query);
        expected.retain(|scored| {
            let genres = genres(&model, scored.item);
            let fits = left.iter().all(|(tag, left)| *left > 0 || !genres.contains(tag));
            left.iter_mut().filter(|(tag, _)| fits && genres.contains(tag)).for_each(|(_, left)| *left -= 1);
            fits
        });
        let expected: Vec<_> = expected.into_iter().skip(2).take(count).collect();
        assert_eq!(recommend(&model, &query, &[], &options).unwrap(), expected);
    }
}

#[test]
fn diversity_follows_maximal_marginal_relevance() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(15);
    let model = Model::pack(&factors(300, 6, 16), Precision::F32).unwrap();
    let cosine = |a: u32, b: u32| {
        let (a, b) = (model.factor(a), model.factor(b));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt()
    };
    for diversity in [0.2, 0.7, 1.0] {
        let query = vector(6, rng);
        let mut pool = full_ranking(&model, &query);
        pool.truncate(100);
        let range = f64::from(pool[0].score - pool[99].score);
        let relevance = |scored: &Scored| 1.0 - f64::from(pool[0].score - scored.score) / range;
        let found = recommend(&model, &query, &[], &Options { diversity, ..Options::default() }).unwrap();
        assert_eq!((found.len(), found[0]), (10, pool[0]));
        for taken in 1..10 {
            let margin = |scored: &Scored| {
                let nearest =
                    found[..taken].iter().map(|other| cosine(scored.item, other.item)).fold(0.0, f64::max);
                (1.0 - f64::from(diversity)) * relevance(scored) - f64::from(diversity) * nearest
            };
            let open = pool.iter().filter(|scored| !found[..taken].contains(scored));
            let best = open.map(margin).fold(f64::NEG_INFINITY, f64::max);
            assert!(margin(&found[taken]) > best - 1e-5);
        }
    }
}

#[test]
fn exploring_is_seeded_and_off_at_strength_zero() {
    let model = Model::pack(&factors(2000, 16, 17), Precision::Int8).unwrap();
    let query = vector(16, &mut Xoshiro256PlusPlus::seed_from_u64(18));
    let ranking = |seed, strength| {
        let explore = Some(Explore { seed, strength });
        recommend(&model, &query, &[], &Options { explore, ..Options::default() }).unwrap()
    };
    assert_eq!(ranking(1, 0.3), ranking(1, 0.3));
    assert_ne!(ranking(1, 0.3), ranking(2, 0.3));
    assert_eq!(ranking(1, 0.0), recommend(&model, &query, &[], &Options::default()).unwrap());
    let best = recommend(&model, &query, &[], &Options { count: 500, ..Options::default() }).unwrap();
    assert!(ranking(1, 0.3).iter().all(|scored| best.iter().any(|other| other.item == scored.item)));
}

/// The noise, drawn once more by the book.
#[test]
fn exploring_asks_with_a_vector_nearby() {
    let model = Model::pack(&factors(2000, 16, 17), Precision::Int8).unwrap();
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(26);
    for (seed, strength) in (0..50).zip([0.0, 0.1, 0.3, 1.0].into_iter().cycle()) {
        let query = vector(16, rng);
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed.into());
        let mut normal = || (0..12).map(|_| f64::from(dice.next_u32()) / 4_294_967_295.0).sum::<f64>() - 6.0;
        let squares = query.iter().map(|&v| f64::from(v) * f64::from(v));
        let deviation = f64::from(strength) * squares.sum::<f64>().sqrt() / 4.0;
        let nearby: Vec<f32> = query.iter().map(|&v| (f64::from(v) + deviation * normal()) as f32).collect();
        let options = Options { explore: Some(Explore { seed, strength }), ..Options::default() };
        let found = recommend(&model, &query, &[], &options).unwrap();
        assert_eq!(found, full_ranking(&model, &nearby)[..10]);
    }
}

#[test]
fn exploring_strays_as_far_as_its_strength_says() {
    let query = [3.0, -1.0, 0.0, 2.0, 0.5, 0.0, -4.0, 1.0];
    let square = |values: &[f32]| values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
    let (mut mean, mut strayed) = ([0.0; 8], 0.0);
    for seed in 0..4000 {
        let drawn = explore::sample(&query, Explore { seed, strength: 0.3 });
        let noise: Vec<f32> = drawn.iter().zip(query).map(|(a, b)| a - b).collect();
        strayed += square(&noise) / 4000.0;
        mean.iter_mut().zip(&noise).for_each(|(mean, noise)| *mean += noise / 4000.0);
    }
    let expected = 0.09 * square(&query);
    assert!((strayed / expected - 1.0).abs() < 0.05, "{strayed} {expected}");
    assert!(square(&mean) < 0.01 * expected, "to no side: {mean:?}");
}

/// All options at once, as they follow each other.
#[test]
fn options_together_follow_one_oracle() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(27);
    for precision in Precision::ALL {
        let model = Model::pack(&factors(1500, 8, 28), precision).unwrap();
        let year = |item: u32| 1950 + number_of(&model, item) % 70;
        for round in 0..20 {
            let query = vector(8, rng);
            let mut ids = |n: usize| -> Vec<u32> { (0..n).map(|_| rng.random_range(0..1500)).collect() };
            let (seen, excluded, only) = (ids(round * 9), ids(round * 5), ids(900));
            let named = |rows: &[u32]| rows.iter().map(|&row| model.id(row)).collect::<Vec<_>>();
            let options: Options = options(serde_json::json!({
                "count": 5 + round * 9, "offset": round, "exclude": named(&excluded),
                "only": (round % 2 == 0).then(|| named(&only)),
                "where": { "genres": { "notIn": ["action"] }, "year": { "min": 1960 } },
                "boost": { "tags": { "genres": { "comedy": 2.5, "drama": 0.5 } } },
                "quota": { "genres": { "noir": 3 + round } },
            }));
            let mut expected = full_ranking(&model, &query);
            expected.retain(|Scored { item, .. }| {
                let wanted = options.only.is_none() || only.contains(item);
                let dated = !number_of(&model, *item).is_multiple_of(7) && year(*item) >= 1960;
                let taken = seen.contains(item) || excluded.contains(item);
                wanted && dated && !taken && !genres(&model, *item).contains(&"action")
            });
            for Scored { item, score } in &mut expected {
                let genres = genres(&model, *item);
                let by = |tag, by| if genres.contains(&tag) { by } else { 1.0 };
                let by = by("comedy", 2.5) * by("drama", 0.5);
                *score = if *score > 0.0 { *score * by } else { *score / by };
            }
            expected.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
            let mut left = 3 + round;
            expected.retain(|Scored { item, .. }| {
                let noir = genres(&model, *item).contains(&"noir");
                let fits = !noir || left > 0;
                left -= usize::from(noir && fits);
                fits
            });
            let expected: Vec<_> = expected.into_iter().skip(round).take(options.count).collect();
            assert_eq!(recommend(&model, &query, &seen, &options).unwrap(), expected, "{precision:?}");
        }
    }
}

#[test]
fn similar_items_are_those_of_a_full_scan() {
    for precision in Precision::ALL {
        let model = Model::pack(&factors(1200, 10, 29), precision).unwrap();
        for item in (0..1200).step_by(97) {
            let mut dot = full_ranking(&model, &model.factor(item));
            dot.retain(|scored| scored.item != item);
            assert_eq!(
                similar(&model, Like::seeds(&[item], Metric::Dot), &Options::best(30), None).unwrap().ranking,
                dot[..30]
            );
            let norm = |item: u32| model.rows().norm(item as usize);
            let mut cosine = dot;
            cosine.iter_mut().for_each(|scored| scored.score /= norm(item) * norm(scored.item));
            cosine.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
            assert_eq!(
                similar(&model, Like::seeds(&[item], Metric::Cosine), &Options::best(30), None)
                    .unwrap()
                    .ranking,
                cosine[..30]
            );
        }
    }
}

#[test]
fn options_name_what_is_wrong_with_them() {
    let model = Model::pack(&factors(20, 4, 22), Precision::Int8).unwrap();
    for (json, field) in [
        (serde_json::json!({ "diversity": 1.5 }), "diversity"),
        (serde_json::json!({ "diversity": 0.5, "count": 2000 }), "count"),
        (serde_json::json!({ "explore": { "seed": 1, "strength": -1.0 } }), "explore"),
        (serde_json::json!({ "boost": { "items": { "id-1": 0.0 } } }), "boost"),
        (serde_json::json!({ "boost": { "tags": { "genres": { "musical": 2.0 } } } }), "boost"),
        (serde_json::json!({ "quota": { "colour": { "red": 1 } } }), "quota"),
        (serde_json::json!({ "where": { "genres": { "in": ["musical"] } } }), "where"),
        (serde_json::json!({ "where": { "genres": { "min": 3 } } }), "where"),
        (serde_json::json!({ "where": { "year": {} } }), "where"),
    ] {
        let error = recommend(&model, &[0.0; 4], &[], &options(json.clone())).unwrap_err();
        assert_eq!((error.code(), error.field()), ("argument", Some(field)), "{json}: {error}");
    }
    let unknown = serde_json::from_value::<Options>(serde_json::json!({ "cuont": 3 })).unwrap_err();
    assert!(unknown.to_string().contains("unknown field `cuont`, expected one of `count`"), "{unknown}");
}
