//! Training against a naive solver, its invariants, and the inputs that nothing can be learned from.

use foldin::model::Precision;
use foldin::visitor::FoldIn;
use foldin::{Model, Result};
use foldin_lab::optimize::unpack;
use foldin_lab::train::ials::Solver;
use foldin_lab::train::{
    Csr, Epoch, Interactions, Options, Snapshot, Trained, bpr, ials, sgd, train, unobserved,
};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn interactions(users: u32, items: u32, entries: &[(u32, u32, f32)]) -> Interactions {
    let ids = |count: u32| (0..count).map(|number| number.to_string()).collect();
    Interactions::from_entries(ids(users), ids(items), entries, None)
}

/// Everybody likes the items of their own colour, all but the one of their own number.
fn checkerboard(size: u32) -> Interactions {
    let pairs = (0..size).flat_map(|user| (0..size).map(move |item| (user, item, 1.0)));
    let seen: Vec<_> = pairs.filter(|(user, item, _)| user % 2 == item % 2 && user != item).collect();
    interactions(size, size, &seen)
}

fn by_ials(interactions: &Interactions, options: &ials::Options) -> Result<Trained> {
    ials::train(interactions, options, &mut unobserved)
}

/// Items of two kinds, and one that has a little of both.
fn two_kinds(items: u32) -> Csr {
    let kinds = (1..items).map(|item| (item % 2, item, 1.0));
    Csr::from_entries(2, &kinds.chain([(0, 0, 0.25), (1, 0, 0.5)]).collect::<Vec<_>>())
}

const SOLVERS: [Solver; 3] = [Solver::Exact, Solver::Blocks, Solver::Gradients];

fn small(dim: usize) -> ials::Options {
    ials::Options { dim, epochs: 8, ..Default::default() }
}

#[test]
fn the_withheld_diagonal_of_a_checkerboard_comes_first() {
    let interactions = checkerboard(24);
    let trained = by_ials(&interactions, &small(4)).unwrap();
    let scores = trained.users.dot(&trained.items.values.t());
    for user in 0..24 {
        let (seen, _) = interactions.matrix.row(user);
        let unseen = (0..24).filter(|item| !seen.contains(&(*item as u32)));
        let best = unseen.max_by(|&a, &b| scores[[user, a]].total_cmp(&scores[[user, b]]));
        assert_eq!(best, Some(user));
    }
}

#[test]
fn the_loss_never_rises_and_all_solvers_reach_that_of_the_exact_one() {
    let alike = checkerboard(30);
    // With users of other activity than each other's.
    let unlike = alike.filter(|at| at % 4 > 0 || alike.matrix.columns[at] < 9);
    let none = Csr::default;
    let cases = [
        (alike.clone(), 0.0, none()),
        (unlike.clone(), 0.8, none()),
        (alike, 0.0, two_kinds(30)),
        (unlike, 0.8, two_kinds(30)),
    ];
    for (interactions, activity_exponent, content) in cases {
        let options = ials::Options {
            dim: 40,
            epochs: 30,
            activity_exponent,
            frequency_exponent: 1.0 - activity_exponent / 4.0,
            solver: Solver::Exact,
            content,
            content_weight: 5.0,
            ..Default::default()
        };
        let exact = by_ials(&interactions, &options).unwrap().history;
        for solver in SOLVERS {
            let options = ials::Options { solver, ..options.clone() };
            let history = by_ials(&interactions, &options).unwrap().history;
            assert!(
                history.windows(2).all(|pair| pair[1].loss <= pair[0].loss * (1.0 + 1e-5)),
                "{options:?}"
            );
            assert!(history[29].loss < exact[29].loss * 1.02, "{options:?}: {}", history[29].loss);
        }
    }
}

#[test]
fn factors_do_not_depend_on_the_number_of_threads() {
    let interactions = checkerboard(200);
    let by_ials = SOLVERS.map(|solver| {
        Options::Ials(ials::Options { solver, content: two_kinds(200), content_weight: 3.0, ..small(20) })
    });
    let others = [
        Options::Sgd(sgd::Options { dim: 20, epochs: 4, ..Default::default() }),
        Options::Bpr(bpr::Options { dim: 20, epochs: 4, ..Default::default() }),
    ];
    for options in by_ials.into_iter().chain(others) {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let trained = pool.install(|| train(&interactions, &options, &mut unobserved)).unwrap();
            (trained.users, trained.items.values, trained.items.biases, trained.history)
        };
        assert!(with(1) == with(2), "{options:?}");
        assert!(with(1) == with(5), "{options:?}");
    }
}

/// Users with few items each, whom nothing but chance leads.
fn scattered() -> Interactions {
    let choice = |user: u32, step: u32| (user, (user * 7 + step * step * 5 + user * step) % 20, 1.0);
    interactions(
        40,
        20,
        &(0..40).flat_map(|user| (0..4).map(move |step| choice(user, step))).collect::<Vec<_>>(),
    )
}

#[test]
fn content_draws_items_of_a_kind_together() {
    let kinship = |content_weight| {
        let options = ials::Options { content: two_kinds(20), content_weight, ..small(8) };
        let items = by_ials(&scattered(), &options).unwrap().items.values;
        let cosine = |a: usize, b: usize| {
            let (a, b) = (items.row(a), items.row(b));
            a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()
        };
        let pairs = (1..20).flat_map(|a| (1..a).map(move |b| (a, b)));
        let (alike, unlike): (Vec<_>, Vec<_>) = pairs.partition(|(a, b)| (a + b) % 2 == 0);
        let mean = |pairs: &[(usize, usize)]| {
            pairs.iter().map(|&(a, b)| cosine(a, b)).sum::<f32>() / pairs.len() as f32
        };
        mean(&alike) - mean(&unlike)
    };
    let [without, some, more] = [0.0, 3.0, 10.0].map(kinship);
    assert!(some > without + 0.1 && more > some + 0.1, "{without} {some} {more}");
}

#[test]
fn content_that_counts_nothing_changes_nothing() {
    for activity_exponent in [0.0, 0.5] {
        for solver in SOLVERS {
            let without = ials::Options { activity_exponent, solver, ..small(6) };
            let of_no_weight = ials::Options { content: two_kinds(20), ..without.clone() };
            let of_nothing = ials::Options { content_weight: 3.0, ..without.clone() };
            let all = [&without, &of_no_weight, &of_nothing].map(|options| {
                let trained = by_ials(&scattered(), options).unwrap();
                (trained.users, trained.items.values, trained.items.metadata, trained.history)
            });
            assert!(all[0] == all[1] && all[0] == all[2]);
        }
    }
}

/// Features are no users: what a model says of its data stays what it was.
#[test]
fn content_is_in_the_factors_alone() {
    let interactions = scattered();
    let options = ials::Options { popularity_exponent: 0.5, ..small(6) };
    let without = by_ials(&interactions, &options).unwrap();
    let mut shapes = Vec::new();
    let options = ials::Options { content: two_kinds(20), content_weight: 3.0, ..options };
    let with = ials::train(&interactions, &options, &mut |_: Epoch, parameters: &Snapshot<'_>| {
        shapes.push((parameters.users.dim(), parameters.items.dim()));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(shapes.iter().all(|shape| *shape == ((40, 6), (20, 6))), "{shapes:?}");
    assert_eq!(with.users.dim(), (40, 6));
    assert_eq!(with.items.counts, without.items.counts);
    assert_ne!(with.items.values, without.items.values);
    let (mut told, mut before) = (with.items.metadata.clone(), without.items.metadata.clone());
    assert_eq!(told.remove("content_weight").as_deref(), Some("3"));
    assert_eq!(before.remove("content_weight").as_deref(), Some("0"));
    assert_eq!(told, before);
    let [with, without] = [with, without].map(|t| Model::pack(&t.items, Precision::F32).unwrap());
    let of =
        |model: &Model, id: &String| model.popularity_weights().unwrap()[model.find(id).unwrap() as usize];
    assert!(interactions.item_ids.iter().all(|id| of(&with, id) == of(&without, id)));
}

#[test]
fn another_seed_gives_other_factors() {
    let interactions = checkerboard(10);
    let first = by_ials(&interactions, &small(4)).unwrap().items.values;
    let second = by_ials(&interactions, &ials::Options { seed: 2, ..small(4) }).unwrap().items.values;
    assert_ne!(first, second);
}

/// What must end in finite factors: a user and an item without interactions, one user, equal ratings, more
/// dimensions than items, no regularisation at all.
#[test]
fn degenerate_interactions_train_to_finite_factors() {
    let one = interactions(1, 3, &[(0, 0, 1.0), (0, 1, 1.0)]);
    let gaps = interactions(4, 4, &[(0, 0, 3.0), (0, 1, 3.0), (2, 1, 3.0), (2, 3, 3.0)]);
    for interactions in [one, gaps, checkerboard(6)] {
        for (unobserved_weight, regularization) in [(0.1, 0.003), (0.0, 0.003), (0.1, 0.0), (0.0, 0.0)] {
            let solvers = if regularization > 0.0 { &SOLVERS[..] } else { &SOLVERS[..2] };
            for &solver in solvers {
                let ials = ials::Options {
                    dim: 12,
                    solver,
                    unobserved_weight,
                    regularization,
                    confidence: 1.0,
                    ..Default::default()
                };
                assert_packs(&interactions, &Options::Ials(ials));
            }
            let sgd = sgd::Options { dim: 12, regularization, ..Default::default() };
            assert_packs(&interactions, &Options::Sgd(sgd));
            let bpr = bpr::Options { dim: 12, regularization, ..Default::default() };
            assert_packs(&interactions, &Options::Bpr(bpr));
        }
    }
}

fn assert_packs(interactions: &Interactions, options: &Options) {
    let trained = train(interactions, options, &mut unobserved).unwrap();
    assert!(trained.users.iter().all(|value| value.is_finite()), "{options:?}");
    for precision in Precision::ALL {
        Model::pack(&trained.items, precision).unwrap_or_else(|error| panic!("{options:?}: {error}"));
    }
}

#[test]
fn options_outside_their_range_are_named() {
    let board = checkerboard(6);
    let default = ials::Options::default;
    let refused = [
        ("dim", ials::Options { dim: 0, ..default() }),
        ("dim", ials::Options { dim: 5000, ..default() }),
        ("epochs", ials::Options { epochs: 0, ..default() }),
        ("regularization", ials::Options { regularization: -1.0, ..default() }),
        ("regularization", ials::Options { regularization: 0.0, ..default() }),
        ("unobserved-weight", ials::Options { unobserved_weight: f32::NAN, ..default() }),
        ("exponent", ials::Options { frequency_exponent: f32::INFINITY, ..default() }),
        ("confidence", ials::Options { confidence: -0.5, ..default() }),
        ("popularity-exponent", ials::Options { popularity_exponent: 1.5, ..default() }),
        ("activity-exponent", ials::Options { activity_exponent: -0.1, ..default() }),
        ("content-weight", ials::Options { content_weight: -1.0, ..default() }),
        ("content", ials::Options { content: two_kinds(7), ..default() }),
        ("content", ials::Options { content: Csr::from_entries(1, &[(0, 0, f32::NAN)]), ..default() }),
    ];
    for (field, options) in refused {
        assert_eq!(by_ials(&board, &options).unwrap_err().field(), Some(field));
    }
    let negative = interactions(1, 1, &[(0, 0, -1.0)]);
    let weighed = ials::Options { confidence: 1.0, ..default() };
    assert_eq!(by_ials(&negative, &weighed).unwrap_err().field(), Some("confidence"));
}

#[test]
fn nothing_and_nan_are_refused() {
    for entries in [&[][..], &[(0, 0, f32::NAN)], &[(0, 0, f32::INFINITY)]] {
        let error = by_ials(&interactions(1, 1, entries), &small(2)).unwrap_err();
        assert_eq!(error.code(), "data");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The last half-sweep solves each user exactly, weights and all: what fold-in relies on.
    #[test]
    fn users_are_the_exact_solution_given_the_items(
        entries in prop::collection::vec((0u32..9, 0u32..7, 0f32..5.0), 1..60),
        dim in 1usize..37,
        exponent in 0f32..1.5,
        confidence in 0f32..2.0,
        popularity in prop_oneof![Just(0f32), 0f32..1.0],
        activity in prop_oneof![Just(0f32), 0f32..1.0],
        content_weight in prop_oneof![Just(0f32), 0f32..9.0],
        seed: u64,
    ) {
        let interactions = interactions(9, 7, &entries);
        let options = ials::Options {
            dim, solver: Solver::Exact, epochs: 3, frequency_exponent: exponent, confidence, seed,
            unobserved_weight: 0.2, regularization: 0.05, popularity_exponent: popularity,
            activity_exponent: activity, content: two_kinds(7), content_weight,
        };
        let trained = by_ials(&interactions, &options).unwrap();
        for user in 0..9 {
            let expected = naive_solution(&interactions, &trained, &options, user);
            for (value, expected) in trained.users.row(user).iter().zip(expected) {
                prop_assert!((f64::from(*value) - expected).abs() < 2e-4, "{value} for {expected}");
            }
        }
    }
}

#[test]
fn folding_a_users_history_in_gives_their_vector() {
    let interactions = checkerboard(24);
    for (popularity_exponent, content_weight) in [(0.0, 0.0), (0.7, 0.0), (0.7, 3.0)] {
        // With items of other frequencies than each other's.
        let interactions = interactions.filter(|at| at % 5 > 1 || interactions.matrix.columns[at] < 9);
        let options = ials::Options {
            solver: Solver::Exact,
            popularity_exponent,
            content: two_kinds(24),
            content_weight,
            ..small(6)
        };
        let trained = by_ials(&interactions, &options).unwrap();
        let model = Model::pack(&trained.items, Precision::F32).unwrap();
        let again = Model::pack(&unpack(&model), Precision::F32).unwrap();
        for user in 0..24 {
            let row = |&item: &u32| (model.find(&interactions.item_ids[item as usize]).unwrap(), 1.0);
            let history: Vec<(u32, f32)> = interactions.matrix.row(user).0.iter().map(row).collect();
            for model in [&model, &again] {
                let folded = FoldIn::of_history(model, &history).solve(model);
                for (folded, trained) in folded.vector().iter().zip(trained.users.row(user)) {
                    assert!((folded - trained).abs() < 1e-4, "{popularity_exponent}: {folded} for {trained}");
                }
            }
        }
    }
}

/// The user's vector by Gaussian elimination in f64, straight from the objective.
fn naive_solution(data: &Interactions, trained: &Trained, options: &ials::Options, user: usize) -> Vec<f64> {
    let items = trained.items.values.mapv(f64::from);
    let (columns, values) = data.matrix.row(user);
    let mut weights = vec![0.0; data.items()];
    for (&item, &value) in columns.iter().zip(values) {
        weights[item as usize] = 1.0 + f64::from(options.confidence * value);
    }
    let alpha = f64::from(options.unobserved_weight);
    let popularity = data
        .item_counts()
        .into_iter()
        .map(|count| f64::from(count + 1).powf(f64::from(options.popularity_exponent)));
    let popularity: Vec<f64> = popularity.collect();
    let mean = popularity.iter().sum::<f64>() / data.items() as f64;
    let frequency = weights.iter().sum::<f64>() + alpha * data.items() as f64;
    let ridge = f64::from(options.regularization) * frequency.powf(f64::from(options.frequency_exponent));
    let dim = options.dim;
    let mut system = vec![vec![0.0; dim + 1]; dim];
    for (i, row) in system.iter_mut().enumerate() {
        for (item, weight) in weights.iter().enumerate() {
            for j in 0..dim {
                row[j] += (alpha * popularity[item] / mean + weight) * items[[item, i]] * items[[item, j]];
            }
            row[dim] += weight * items[[item, i]];
        }
        row[i] += ridge;
    }
    eliminate(system)
}

fn eliminate(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    let dim = system.len();
    for k in 0..dim {
        let pivot = system[k].clone();
        for (_, row) in system.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    (0..dim).map(|k| system[k][dim] / system[k][k]).collect()
}
