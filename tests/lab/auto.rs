//! The algorithm that suits the data.

use foldin::model::Precision;
use foldin_lab::auto::candidates::Axis;
use foldin_lab::auto::{Comparison, MOST_INTERACTIONS, Request, Sought, choose};
use foldin_lab::train::{Interactions, Options, ials, next, train, unobserved};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

fn interactions(entries: &[(u32, u32, f32)], timed: bool) -> Interactions {
    let ids = |most: u32| (0..=most).map(|number| number.to_string()).collect();
    let users = entries.iter().map(|entry| entry.0).max().unwrap_or_default();
    let items = entries.iter().map(|entry| entry.1).max().unwrap_or_default();
    let times: Vec<f64> = (0..entries.len()).map(|at| at as f64).collect();
    Interactions::from_entries(ids(users), ids(items), entries, timed.then_some(&times[..]))
}

/// Walks of `users`, each from its place seven further at most steps in a circle of 60 items.
fn chain(users: u32) -> Vec<(u32, u32, f32)> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let mut entries = Vec::new();
    for user in 0..users {
        let mut item = random.random_range(0..60);
        for _ in 0..10 {
            item = if random.random::<f32>() < 0.9 { (item + 7) % 60 } else { random.random_range(0..60) };
            entries.push((user, item, 1.0));
        }
    }
    entries
}

fn request(data: &Interactions) -> Request {
    let suited = ials::Options { dim: 8, epochs: 4, ..ials::Options::suited_to(data) };
    let next =
        next::Options { dim: 16, epochs: 8, batch: Some(64), learning_rate: 0.01, ..Default::default() };
    Request {
        ials: suited,
        axes: Axis::ALL.into(),
        next: Ok(next),
        sought: Sought::Last,
        most_interactions: MOST_INTERACTIONS,
        precision: Precision::Int8,
        seed: 1,
    }
}

fn compare(data: &Interactions, request: &Request) -> Comparison {
    choose(data, request, &mut |data, options| train(data, options, &mut unobserved)).unwrap()
}

fn figures(comparison: &Comparison, name: &str) -> f64 {
    let own = comparison.judged.iter().filter(|judged| judged.name == name);
    own.filter_map(|judged| judged.figures.as_ref().ok()).map(|figures| figures.ndcg).fold(0.0, f64::max)
}

#[test]
fn a_chain_is_left_to_next() {
    let data = interactions(&chain(300), true);
    let comparison = compare(&data, &request(&data));
    let Options::Next(chosen) = &comparison.chosen else { panic!("{:?}", comparison.chosen) };
    assert_eq!(Some(chosen), request(&data).next.ok().as_ref(), "its number of epochs is looked for anew");
    assert!(comparison.verdict().starts_with("next wins"), "{}", comparison.verdict());
    assert_eq!((comparison.users, comparison.held_out), (300, "each user's last interaction by time"));
    for other in ["ials", "popularity", "item-knn"] {
        assert!(figures(&comparison, "next") > figures(&comparison, other), "{other}");
    }
}

#[test]
fn what_is_sought_decides_what_is_held_out() {
    let data = interactions(&chain(300), true);
    let comparison = compare(&data, &Request { sought: Sought::Any, ..request(&data) });
    assert_eq!(comparison.held_out, "a random interaction of each user");
}

#[test]
fn without_an_order_it_is_ials_and_the_best_of_its_settings() {
    let data = interactions(&chain(300), false);
    let mut request = request(&data);
    request.next = Err("no times".into());
    let comparison = compare(&data, &request);
    assert_eq!(comparison.held_out, "a random interaction of each user");
    assert!(comparison.judged.iter().any(|judged| judged.figures == Err("no times".into())));
    let best = figures(&comparison, "ials");
    let is_best = |options: &Options| {
        let judged = comparison.judged.iter().find(|judged| judged.options.as_ref() == Some(options));
        judged.unwrap().figures.as_ref().unwrap().ndcg == best
    };
    assert!(matches!(comparison.chosen, Options::Ials(_)) && is_best(&comparison.chosen));
    assert_eq!(comparison.judged.iter().filter(|judged| judged.name == "ials").count(), 5);
}

#[test]
fn weights_shrink_where_data_are_sparse() {
    let spread = |users: u32, each: u32, items: u32| {
        let of_user = |user| (0..each).map(move |step| (user, (user * 31 + step * 17) % items, 1.0));
        let mut entries: Vec<_> = (0..users).flat_map(of_user).collect();
        entries.push((0, items - 1, 1.0));
        ials::Options::suited_to(&interactions(&entries, false))
    };
    let default = ials::Options::default();
    assert_eq!(spread(50, 10, 100), default);
    assert_eq!(ials::Options::suited_to(&Interactions::default()), default);
    let sparse = spread(500, 8, 10_007);
    // Density 0.0008: 0.3 sqrt(0.016), and 0.07 / (1 + 0.038 / 0.0008).
    assert_eq!((sparse.unobserved_weight, sparse.regularization), (0.038, 0.0014));
    assert_eq!(ials::Options { unobserved_weight: 0.3, regularization: 0.01, ..sparse }, default);
}

#[test]
fn users_without_interactions_do_not_make_data_sparse() {
    let mut data = interactions(&chain(50), false);
    let before = ials::Options::suited_to(&data);
    data.user_ids.extend((50..5000).map(|user| user.to_string()));
    let end = data.matrix.entries();
    data.matrix.offsets.resize(5001, end);
    assert_eq!(ials::Options::suited_to(&data), before);
}

#[test]
fn a_step_changes_its_own_option_alone() {
    let from = ials::Options { regularization: 0.1, unobserved_weight: 0.2, ..Default::default() };
    for axis in Axis::ALL {
        for step in axis.steps(&from) {
            assert_ne!(step, from, "{axis:?}");
            let back = match axis {
                Axis::UnobservedWeight => ials::Options { unobserved_weight: 0.2, ..step },
                Axis::Regularization => ials::Options { regularization: 0.1, ..step },
                Axis::PopularityExponent => ials::Options { popularity_exponent: 0.0, ..step },
            };
            assert_eq!(back, from, "{axis:?}");
        }
    }
}

#[test]
fn each_option_is_searched_from_the_best_so_far() {
    let data = interactions(&chain(300), false);
    let mut request = request(&data);
    request.next = Err("no times".into());
    let comparison = compare(&data, &request);
    let mut best = request.ials.clone();
    let mut judged = comparison.judged.iter().skip(1);
    let ndcg = |options: &ials::Options| {
        let options = Options::Ials(options.clone());
        let found = comparison.judged.iter().find(|judged| judged.options.as_ref() == Some(&options));
        found.unwrap().figures.as_ref().unwrap().ndcg
    };
    for axis in Axis::ALL {
        let mut better = best.clone();
        for step in axis.steps(&best) {
            assert_eq!(judged.next().unwrap().options, Some(Options::Ials(step.clone())));
            better = if ndcg(&step) > ndcg(&better) { step } else { better };
        }
        best = better;
    }
    assert_eq!(comparison.chosen, Options::Ials(best));
}

#[test]
fn too_little_to_compare_by_is_said() {
    for entries in [
        vec![(0, 0, 1.0)],
        vec![(0, 0, 1.0), (0, 1, 1.0), (0, 2, 1.0)],
        (0..50).map(|user| (user, 0, 1.0)).collect(),
        (0..50).map(|user| (user, user, 1.0)).collect(),
    ] {
        let data = interactions(&entries, true);
        let request = request(&data);
        let comparison = compare(&data, &request);
        assert_eq!(comparison.chosen, Options::Ials(request.ials.clone()));
        assert!(comparison.judged.is_empty());
        assert!(comparison.verdict().contains("fewer than 20 users"), "{}", comparison.verdict());
    }
}

#[test]
fn who_diverges_loses_and_a_wrong_option_is_an_error() {
    let data = interactions(&chain(60), true);
    let mut request = request(&data);
    request.next.as_mut().unwrap().learning_rate = 1e30;
    let comparison = compare(&data, &request);
    assert!(matches!(comparison.chosen, Options::Ials(_)));
    assert!(comparison.judged.iter().any(|judged| judged.name == "next" && judged.figures.is_err()));
    request.next.as_mut().unwrap().learning_rate = -1.0;
    let refused = choose(&data, &request, &mut |data, options| train(data, options, &mut unobserved));
    assert_eq!(refused.unwrap_err().field(), Some("learning-rate"));
}

#[test]
fn it_is_said_where_nothing_beats_what_is_popular() {
    // The later a number, the more popular; and candidates whose factors are all alike.
    let entries: Vec<_> = (0..40)
        .flat_map(|user| (0..8).map(move |at| (user, 40 - (user * 7 + at * at) % 41 / (at + 1), 1.0)))
        .collect();
    let data = interactions(&entries, false);
    let comparison = choose(&data, &request(&data), &mut |data, options| {
        let mut trained = train(data, options, &mut unobserved)?;
        trained.items.values.fill(0.0);
        Ok(trained)
    });
    let verdict = comparison.unwrap().verdict();
    assert!(verdict.starts_with("nothing beats popularity"), "{verdict}");
    assert!(verdict.contains("a column of times"), "{verdict}");
}

#[test]
fn of_much_data_a_sample_of_the_users_is_learned_from() {
    let entries: Vec<_> =
        (0..3200).flat_map(|user| (0..100).map(move |at| (user, (user * 13 + at * 7) % 1009, 1.0))).collect();
    let data = interactions(&entries, true);
    let mut request = request(&data);
    request.axes.clear();
    request.next = Err("not here".into());
    let mut seen = 0;
    let comparison = choose(&data, &request, &mut |data, options| {
        seen = data.matrix.entries();
        let Options::Ials(options) = options else { panic!("{options:?}") };
        ials::train(data, &ials::Options { dim: 2, epochs: 1, ..options.clone() }, &mut unobserved)
    })
    .unwrap();
    assert_eq!((seen, comparison.interactions), (297_000, 297_000), "3,000 users without their last");
    assert_eq!(comparison.users, 3000);
}
