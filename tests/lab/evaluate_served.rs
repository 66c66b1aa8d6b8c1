//! What is evaluated is what is served: the same fold-in, the same scores, the same order.

use foldin::score::{self, Options};
use foldin::visitor::{FoldIn, Observation};
use foldin::{Model, Precision};
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
    Fold { given: train.matrix.clone(), hidden: all.filter(on_diagonal).matrix, train }
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
        judge.run(&Served::new(&model, &fold.train.item_ids), &mut tally, &|| ()).unwrap();
        assert_eq!(tally.report(1).metrics["hr@1"].mean, 1.0, "{}", precision.name());
    }
}

#[test]
fn the_order_is_that_of_the_score_room() {
    let fold = diagonal_hidden(&checkerboard(20, false));
    let model = trained(&fold, Precision::Int8);
    let served = Served::new(&model, &fold.train.item_ids);
    for user in [0, 7] {
        let (items, values) = fold.given.row(user);
        let scores = served.scores(Given { items, values }).unwrap();
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
    let scores = Served::new(&model, &ids).scores(Given { items: &[], values: &[] }).unwrap();
    let popularity = Popularity::new(&fold.train).scores(Given { items: &[], values: &[] }).unwrap();
    assert_eq!(scores[..6], popularity);
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
    judge.run(&Served::new(&model, &fold.train.item_ids), &mut tally, &|| ()).unwrap();
    let report = tally.report(1);
    assert!(report.metrics["rmse"].mean < 0.2, "{report:?}");
    assert!(report.metrics["mae"].mean <= report.metrics["rmse"].mean);

    // A visitor who rates everything a point lower is predicted to go on so.
    let served = Served::new(&model, &fold.train.item_ids);
    let (items, values) = fold.given.row(0);
    let lower: Vec<f32> = values.iter().map(|value| value - 1.0).collect();
    let at_diagonal = |values: &[f32]| served.scores(Given { items, values }).unwrap()[0];
    let difference = at_diagonal(values) - at_diagonal(&lower);
    assert!((difference - 1.0).abs() < 0.1, "{difference}");
}

#[test]
fn a_report_is_the_same_for_the_same_seeds() {
    let all = checkerboard(20, false);
    let report = || {
        let fold = Split::Strong { users: 0.5, given: 0.5 }.folds(&all, 3).unwrap().remove(0);
        let judge = Judge::new(&fold, &[5]);
        let mut tally = judge.tally();
        judge
            .run(&Served::new(&trained(&fold, Precision::Int4), &fold.train.item_ids), &mut tally, &|| ())
            .unwrap();
        tally.report(1)
    };
    assert_eq!(report(), report());
}
