//! `next`: factors that learn from the order of events.

use foldin::model::Precision;
use foldin::{Model, Result};
use foldin_lab::train::next::{self, Options};
use foldin_lab::train::{Epoch, Interactions, Observer, Snapshot, Trained, unobserved};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::ops::ControlFlow;

fn interactions(sequences: &[Vec<u32>], items: u32) -> Interactions {
    let ids = |count: usize| (0..count).map(|number| number.to_string()).collect();
    let events = |(user, items): (usize, &Vec<u32>)| {
        items.clone().into_iter().map(move |item| (user as u32, item, 1.0))
    };
    let entries: Vec<_> = sequences.iter().enumerate().flat_map(events).collect();
    let times: Vec<f64> = (0..entries.len()).map(|at| at as f64).collect();
    Interactions::from_entries(ids(sequences.len()), ids(items as usize), &entries, Some(&times))
}

/// After an item comes, nine times in ten, the one that stands seven further in a circle of 60, else any; none twice.
fn chain(users: u64) -> Vec<Vec<u32>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let mut walk = || {
        let mut walk = vec![random.random_range(0..ITEMS)];
        while walk.len() < 12 {
            let follows = random.random::<f32>() < 0.9;
            let next =
                if follows { (walk[walk.len() - 1] + 7) % ITEMS } else { random.random_range(0..ITEMS) };
            if !walk.contains(&next) {
                walk.push(next);
            }
        }
        walk
    };
    (0..users).map(|_| walk()).collect()
}

const ITEMS: u32 = 60;

fn small() -> Options {
    Options { dim: 16, places: 8, epochs: 8, batch: Some(64), learning_rate: 0.01, ..Options::default() }
}

fn train(interactions: &Interactions, options: &Options) -> Result<Trained> {
    next::train(interactions, options, &mut unobserved)
}

#[test]
fn what_follows_in_a_chain_comes_first() {
    let trained = train(&interactions(&chain(400), ITEMS), &small()).unwrap();
    let scores = trained.users.dot(&trained.items.values.t());
    let biases = trained.items.biases.unwrap();
    let mut found = 0;
    for (user, walk) in chain(400).iter().enumerate() {
        let score = |item: &u32| scores[[user, *item as usize]] + biases[*item as usize];
        let unseen = (0..ITEMS).filter(|item| !walk.contains(item));
        let first = unseen.max_by(|a, b| score(a).total_cmp(&score(b)));
        found += usize::from(first == Some((walk[11] + 7) % ITEMS));
    }
    // Popularity, where 48 unseen items are alike, finds 8.
    assert!(found > 200, "{found} of 400");
}

#[test]
fn factors_do_not_depend_on_the_number_of_threads() {
    let interactions = interactions(&chain(60), ITEMS);
    for negatives in [None, Some(4)] {
        let options = Options { negatives, batch: Some(6), epochs: 2, ..small() };
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let trained = pool.install(|| train(&interactions, &options)).unwrap();
            (
                Model::pack(&trained.items, Precision::F32).unwrap().bytes().to_vec(),
                trained.users,
                trained.items.rooms,
            )
        };
        assert!(with(1) == with(2));
    }
}

/// Users' vectors, straight from the formula in f64.
#[test]
fn a_users_vector_is_the_weighted_sum_of_their_events() {
    let sequences = chain(40);
    let options = Options { places: 3, patience: 0, epochs: 2, ..small() };
    let trained = train(&interactions(&sequences, ITEMS), &options).unwrap();
    let weights = weights(&trained);
    assert_eq!(weights.len(), 4);
    for (user, events) in sequences.iter().enumerate() {
        let mut expected = [0f64; 16];
        let mut sum = 1.0;
        for (distance, &item) in events.iter().rev().enumerate() {
            let weight = f64::from(weights[distance.min(3)]);
            sum += weight;
            for (out, value) in expected.iter_mut().zip(trained.items.values.row(item as usize)) {
                *out += weight * f64::from(*value);
            }
        }
        for (found, expected) in trained.users.row(user).iter().zip(expected) {
            assert!((f64::from(*found) - expected / sum.sqrt()).abs() < 1e-5);
        }
    }
}

fn weights(trained: &Trained) -> Vec<f32> {
    let model = Model::pack(&trained.items, Precision::F32).unwrap();
    let room = model.room();
    room.f32s(foldin::model::ORDER_WEIGHTS).unwrap().to_vec()
}

#[test]
fn what_no_order_is_known_of_is_refused() {
    let mut unordered = interactions(&chain(20), ITEMS);
    unordered.times = None;
    let error = train(&unordered, &small()).unwrap_err();
    assert_eq!(error.code(), "data");
    assert!(error.to_string().contains("no times"), "{error}");
    train(&unordered, &Options { in_order: true, epochs: 1, ..small() }).unwrap();
    let error = train(&interactions(&[vec![1], vec![2]], 3), &small()).unwrap_err();
    assert!(error.to_string().contains("two events"), "{error}");
}

#[test]
fn options_outside_their_range_are_named() {
    let chain = interactions(&chain(5), ITEMS);
    let refused = [
        ("dim", Options { dim: 0, ..small() }),
        ("epochs", Options { epochs: 0, ..small() }),
        ("places", Options { places: 0, ..small() }),
        ("places", Options { places: 1001, ..small() }),
        ("batch", Options { batch: Some(0), ..small() }),
        ("negatives", Options { negatives: Some(0), ..small() }),
        ("dropout", Options { dropout: 1.0, ..small() }),
        ("vector_dropout", Options { vector_dropout: -0.1, ..small() }),
        ("dropout", Options { dropout: f32::NAN, ..small() }),
        ("learning-rate", Options { learning_rate: 0.0, ..small() }),
        ("regularization", Options { regularization: -1.0, ..small() }),
    ];
    for (field, options) in refused {
        assert_eq!(train(&chain, &options).unwrap_err().field(), Some(field));
    }
}

#[test]
fn a_learning_rate_that_diverges_is_an_error() {
    let options = Options { learning_rate: 1e30, ..small() };
    assert_eq!(train(&interactions(&chain(20), ITEMS), &options).unwrap_err().code(), "diverged");
}

/// One item again and again, users with one event, a sequence of 100,000.
#[test]
fn degenerate_sequences_train_to_finite_factors() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let long: Vec<u32> = (0..100_000).map(|_| random.random_range(0..20)).collect();
    let cases = [vec![vec![0; 50]], vec![vec![3], vec![1, 2], vec![]], vec![vec![3], long]];
    for sequences in cases {
        let options = Options { dim: 4, epochs: 1, places: 5, batch: None, ..small() };
        let trained = train(&interactions(&sequences, 20), &options).unwrap();
        assert!(trained.users.iter().all(|value| value.is_finite()));
        for precision in Precision::ALL {
            Model::pack(&trained.items, precision).unwrap();
        }
    }
}

#[test]
fn repeats_stay_in_sequences_and_leave_with_their_pair() {
    let sequences = vec![vec![1, 2, 1, 1], vec![2, 0, 2]];
    let interactions = interactions(&sequences, 3);
    assert_eq!(interactions.matrix.entries(), 4);
    let found = interactions.sequences().unwrap();
    assert_eq!([found.of(0), found.of(1)], [&sequences[0][..], &sequences[1]]);
    assert_eq!(found.repeats(), 3);
    let without = interactions.filter(|at| interactions.matrix.columns[at] != 1).sequences().unwrap();
    assert_eq!([without.of(0), without.of(1)], [&[2][..], &[2, 0, 2]]);
}

#[test]
fn equal_times_follow_the_file() {
    let mut tied = interactions(&[vec![5, 3, 4]], 6);
    tied.times.iter_mut().flatten().for_each(|time| *time = 7.0);
    assert_eq!(tied.sequences().unwrap().of(0), [5, 3, 4]);
}

/// Ends the training when so much is done, and keeps what it was told.
struct Until(f64, Vec<f64>, usize);

impl Observer for Until {
    fn epoch(&mut self, _: Epoch, parameters: &Snapshot<'_>) -> ControlFlow<()> {
        assert_eq!((parameters.items.dim(), parameters.users.dim()), ((60, 16), (60, 16)));
        self.2 += 1;
        ControlFlow::Continue(())
    }

    fn progress(&mut self, share: f64) -> ControlFlow<()> {
        self.1.push(share);
        if share < self.0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

#[test]
fn progress_rises_from_the_first_step_and_ends_what_it_is_told_to() {
    let interactions = interactions(&chain(60), ITEMS);
    for (until, ends_early) in [(2.0, false), (0.2, true), (0.6, true)] {
        let mut observer = Until(until, Vec::new(), 0);
        let trained = next::train(&interactions, &small(), &mut observer).unwrap();
        assert!(observer.1[0] == 0.0 && observer.1.is_sorted());
        assert_eq!(observer.1.last().unwrap() < &until, !ends_early);
        assert_eq!(trained.history.len(), observer.2);
        assert!(ends_early || observer.2 > 0);
    }
}
