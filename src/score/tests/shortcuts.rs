//! Answers that taking several searches together, skipping, rough products and moved rows must not change.

use super::*;
use crate::model::Rows;

#[test]
fn a_batch_is_its_requests_one_by_one() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(19);
    let model = Model::pack(&factors(3000, 12, 20), Precision::Int4).unwrap();
    let queries: Vec<Vec<f32>> = (0..17).map(|_| vector(12, rng)).collect();
    let seen: Vec<Vec<u32>> = (0..17).map(|n| (0..n * 9).collect()).collect();
    let pairs = || queries.iter().zip(&seen);
    let requests: Vec<_> = pairs().map(|(query, seen)| Request { query, seen }).collect();
    let options = options(serde_json::json!({ "quota": { "genres": { "noir": 2 } } }));
    let alone = pairs().map(|(query, seen)| recommend(&model, query, seen, &options).unwrap());
    let together = answer_batch(&model, &requests, &options).unwrap().into_iter();
    assert_eq!(together.map(|answer| answer.ranking).collect::<Vec<_>>(), alone.collect::<Vec<_>>());
}

/// Skipping must be seen to skip, and never to change an answer: other rounding, biases, boosts, ties.
#[test]
fn skipped_rows_never_belong_to_the_best() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(21);
    let mut read = 0;
    for model in 0..20 {
        let mut factors = factors(4000, [3, 8, 20, 33][model % 4] * 2, model as u64);
        factors.biases = (model % 5 == 0).then(|| vector(4000, rng));
        if model % 3 == 0 {
            factors.values.mapv_inplace(f32::round);
            factors.ids = None;
        }
        let model = Model::pack(&factors, Precision::ALL[model % 4]).unwrap();
        for asked in 0..500 {
            let query = vector(model.dim(), rng);
            let options = Options { count: rng.random_range(1..50), ..Options::default() };
            let found = answer(&model, Request { query: &query, seen: &[] }, &options, None).unwrap();
            let expected = full_ranking(&model, &query);
            assert_eq!(found.ranking, expected[..options.count]);
            read += found.rows_read;
            // Before it pays to measure the rows, all are read; the oracle asks, too.
            assert!(found.rows_read == 4000 || asked >= 2, "{}", found.rows_read);
        }
    }
    assert!(read < 20 * 500 * 4000 * 8 / 10, "{read}");
}

/// What rough products settle is what exact ones would: queries whose numbers differ by orders of magnitude, ties,
/// scales that are negative, nothing or next to nothing, rows at the end of which no vector can be loaded.
#[test]
fn rough_products_never_change_an_answer() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(22);
    for dim in [34, 63, 64, 65, 130, 200] {
        let mut factors = factors(2600 + dim, dim, dim as u64);
        // Equal rows, so that there are ties, and one number that all rows have much of.
        for row in (1000..1400).step_by(4) {
            let (first, mut second) = factors.values.multi_slice_mut((s![row, ..], s![row + 1, ..]));
            second.assign(&first);
        }
        factors.values.column_mut(0).mapv_inplace(|v| 4.0 + v);
        let packed =
            |odd: fn(usize, f32) -> f32| with_scales(Model::pack(&factors, Precision::Int8).unwrap(), odd);
        let models = [
            packed(|row, scale| if (2000..2005).contains(&row) { 0.0 } else { scale }),
            packed(|row, scale| if (2100..2105).contains(&row) { -scale } else { scale }),
            packed(|row, scale| if (1540..1545).contains(&row) { 1e-42 } else { scale }),
            packed(|row, scale| if row < 512 { scale * 0.2 } else { scale }),
        ];
        for (model, round) in models.iter().flat_map(|model| (0..60).map(move |round| (model, round))) {
            let mut query = vector(dim, rng);
            query[0] *= [1.0, 30.0, 1000.0, 0.0][round % 4];
            // Down to where scores, and then the query's own scale, have few digits left.
            let tiny = [1.0, 1e-35, 1e-38, 1e-41][round / 4 % 4];
            query.iter_mut().for_each(|v| *v *= tiny);
            let options = Options { count: rng.random_range(1..60), ..Options::default() };
            let expected = full_ranking(model, &query);
            assert_eq!(recommend(model, &query, &[], &options).unwrap(), expected[..options.count]);
        }
    }
}

/// The model with other scales, as a file might have them.
fn with_scales(model: Model, scale: impl Fn(usize, f32) -> f32) -> Model {
    let Rows::Int8 { scales, .. } = model.rows() else { panic!("{:?} has no scales", model.precision()) };
    let start = scales.as_ptr() as usize - model.bytes().as_ptr() as usize;
    let new: Vec<f32> = scales.iter().enumerate().map(|(row, &old)| scale(row, old)).collect();
    let mut bytes = AlignedBytes::zeroed(model.bytes().len()).unwrap();
    bytes.copy_from_slice(model.bytes());
    bytes[start..][..4 * new.len()].copy_from_slice(bytemuck::cast_slice(&new));
    Model::open(model.header().clone(), bytes).unwrap()
}

/// Rows that were lifted from far below, among blocks that are skipped.
#[test]
fn moved_rows_are_ranked_where_they_were_moved_to() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(23);
    for (precision, dim) in
        Precision::ALL.into_iter().flat_map(|precision| [(precision, 16), (precision, 40)])
    {
        let model = Model::pack(&factors(3000, dim, 24), precision).unwrap();
        let rows: Vec<u32> = (0..40).map(|at| at * 70 + 7).collect();
        for round in 0..20 {
            let query = vector(dim, rng);
            let delta = Delta::new(rows.clone(), vector(dim * rows.len(), rng));
            let items = Items { delta: Some(&delta), ..Items::from(&model) };
            let request = Request { query: &query, seen: &[] };
            let options = Options { count: 5 + round, ..Options::default() };
            let all: Vec<u32> = (0..3000).collect();
            let expected = rank(items, &query, &all).unwrap();
            assert_eq!(answer(items, request, &options, None).unwrap().ranking, expected[..5 + round]);
            let scores = scores(items, &query).unwrap();
            for Scored { item, score } in expected {
                let product: f32 = items.factor(item).iter().zip(&query).map(|(a, b)| a * b).sum();
                assert!((score - product).abs() < 1e-2, "{precision:?}: {score} {product}");
                assert_eq!(score, scores[item as usize] + 0.0);
            }
        }
    }
}
