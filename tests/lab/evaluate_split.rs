//! What is given, what is hidden, and that the two never meet.

use foldin_lab::evaluate::interval::{Part, bootstrap};
use foldin_lab::evaluate::{Fold, Split, union, with_items};
use foldin_lab::train::Interactions;
use proptest::prelude::*;

fn names(prefix: &str, count: u32) -> Vec<String> {
    (0..count).map(|at| format!("{prefix}{at}")).collect()
}

fn interactions(entries: &[(u32, u32, f32)], times: Option<&[f64]>) -> Interactions {
    let count = |of: fn(&(u32, u32, f32)) -> u32| entries.iter().map(of).max().map_or(0, |most| most + 1);
    Interactions::from_entries(names("u", count(|e| e.0)), names("i", count(|e| e.1)), entries, times)
}

fn only(mut folds: Vec<Fold>) -> Fold {
    assert_eq!(folds.len(), 1);
    folds.remove(0)
}

#[test]
fn the_last_by_time_is_left_out() {
    let entries = [(0, 0, 1.0), (0, 1, 2.0), (0, 2, 3.0), (1, 1, 4.0)];
    let fold =
        only(Split::LeaveLastOut.folds(&interactions(&entries, Some(&[5.0, 9.0, 7.0, 1.0])), 1).unwrap());
    assert_eq!(fold.hidden.row(0), (&[1][..], &[2.0][..]));
    assert_eq!(fold.train.matrix.row(0), (&[0, 2][..], &[1.0, 3.0][..]));
    assert_eq!(fold.train.times, Some(vec![5.0, 7.0, 1.0]));
    // A single interaction is learned from.
    assert_eq!((fold.hidden.row(1).0.len(), fold.train.matrix.row(1).0), (0, &[1][..]));
    assert_eq!(fold.users(), [0]);
}

#[test]
fn without_times_or_with_equal_ones_the_file_s_order_decides() {
    let entries = [(0, 2, 1.0), (0, 0, 1.0), (0, 1, 1.0)];
    for times in [None, Some(&[7.0, 7.0, 7.0][..])] {
        let fold = only(Split::LeaveLastOut.folds(&interactions(&entries, times), 1).unwrap());
        assert_eq!(fold.hidden.columns, [1]);
    }
}

#[test]
fn unseen_users_are_not_trained_on() {
    let entries: Vec<_> = (0..100).flat_map(|u| (0..10).map(move |i| (u, i, 1.0))).collect();
    let all = interactions(&entries, None);
    let fold = only(Split::Strong { users: 0.2, given: 0.8 }.folds(&all, 1).unwrap());
    let users = fold.users();
    assert_eq!((users.len(), fold.train.users(), fold.train.matrix.rows()), (20, 80, 80));
    for user in users {
        assert!(!fold.train.user_ids.contains(&all.user_ids[user]));
        assert_eq!((fold.given.matrix.row(user).0.len(), fold.hidden.row(user).0.len()), (8, 2));
    }
}

#[test]
fn a_share_of_each_user_is_hidden() {
    let entries: Vec<_> = (0..4).flat_map(|u| (0..=3 * u).map(move |i| (u, i, 1.0))).collect();
    let fold = only(Split::Stratified { hidden: 0.25 }.folds(&interactions(&entries, None), 1).unwrap());
    let hidden: Vec<usize> = (0..4).map(|user| fold.hidden.row(user).0.len()).collect();
    // Of 1, 4, 7 and 10.
    assert_eq!(hidden, [0, 1, 2, 3]);
}

#[test]
fn shares_outside_their_range_are_refused_by_name() {
    let all = interactions(&[(0, 0, 1.0), (0, 1, 1.0)], None);
    for share in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Split::Random { hidden: share }.folds(&all, 1).unwrap_err().field(), Some("test-share"));
        let strong = Split::Strong { users: 0.5, given: share };
        assert_eq!(strong.folds(&all, 1).unwrap_err().field(), Some("given-share"));
    }
    assert_eq!(Split::KFold { folds: 1 }.folds(&all, 1).unwrap_err().field(), Some("folds"));
}

#[test]
fn nothing_left_to_find_is_an_error() {
    let all = interactions(&[(0, 0, 1.0), (1, 0, 1.0)], None);
    let error = Split::LeaveLastOut.folds(&all, 1).unwrap_err();
    assert!(error.to_string().contains("leave-last-out split leaves nothing"), "{error}");
    assert_eq!(Split::LeaveLastOut.folds(&Interactions::default(), 1).unwrap_err().code(), "data");
}

#[test]
fn files_meet_by_their_ids() {
    let train = interactions(&[(0, 0, 1.0), (0, 1, 2.0), (1, 1, 3.0)], None);
    let mut test = interactions(&[(0, 0, 5.0), (0, 1, 6.0), (1, 0, 7.0)], None);
    test.user_ids = vec!["u1".into(), "stranger".into()];
    test.item_ids = vec!["x".into(), "i1".into()];
    let items = union([&test.item_ids, &train.item_ids]);
    assert_eq!(items, ["x", "i1", "i0"]);

    let train = with_items(&train, &items);
    assert_eq!(train.matrix.row(0), (&[1, 2][..], &[2.0, 1.0][..]));
    assert_eq!(train.order, [1, 0, 2]);

    let fold = Fold::of_files(train, &with_items(&test, &items));
    assert_eq!(fold.users(), [1, 2]);
    // u1 had i1 in training, which is then not looked for; nothing is given of the stranger.
    assert_eq!(fold.hidden.row(1), (&[0][..], &[5.0][..]));
    assert_eq!(fold.hidden.row(2), (&[0][..], &[7.0][..]));
    assert!(fold.given.matrix.row(2).0.is_empty());
}

#[test]
fn the_bootstrap_s_interval_is_that_of_the_normal_distribution() {
    // The mean of n values 0 and 1, half of each, has the standard error 0.5 / sqrt(n).
    let parts: Vec<Part> = (0..1000).map(|user| Part::of(Some(f64::from(user % 2)))).collect();
    let estimate = bootstrap(&parts, 1, 1)[0].unwrap();
    let half_width = 1.96 * 0.5 / 1000f64.sqrt();
    assert_eq!(estimate.mean, 0.5);
    assert!((estimate.low.unwrap() - (0.5 - half_width)).abs() < 0.1 * half_width, "{estimate:?}");
    assert!((estimate.high.unwrap() - (0.5 + half_width)).abs() < 0.1 * half_width, "{estimate:?}");
    assert_eq!(bootstrap(&parts, 1, 1), bootstrap(&parts, 1, 1));
    assert_eq!(bootstrap(&[Part::of(None)], 1, 1), [None]);
}

proptest! {
    #[test]
    fn every_entry_is_learned_from_or_hidden_but_never_both(
        pairs in proptest::collection::hash_set((0u32..6, 0u32..8), 1..40),
        seed: u64,
        kind in 0..4,
    ) {
        let entries: Vec<_> = pairs.iter().map(|&(u, i)| (u, i, (u * 8 + i) as f32)).collect();
        let all = interactions(&entries, None);
        let split =
            [
                Split::LeaveLastOut,
                Split::Random { hidden: 0.3 },
                Split::Stratified { hidden: 0.3 },
                Split::KFold { folds: 3 },
            ][kind as usize];
        if let Ok(folds) = split.folds(&all, seed) {
            let mut hidden_times = vec![0; all.matrix.entries()];
            for fold in &folds {
                prop_assert_eq!(fold.given.matrix.entries() + fold.hidden.entries(), all.matrix.entries());
                for user in 0..all.users() {
                    let hidden = fold.hidden.row(user);
                    for (item, value) in hidden.0.iter().zip(hidden.1) {
                        prop_assert!(fold.given.matrix.row(user).0.binary_search(item).is_err());
                        let at = all.matrix.offsets[user] + all.matrix.row(user).0.binary_search(item).unwrap();
                        prop_assert_eq!(all.matrix.values[at], *value);
                        hidden_times[at] += 1;
                    }
                }
            }
            if let Split::KFold { .. } = split {
                prop_assert!(hidden_times.iter().all(|&times| times == 1));
            }
        }
    }
}
