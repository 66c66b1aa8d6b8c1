//! Replay against a few lines that sort whole lists, and the baselines of sequences against their definitions.

use foldin::recommender::Ask;
use foldin::score::Options;
use foldin::visitor::{Event, EventWeights};
use foldin::{Model, Precision, Recommender};
use foldin_lab::evaluate::baselines::{Popularity, SequentialRules, SessionKnn, Similarity};
use foldin_lab::evaluate::{Given, Protocol, Ranker, Replay, Report, Served, Walk};
use foldin_lab::train::{Interactions, ials, sgd, unobserved};
use std::collections::{BTreeSet, HashMap};

const ITEMS: u32 = 30;

/// Near enough to chance.
fn chance(at: u32) -> u32 {
    (u64::from(at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32
}

/// Sessions in which an item is mostly followed by its neighbours, some items coming again.
fn sessions(count: u32, seed: u32) -> Vec<Vec<u32>> {
    let session = |number: u32| {
        let start = chance(seed + 7 * number);
        let step = |at: u32| chance(seed + 100 * number + at) % 4;
        let items = (0..2 + start % 9).scan(start, |item, at| {
            *item = *item + 1 + step(at) * (at % 2);
            Some(*item % ITEMS)
        });
        items.collect()
    };
    (0..count).map(session).collect()
}

fn interactions(sessions: &[Vec<u32>], prefix: &str) -> Interactions {
    let events = (0u32..).zip(sessions).flat_map(|(user, items)| items.iter().map(move |&item| (user, item)));
    let entries: Vec<(u32, u32, f32)> = events.map(|(user, item)| (user, item, 1.0)).collect();
    let times: Vec<f64> = (0..entries.len()).map(|at| 10.0 * at as f64).collect();
    let users = (0..sessions.len()).map(|user| format!("{prefix}{user}")).collect();
    Interactions::from_entries(users, (0..ITEMS).map(|i| i.to_string()).collect(), &entries, Some(&times))
}

fn report(ranker: &dyn Ranker, walks: &[Walk], repeats: bool) -> Report {
    let replay = Replay { walks, ks: &[3, 10], repeats, range: (1.0, 5.0) };
    let mut tally = replay.tally();
    replay.run(ranker, &mut tally, &|| ()).unwrap();
    tally.report(1)
}

/// HR, MRR and NDCG at 3 and 10 of every next item: each list is sorted in full and searched.
fn oracle(scores: impl Fn(&[u32]) -> Vec<f32>, sessions: &[Vec<u32>], repeats: bool) -> [[f64; 3]; 2] {
    let (mut sums, mut questions) = ([[0.0; 3]; 2], 0.0);
    for session in sessions {
        for at in 1..session.len() {
            let (before, wanted) = (&session[..at], session[at]);
            if !repeats && before.contains(&wanted) {
                continue;
            }
            questions += 1.0;
            let scores = scores(before);
            let mut list: Vec<u32> = (0..ITEMS).filter(|item| repeats || !before.contains(item)).collect();
            list.sort_by(|&a, &b| scores[b as usize].total_cmp(&scores[a as usize]));
            let place = list.iter().position(|&item| item == wanted).unwrap() as f64 + 1.0;
            for (sums, k) in sums.iter_mut().zip([3.0, 10.0]) {
                if place <= k {
                    *sums = [sums[0] + 1.0, sums[1] + 1.0 / place, sums[2] + 1.0 / (place + 1.0).log2()];
                }
            }
        }
    }
    sums.map(|of_k| of_k.map(|sum| sum / questions))
}

#[track_caller]
fn assert_same(report: &Report, oracle: [[f64; 3]; 2]) {
    for (k, wanted) in [3, 10].into_iter().zip(oracle) {
        for (name, wanted) in ["hr", "mrr", "ndcg"].into_iter().zip(wanted) {
            let found = report.metrics[&format!("{name}@{k}")].mean;
            assert!((found - wanted).abs() < 1e-9, "{name}@{k}: {found}, by hand {wanted}");
        }
    }
}

/// By the definition: pairs up to 10 apart, each 1 / distance, the 20 best of an item.
fn rules_by_hand(train: &[Vec<u32>]) -> impl Fn(&[u32]) -> Vec<f32> {
    let mut rules: HashMap<u32, HashMap<u32, f32>> = HashMap::new();
    for session in train {
        for (at, &item) in session.iter().enumerate() {
            for (back, &earlier) in session[..at].iter().rev().take(10).enumerate() {
                *rules.entry(earlier).or_default().entry(item).or_default() += 1.0 / (back + 1) as f32;
            }
        }
    }
    move |before| {
        let followers = rules.get(&before[before.len() - 1]).cloned().unwrap_or_default();
        let mut best: Vec<(u32, f32)> = followers.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut scores = vec![0.0; ITEMS as usize];
        best.into_iter().take(20).for_each(|(item, weight)| scores[item as usize] = weight);
        scores
    }
}

/// By the definition, with fewer sessions than are sampled; the latest 100 of equal similarity.
fn sessions_by_hand(train: &[Vec<u32>], similarity: Similarity) -> impl Fn(&[u32]) -> Vec<f32> {
    let sets: Vec<BTreeSet<u32>> = train.iter().map(|session| session.iter().copied().collect()).collect();
    move |before| {
        let own: BTreeSet<u32> = before.iter().copied().collect();
        let ago = |item: u32| before.iter().rev().position(|&other| other == item).unwrap();
        let mut near: Vec<(f64, f64, &BTreeSet<u32>)> = Vec::new();
        for set in sets.iter().rev().filter(|set| !set.is_disjoint(&own)) {
            let common: Vec<usize> = own.intersection(set).map(|&item| ago(item)).collect();
            near.push(match similarity {
                Similarity::Cosine => {
                    let cosine = common.len() as f64 / ((own.len() * set.len()) as f64).sqrt();
                    (cosine, cosine, set)
                }
                Similarity::Recency => {
                    let dot: f64 = common.iter().map(|&ago| (1.0 - 0.1 * ago as f64).max(0.0)).sum();
                    (dot, dot / (*common.iter().min().unwrap() as f64 + 1.0), set)
                }
            });
        }
        near.retain(|(similarity, ..)| *similarity > 0.0);
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut scores = vec![0.0; ITEMS as usize];
        for (_, share, set) in near.into_iter().take(100) {
            set.iter().for_each(|&item| scores[item as usize] += share as f32);
        }
        scores
    }
}

#[test]
fn replay_and_baselines_are_those_of_a_few_lines() {
    let (train, test) = (sessions(300, 1), sessions(60, 9999));
    let known = interactions(&train, "train");
    let walks = Walk::all(&known, &interactions(&test, "test"));
    let popularity = Popularity::new(&known);
    let rules = SequentialRules::default().train(&known.sequences().unwrap(), known.items());
    let knn = |similarity| SessionKnn::new(similarity).train(&known).unwrap();
    for repeats in [false, true] {
        let counts = |_: &[u32]| popularity.scores(Given::untimed(&[], &[])).unwrap();
        assert_same(&report(&popularity, &walks, repeats), oracle(counts, &test, repeats));
        assert_same(&report(&rules, &walks, repeats), oracle(rules_by_hand(&train), &test, repeats));
        for similarity in [Similarity::Cosine, Similarity::Recency] {
            let by_hand = oracle(sessions_by_hand(&train, similarity), &test, repeats);
            assert_same(&report(&knn(similarity), &walks, repeats), by_hand);
        }
    }
    // What was made up has an order, which only some of them see.
    let hr = |ranker: &dyn Ranker| report(ranker, &walks, true).metrics["hr@3"].mean;
    assert!(hr(&rules) > 2.0 * hr(&popularity));
}

#[test]
fn a_model_is_asked_as_a_page_asks_it() {
    let (train, test) = (sessions(300, 1), sessions(40, 777));
    let (known, asked) = (interactions(&train, "train"), interactions(&test, "test"));
    let options = ials::Options { dim: 8, ..ials::Options::default() };
    let model =
        Model::pack(&ials::train(&known, &options, &mut unobserved).unwrap().items, Precision::F32).unwrap();
    let served = Served::new(&model, &known.item_ids, EventWeights::default());
    let found = report(&served, &Walk::all(&known, &asked), false);
    let (mut hits, mut questions) = (0.0, 0.0);
    for user in 0..asked.users() {
        let history = asked.history(user);
        for at in 1..history.items.len() {
            let (before, wanted) = (&history.items[..at], history.items[at]);
            if before.contains(&wanted) {
                continue;
            }
            let given = Given {
                items: before,
                values: &history.values[..at],
                times: history.times.as_ref().map(|t| &t[..at]),
            };
            let row = |item: u32| model.find(&known.item_ids[item as usize]).ok();
            let events: Vec<Event> = given.events(&model, row);
            let visitor = Recommender::for_history(&model, &EventWeights::default(), &events).unwrap();
            let shelf =
                visitor.recommend(&Options { count: 10, ..Options::default() }, Ask::default()).unwrap();
            questions += 1.0;
            hits += f64::from(u8::from(shelf.results.iter().any(|result| Some(result.item) == row(wanted))));
        }
    }
    assert_eq!(found.metrics["hr@10"].mean, hits / questions);
}

#[test]
fn what_is_known_of_a_user_is_told_but_not_asked() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let items = ids(&["a", "b", "c", "d"]);
    let known = Interactions::from_entries(
        ids(&["x"]),
        items.clone(),
        &[(0, 0, 1.0), (0, 1, 1.0)],
        Some(&[1.0, 3.0]),
    );
    let entries = [(0, 2, 1.0), (0, 1, 1.0), (1, 3, 1.0)];
    let test = Interactions::from_entries(ids(&["x", "y"]), items, &entries, Some(&[2.0, 3.0, 1.0]));
    let walks = Walk::all(&known, &test);
    let told: Vec<(u32, bool)> = walks[0].events.iter().map(|(event, asked)| (event.item, *asked)).collect();
    assert_eq!(told, [(0, false), (2, true), (1, false)], "by time; what is in both is only told");
    let replay = Replay { walks: &walks, ks: &[1], repeats: false, range: (1.0, 1.0) };
    // Nothing is before y's only event.
    assert_eq!((replay.users(), replay.questions()), (vec![0], 1));
}

#[test]
fn what_training_never_had_is_not_found() {
    let known = interactions(&sessions(50, 1), "train");
    let mut test = interactions(&[vec![0, 1], vec![0, 1]], "test");
    // Beyond the items of training.
    test.matrix.columns[3] = ITEMS;
    let everything = report(&Popularity::new(&known), &Walk::all(&known, &test), true);
    assert_eq!(everything.users, 2);
    let replay =
        Replay { walks: &Walk::all(&known, &test), ks: &[ITEMS as usize], repeats: true, range: (1.0, 1.0) };
    let mut tally = replay.tally();
    replay.run(&Popularity::new(&known), &mut tally, &|| ()).unwrap();
    assert_eq!(tally.report(1).metrics[&format!("hr@{ITEMS}")].mean, 0.5);
}

#[test]
fn next_ratings_are_predicted_where_a_model_predicts() {
    let pairs = (0..20u32).flat_map(|u| (0..20u32).map(move |i| (u, i)));
    let entries: Vec<_> = pairs.map(|(u, i)| (u, i, if (u + i) % 2 == 0 { 5.0 } else { 1.0 })).collect();
    let ids = |prefix: &str, count: u32| (0..count).map(|at| format!("{prefix}{at}")).collect::<Vec<_>>();
    let known = Interactions::from_entries(ids("u", 20), ids("i", 20), &entries, None);
    let options = sgd::Options { dim: 4, epochs: 200, regularization: 0.01, ..sgd::Options::default() };
    let model =
        Model::pack(&sgd::train(&known, &options, &mut unobserved).unwrap().items, Precision::F32).unwrap();
    let stranger: Vec<_> = (0..20).map(|i| (0, i, if i % 2 == 0 { 5.0 } else { 1.0 })).collect();
    let test = Interactions::from_entries(ids("stranger", 1), ids("i", 20), &stranger, None);
    let served = Served::new(&model, &known.item_ids, EventWeights::default());
    let report = report(&served, &Walk::all(&known, &test), false);
    assert!(report.metrics["rmse"].mean < 1.0, "{report:?}");
}
