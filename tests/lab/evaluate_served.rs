//! What is evaluated is what is served: the same fold-in, the same scores, the same order.

use foldin::model::{Algorithm, ORDER_WEIGHTS, Tensor};
use foldin::recommender::Ask;
use foldin::score::{self, Options};
use foldin::visitor::{Event, EventKind, EventWeights, FoldIn, Observation};
use foldin::{Model, Precision, Recommender};
use foldin_lab::evaluate::baselines::Popularity;
use foldin_lab::evaluate::{Fold, Given, Judge, Protocol, Ranker, Served, Split};
use foldin_lab::train::{self, Interactions, ials, sgd, unobserved};

/// Two tastes, each with half of the items, in the manner of a checkerboard: user u had every item i with
/// (u + i) even, except one that is withheld on the diagonal.
fn checkerboard(size: u32, values: bool) -> Interactions {
    let pairs = (0..size).flat_map(|u| (0..size).map(move |i| (u, i)));
    let entries: Vec<(u32, u32, f32)> = match values {
        false => pairs.filter(|(u, i)| (u + i) % 2 == 0).map(|(u, i)| (u, i, 1.0)).collect(),
        true => pairs.map(|(u, i)| (u, i, if (u + i) % 2 == 0 { 5.0 } else { 1.0 })).collect(),
    };
    let ids = |prefix: char| (0..size).map(|at| format!("{prefix}{at}")).collect();
    Interactions::from_entries(ids('u'), ids('i'), &entries, None)
}

/// The diagonal is hidden.
fn diagonal_hidden(all: &Interactions) -> Fold {
    let user_of: Vec<u32> = all.matrix.iter().map(|(user, _, _)| user).collect();
    let on_diagonal = |at: usize| all.matrix.columns[at] == user_of[at];
    let train = all.filter(|at| !on_diagonal(at));
    Fold { given: train.clone(), hidden: all.filter(on_diagonal).matrix, train }
}

fn trained(fold: &Fold, precision: Precision) -> Model {
    let options = ials::Options { dim: 8, ..ials::Options::default() };
    let trained = ials::train(&fold.train, &options, &mut unobserved).unwrap();
    Model::pack(&trained.items, precision).unwrap()
}

#[test]
fn the_withheld_diagonal_comes_first_at_every_precision() {
    let fold = diagonal_hidden(&checkerboard(20, false));
    for precision in Precision::ALL {
        let model = trained(&fold, precision);
        let judge = Judge::new(&fold, &[1]);
        let mut tally = judge.tally();
        judge.run(&Served::of_fold(&model, &fold), &mut tally, &|| ()).unwrap();
        assert_eq!(tally.report(1).metrics["hr@1"].mean, 1.0, "{}", precision.name());
    }
}

#[test]
fn the_order_is_that_of_the_score_room() {
    let fold = diagonal_hidden(&checkerboard(20, false));
    let model = trained(&fold, Precision::Int8);
    let served = Served::of_fold(&model, &fold);
    for user in [0, 7] {
        let (items, values) = fold.given.matrix.row(user);
        let scores = served.scores(Given::untimed(items, values)).unwrap();
        let mut visitor = FoldIn::new(&model);
        let rows: Vec<u32> =
            items.iter().map(|&item| model.find(&fold.train.item_ids[item as usize]).unwrap()).collect();
        rows.iter().for_each(|&item| visitor.add(&model, &Observation { item, target: 1.0, weight: 1.0 }));
        let options = Options { count: 20, ..Options::default() };
        let ranking = score::recommend(&model, visitor.solve(&model).vector(), &rows, &options).unwrap();
        assert_eq!(ranking.len(), 20 - rows.len());
        for scored in ranking {
            let id = model.id(scored.item);
            let item = fold.train.item_ids.iter().position(|known| *known == id).unwrap();
            assert_eq!(scores[item], scored.score);
        }
    }
}

#[test]
fn nothing_given_ranks_by_popularity_and_unknown_items_come_last() {
    let fold = diagonal_hidden(&checkerboard(6, false));
    let model = trained(&fold, Precision::F32);
    let mut ids = fold.train.item_ids.clone();
    ids.push("new".into());
    let scores = Served::new(&model, &ids, EventWeights::default()).scores(Given::untimed(&[], &[])).unwrap();
    let popularity = Popularity::new(&fold.train).scores(Given::untimed(&[], &[])).unwrap();
    for (score, count) in scores.iter().zip(popularity) {
        assert!((score - count).abs() < 1e-3, "{score} {count}");
    }
    assert!(scores[6] < 0.0);
}

#[test]
fn ratings_are_predicted_with_the_visitor_s_bias() {
    let fold = diagonal_hidden(&checkerboard(20, true));
    let options = sgd::Options { dim: 4, epochs: 200, regularization: 0.01, ..sgd::Options::default() };
    let trained = train::sgd::train(&fold.train, &options, &mut unobserved).unwrap();
    let model = Model::pack(&trained.items, Precision::F32).unwrap();
    let judge = Judge::new(&fold, &[10]);
    let mut tally = judge.tally();
    judge.run(&Served::of_fold(&model, &fold), &mut tally, &|| ()).unwrap();
    let report = tally.report(1);
    assert!(report.metrics["rmse"].mean < 0.2, "{report:?}");
    assert!(report.metrics["mae"].mean <= report.metrics["rmse"].mean);

    // A visitor who rates everything a point lower is predicted to go on so.
    let weights = EventWeights { scale: (0.0, 5.0), ..EventWeights::default() };
    let served = Served::new(&model, &fold.train.item_ids, weights);
    let (items, values) = fold.given.matrix.row(0);
    let lower: Vec<f32> = values.iter().map(|value| value - 1.0).collect();
    let at_diagonal = |values: &[f32]| served.scores(Given::untimed(items, values)).unwrap()[0];
    let difference = at_diagonal(values) - at_diagonal(&lower);
    assert!((difference - 1.0).abs() < 0.1, "{difference}");
}

/// Times in another order than the file's, over days and within minutes.
fn timed() -> Interactions {
    let pairs =
        (0..20u32).flat_map(|u| (0..20u32).map(move |i| (u, i))).filter(|(u, i)| (u + 2 * i) % 3 == 0);
    let entries: Vec<(u32, u32, f32)> = pairs.map(|(u, i)| (u, i, 1.0)).collect();
    let times: Vec<f64> = entries.iter().map(|&(u, i, _)| f64::from(u * 100_000 + i * 7919 % 1000)).collect();
    let ids = |prefix: char| (0..20).map(|at| format!("{prefix}{at}")).collect();
    Interactions::from_entries(ids('u'), ids('i'), &entries, Some(&times))
}

/// The model of the interactions, and one of what comes next with its factors.
fn both(fold: &Fold) -> [Model; 2] {
    let options = ials::Options { dim: 8, ..ials::Options::default() };
    let mut factors = ials::train(&fold.train, &options, &mut unobserved).unwrap().items;
    let ials = Model::pack(&factors, Precision::Int8).unwrap();
    factors.recipe.algorithm = Algorithm::Next;
    factors.rooms = vec![Tensor::f32s(ORDER_WEIGHTS, &[1.0, 0.4, 0.1])];
    [ials, Model::pack(&factors, Precision::Int8).unwrap()]
}

#[test]
fn what_is_judged_is_what_a_page_shows() {
    let fold = Split::LeaveLastOut.folds(&timed(), 1).unwrap().remove(0);
    for model in both(&fold) {
        let served = Served::of_fold(&model, &fold);
        for user in fold.users() {
            // As a page records it: event by event, in milliseconds.
            let mut visitor = Recommender::new(&model);
            let history = fold.given.history(user);
            for (&item, time) in history.items.iter().zip(history.times.as_ref().unwrap()) {
                let item = model.find(&fold.train.item_ids[item as usize]).unwrap();
                let event = Event { item, kind: EventKind::Like, value: None, time: 1000.0 * time };
                visitor.record(&[event]).unwrap();
            }
            let shelf =
                visitor.recommend(&Options { count: 20, ..Options::default() }, Ask::default()).unwrap();
            let scores = served.scores(history.given()).unwrap();
            let mut judged: Vec<usize> =
                (0..20).filter(|item| !history.items.contains(&(*item as u32))).collect();
            judged.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
            assert_eq!(judged.len(), shelf.results.len());
            for (item, result) in judged.into_iter().zip(shelf.results) {
                assert_eq!(fold.train.item_ids[item], model.id(result.item));
                // Event by event the sums are rounded in another order than at once.
                assert!((scores[item] - result.score).abs() < 1e-5, "{} {}", scores[item], result.score);
            }
        }
    }
}

#[test]
fn order_and_times_count() {
    let fold = Split::LeaveLastOut.folds(&timed(), 1).unwrap().remove(0);
    let [ials, next] = both(&fold);
    let scores = |model: &Model, times: Option<&[f64]>, items: &[u32]| {
        let given = Given { items, values: &[1.0; 3], times };
        Served::of_fold(model, &fold).scores(given).unwrap()
    };
    let long_ago = Some(&[0.0, 1e6, 1e6][..]);
    assert_ne!(scores(&ials, long_ago, &[1, 2, 3]), scores(&ials, None, &[1, 2, 3]));
    assert_eq!(scores(&ials, None, &[2, 1, 3]), scores(&ials, None, &[1, 2, 3]));
    assert_eq!(scores(&next, long_ago, &[1, 2, 3]), scores(&next, None, &[1, 2, 3]));
    assert_ne!(scores(&next, None, &[2, 1, 3]), scores(&next, None, &[1, 2, 3]));
}

#[test]
fn a_history_is_in_the_order_of_its_times() {
    // Twice at one time, once again; the file's order decides between equals.
    let entries = [(0, 3, 1.0), (0, 1, 2.0), (0, 2, 3.0), (0, 1, 4.0), (1, 0, 5.0)];
    let times = [7.0, 5.0, 5.0, 9.0, 0.0];
    let ids = |count: u32| (0..count).map(|at| at.to_string()).collect();
    let all = Interactions::from_entries(ids(2), ids(4), &entries, Some(&times));
    let history = all.history(0);
    assert_eq!(history.items, [1, 2, 3, 1]);
    assert_eq!(history.values, [4.0, 3.0, 1.0, 4.0]);
    assert_eq!(history.times.as_deref(), Some(&[5.0, 5.0, 7.0, 9.0][..]));
    let untimed = Interactions::from_entries(ids(2), ids(4), &entries, None);
    assert_eq!((untimed.history(0).items, untimed.history(0).times), (vec![3, 1, 2, 1], None));
}

#[test]
fn a_report_is_the_same_for_the_same_seeds() {
    let all = checkerboard(20, false);
    let report = || {
        let fold = Split::Strong { users: 0.5, given: 0.5 }.folds(&all, 3).unwrap().remove(0);
        let judge = Judge::new(&fold, &[5]);
        let mut tally = judge.tally();
        judge.run(&Served::of_fold(&trained(&fold, Precision::Int4), &fold), &mut tally, &|| ()).unwrap();
        tally.report(1)
    };
    assert_eq!(report(), report());
}
