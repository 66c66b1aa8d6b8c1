//! Items that come and go beside a model: every answer is that of a model packed with the items that there are.

use foldin::model::{
    Algorithm, CatalogColumns, Factors, MAX_ADDED, NewItem, POPULARITY_EXPONENT, Recipe, TagValues, Unknown,
};
use foldin::recommender::{Answer, Ask};
use foldin::score::{self, Metric, Options};
use foldin::visitor::{Event, EventKind, FineTuning};
use foldin::{Model, Precision, Recommender};
use ndarray::Array2;
use proptest::prelude::*;
use std::collections::BTreeMap;

const DIM: usize = 6;
const COLOURS: [&str; 3] = ["red", "green", "blue"];

/// All that a model knows of one item.
#[derive(Clone, Debug)]
struct Item {
    id: String,
    factor: Vec<f32>,
    colours: Vec<u32>,
    size: f32,
    count: u32,
    bias: f32,
}

/// An item like no other, of whom nothing is known but itself.
fn item(number: usize) -> Item {
    let wave = |d: usize| ((number * 7 + d * 3) as f32 * 0.61).sin();
    let longer = 1.0 + (number % 5) as f32 * 0.3;
    Item {
        id: format!("item {number}"),
        factor: (0..DIM).map(|d| wave(d) * 0.5 * longer).collect(),
        colours: (0..3).filter(|code| number >> code & 1 == 1).collect(),
        size: if number.is_multiple_of(6) { f32::NAN } else { (number % 11) as f32 },
        count: 0,
        bias: 0.0,
    }
}

/// An item of the model.
fn trained(number: usize) -> Item {
    let bias = (number as f32 * 0.7).cos() * 0.4;
    Item { count: (number * number % 97) as u32, bias, ..item(number) }
}

impl Item {
    fn arrival(&self) -> NewItem {
        let colours = self.colours.iter().map(|&code| COLOURS[code as usize].to_owned()).collect();
        let size = Some(self.size).filter(|size| !size.is_nan());
        NewItem {
            id: self.id.clone(),
            title: Some(self.id.to_uppercase()),
            tags: [("colour".to_owned(), colours)].into_iter().collect(),
            numbers: size.map(|size| ("size".to_owned(), size)).into_iter().collect(),
            factor: self.factor.clone(),
        }
    }
}

/// What the models of a test have in common.
#[derive(Clone, Copy, Debug)]
struct Kind {
    algorithm: Algorithm,
    precision: Precision,
    popularity: f32,
}

const IALS: Kind = Kind { algorithm: Algorithm::Ials, precision: Precision::F32, popularity: 0.0 };

impl Kind {
    fn pack(self, items: &[Item]) -> Model {
        let values = items.iter().flat_map(|item| item.factor.clone()).collect();
        let rated = self.algorithm == Algorithm::Sgd;
        let tags = TagValues {
            vocabulary: COLOURS.map(String::from).to_vec(),
            codes: items.iter().map(|item| item.colours.clone()).collect(),
        };
        let factors = Factors {
            ids: Some(items.iter().map(|item| item.id.clone()).collect()),
            biases: rated.then(|| items.iter().map(|item| item.bias).collect()),
            counts: Some(items.iter().map(|item| item.count).collect()),
            recipe: Recipe {
                algorithm: self.algorithm,
                unobserved_weight: if rated { 0.0 } else { 0.2 },
                regularization: 0.05,
                frequency_exponent: 0.8,
                mean: if rated { 3.5 } else { 0.0 },
            },
            catalog: CatalogColumns {
                titles: Some(items.iter().map(|item| item.id.to_uppercase()).collect()),
                tags: [("colour".to_owned(), tags)].into(),
                numbers: [("size".to_owned(), items.iter().map(|item| item.size).collect())].into(),
                places: Some(items.iter().map(|item| [item.factor[0], item.factor[1]]).collect()),
            },
            metadata: [(POPULARITY_EXPONENT.to_owned(), self.popularity.to_string())].into(),
            ..Factors::external(Array2::from_shape_vec((items.len(), DIM), values).unwrap(), None)
        };
        Model::pack(&factors, self.precision).unwrap()
    }
}

fn like(shop: &Recommender, id: &str, time: f64) -> Event {
    Event { item: shop.items().find(id).unwrap(), kind: EventKind::Like, value: None, time }
}

/// Ids with their scores, best first.
fn named(shop: &Recommender, answer: &Answer) -> Vec<(String, f32)> {
    answer.results.iter().map(|result| (shop.items().id(result.item), result.score)).collect()
}

#[track_caller]
fn same(one: &[(String, f32)], other: &[(String, f32)]) {
    assert_eq!(one.len(), other.len(), "{one:?} {other:?}");
    let scores: BTreeMap<&str, f32> = other.iter().map(|(id, score)| (id.as_str(), *score)).collect();
    for ((id, score), (_, there)) in one.iter().zip(other) {
        let near = |other: f32| (score - other).abs() <= 1e-5 * (1.0 + score.abs());
        assert!(near(*there), "in order: {one:?} {other:?}");
        // Of items that tie at the end of a list any may be on it.
        let there = scores.get(id.as_str()).or(other.last().map(|(_, last)| last));
        assert!(there.is_some_and(|&there| near(there)), "{id}: {one:?} {other:?}");
    }
}

fn asked(json: serde_json::Value) -> Options {
    serde_json::from_value(json).unwrap()
}

/// Everything that can be asked, of both.
fn compare(shop: &Recommender, packed: &Recommender, ids: &[String]) {
    let explained = || Ask { explain: true, ..Ask::default() };
    for options in [
        serde_json::json!({ "count": 1000 }),
        serde_json::json!({ "count": 5, "offset": 3, "exclude": ["item 2", "item 91"] }),
        serde_json::json!({ "count": 9, "only": ["item 1", "item 5", "item 90", "item 92"] }),
        serde_json::json!({ "count": 9, "where": { "colour": { "in": ["red"], "notIn": ["blue"] } } }),
        serde_json::json!({ "count": 9, "where": { "size": { "min": 2, "max": 8 } } }),
        serde_json::json!({ "count": 1000, "boost": { "items": { "item 91": 3.0 }, "tags": { "colour": { "green": 1.5 } } } }),
    ] {
        let options = asked(options);
        let [here, there] =
            [shop, packed].map(|shop| named(shop, &shop.recommend(&options, explained()).unwrap()));
        same(&here, &there);
    }
    let [here, there] = [shop, packed].map(|shop| {
        let rows = shop.items().find_all(ids, Unknown::Error).unwrap();
        let answer = shop.rank(&rows, &Options::default(), explained()).unwrap();
        let shares = answer.results.iter().map(|result| {
            (shop.items().id(result.item), result.because.iter().map(|reason| reason.share).sum::<f32>())
        });
        (named(shop, &answer), shares.collect::<Vec<_>>())
    });
    same(&here.0, &there.0);
    for (one, other) in here.1.iter().zip(&there.1) {
        assert!((one.1 - other.1).abs() < 1e-4, "{one:?} {other:?}");
    }
    for metric in [Metric::Cosine, Metric::Dot] {
        let [here, there] = [shop, packed].map(|shop| {
            let row = shop.items().find(&ids[0]).unwrap();
            named(shop, &shop.similar(&[row], metric, &Options::best(1000), Ask::default()).unwrap())
        });
        same(&here, &there);
    }
    let gram = |shop: &Recommender| shop.items().gram();
    let (here, there) = (gram(shop), gram(packed));
    assert!(here.iter().zip(&there).all(|(a, b)| (a - b).abs() < 1e-5), "{here:?} {there:?}");
}

#[derive(Clone, Debug)]
enum Step {
    Add(usize),
    Replace(usize),
    Remove(usize),
    Like(usize),
    Undo,
    Restore,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (90..110usize).prop_map(Step::Add),
        1 => (0..110usize).prop_map(Step::Replace),
        6 => (0..110usize).prop_map(Step::Remove),
        6 => (0..110usize).prop_map(Step::Like),
        2 => Just(Step::Undo),
        1 => Just(Step::Restore),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_answer_is_that_of_a_model_packed_with_the_same_items(
        steps in steps(),
        kind in prop::sample::select(vec![
            IALS,
            Kind { popularity: 0.7, ..IALS },
            Kind { algorithm: Algorithm::Sgd, ..IALS },
            Kind { algorithm: Algorithm::External, ..IALS },
        ]),
    ) {
        let all: Vec<Item> = (0..20).map(trained).collect();
        let mut shop = Recommender::new(kind.pack(&all));
        let mut items = all.clone();
        let mut events: Vec<(String, f64)> = Vec::new();
        for (time, step) in steps.into_iter().enumerate() {
            let time = time as f64 * 1e9;
            match step {
                Step::Add(number) => {
                    let new = item(number);
                    let known = items.iter().any(|item| item.id == new.id);
                    prop_assert_eq!(shop.add(&new.arrival()).is_err(), known);
                    if !known { items.push(new) }
                }
                Step::Replace(number) => {
                    let new = Item { factor: item(number + 500).factor, ..item(number) };
                    shop.replace(&new.arrival()).unwrap();
                    items.retain(|item| item.id != new.id);
                    events.retain(|(id, _)| *id != new.id);
                    items.push(new);
                }
                Step::Remove(number) => {
                    let id = item(number).id;
                    let can = items.len() > 1 && items.iter().any(|item| item.id == id);
                    prop_assert_eq!(shop.remove(&id).is_ok(), can);
                    if can {
                        items.retain(|item| item.id != id);
                        events.retain(|(other, _)| *other != id);
                    }
                }
                Step::Like(number) => {
                    let id = item(number).id;
                    prop_assert_eq!(shop.items().has(&id), items.iter().any(|item| item.id == id));
                    if shop.items().has(&id) {
                        let event = like(&shop, &id, time);
                        shop.record(&[event]).unwrap();
                        events.push((id, time));
                    }
                }
                Step::Undo => if let Some((id, time)) = events.pop() {
                    let event = like(&shop, &id, time);
                    prop_assert_eq!(shop.undo(&[event]), 1);
                },
                Step::Restore => {
                    shop.restore();
                    let stays = |id: &String| {
                        let own = all.iter().find(|item| item.id == *id);
                        let now = items.iter().find(|item| item.id == *id);
                        own.zip(now).is_some_and(|(own, now)| own.factor == now.factor)
                    };
                    events.retain(|(id, _)| stays(id));
                    items = all.clone();
                }
            }
            prop_assert_eq!(shop.items().len(), items.len());
        }
        let mut packed = Recommender::new(kind.pack(&items));
        let again: Vec<Event> = events.iter().map(|(id, time)| like(&packed, id, *time)).collect();
        packed.record(&again).unwrap();
        let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
        compare(&shop, &packed, &ids);
    }
}

/// For a given vector no other score moves, and that of an added item, whose row is not rounded, is near that of a packed
/// one: to the bit in f32.
#[test]
fn scores_for_a_vector_are_those_of_packed_rows_and_the_others_do_not_move() {
    let vector: Vec<f32> = (0..DIM).map(|d| (d as f32 * 1.7).cos()).collect();
    let all: Vec<Item> = (0..1100).map(trained).collect();
    for precision in Precision::ALL {
        let kind = Kind { precision, ..IALS };
        let mut shop = Recommender::new(kind.pack(&all));
        let before = score::scores(shop.items(), &vector).unwrap();
        let new: Vec<Item> = (2000..2700).map(item).collect();
        let rows: Vec<u32> = new.iter().map(|item| shop.add(&item.arrival()).unwrap()).collect();
        shop.remove("item 7").unwrap();
        let after = score::scores(shop.items(), &vector).unwrap();
        assert!(before.iter().zip(&after).all(|(a, b)| a.to_bits() == b.to_bits()), "{precision:?}");
        let packed = Recommender::new(kind.pack(&[&all[..], &new].concat()));
        let there = score::scores(packed.items(), &vector).unwrap();
        for (item, row) in new.iter().zip(rows) {
            let (here, there) = (after[row as usize], there[packed.items().find(&item.id).unwrap() as usize]);
            match precision {
                Precision::F32 => assert_eq!(here.to_bits(), there.to_bits()),
                Precision::F16 => assert!((here - there).abs() < 0.01, "{here} {there}"),
                Precision::Int8 => assert!((here - there).abs() < 0.05, "{here} {there}"),
                Precision::Int4 => assert!((here - there).abs() < 0.35, "{here} {there}"),
            }
        }
        // The best are those of all scores, over more blocks than one of added rows.
        let best = shop.recommend(
            &Options { count: 40, ..Options::default() },
            Ask { vector: Some(&vector), ..Ask::default() },
        );
        let mut expected: Vec<(u32, f32)> =
            (0..).zip(after).filter(|(row, _)| shop.items().has_row(*row)).collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best: Vec<_> = best.unwrap().results.iter().map(|result| (result.item, result.score)).collect();
        assert_eq!(best, expected[..40], "{precision:?}");
    }
}

/// No question names a removed item, nor takes it for a known one.
#[test]
fn what_is_removed_never_comes_back() {
    for algorithm in [Algorithm::Ials, Algorithm::Bpr, Algorithm::Sgd] {
        let mut shop =
            Recommender::new(Kind { algorithm, ..IALS }.pack(&(0..30).map(trained).collect::<Vec<_>>()));
        shop.add(&item(90).arrival()).unwrap();
        let events = ["item 3", "item 90", "item 4"].map(|id| like(&shop, id, 0.0));
        shop.record(&events).unwrap();
        let gone = ["item 3", "item 90"].map(|id| shop.remove(id).unwrap());
        let all = Options { count: 1000, ..Options::default() };
        let found = |answer: foldin::Result<Answer>| -> Vec<u32> {
            answer.unwrap().results.iter().map(|result| result.item).collect()
        };
        let known = events[2].item;
        let mut only_gone = all.clone();
        only_gone.only = Some(vec!["item 3".into(), "item 90".into()]);
        assert!(found(shop.recommend(&only_gone, Ask::default())).is_empty());
        let diverse = Options { count: 100, diversity: 0.3, ..Options::default() };
        for found in [
            found(shop.recommend(&all, Ask::default())),
            found(shop.recommend(&diverse, Ask::default())),
            found(shop.similar(&[known], Metric::Cosine, &Options::best(1000), Ask::default())),
        ] {
            assert!(
                found.len() == 28 && gone.iter().all(|row| !found.contains(row)),
                "{algorithm:?} {found:?}"
            );
        }
        for row in gone {
            assert_eq!(
                shop.rank(&[known, row], &Options::default(), Ask::default()).unwrap_err().field(),
                Some("row")
            );
            assert_eq!(
                shop.similar(&[row], Metric::Dot, &Options::best(3), Ask::default()).unwrap_err().field(),
                Some("row")
            );
            let event = Event { item: row, ..events[0] };
            assert_eq!(shop.record(&[event]).unwrap_err().field(), Some("row"));
            assert_eq!(shop.undo(&[event]), 0);
            assert_eq!(shop.place(row).unwrap_err().field(), Some("row"));
        }
        assert_eq!(shop.items().find("item 3").unwrap_err().code(), "unknown-item");
        assert!(!shop.items().has("item 90") && shop.items().has("item 4"));
        // What was done with them is forgotten: the visitor is one who never met them.
        let mut other =
            Recommender::new(Kind { algorithm, ..IALS }.pack(&(0..30).map(trained).collect::<Vec<_>>()));
        other.remove("item 3").unwrap();
        other.record(&events[2..]).unwrap();
        let vectors = [&shop, &other].map(|shop| shop.profile().fold_in(shop.items()).vector().to_vec());
        assert!(vectors[0].iter().zip(&vectors[1]).all(|(a, b)| (a - b).abs() < 1e-6), "{vectors:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut shop = Recommender::new(IALS.pack(&(0..3).map(trained).collect::<Vec<_>>()));
    let new = item(90).arrival();
    let long = |v: f32| NewItem { factor: vec![v; DIM], ..new.clone() };
    let tagged = |name: &str, tag: &str| NewItem {
        tags: [(name.to_owned(), vec![tag.to_owned()])].into_iter().collect(),
        ..new.clone()
    };
    let sized = |name: &str, number: f32| NewItem {
        numbers: [(name.to_owned(), number)].into_iter().collect(),
        ..new.clone()
    };
    for (wrong, field) in [
        (NewItem { id: "item 1".into(), ..new.clone() }, "id"),
        (NewItem { factor: vec![0.0; DIM - 1], ..new.clone() }, "vector"),
        (long(f32::NAN), "vector"),
        (long(1e30), "vector"),
        (tagged("colour", "pink"), "features"),
        (sized("colour", 3.0), "features"),
        (sized("size", f32::INFINITY), "features"),
        (tagged("taste", "red"), "features"),
    ] {
        assert_eq!(shop.add(&wrong).unwrap_err().field(), Some(field), "{wrong:?}");
        if field != "id" {
            let wrong = NewItem { id: "item 1".into(), ..wrong.clone() };
            assert_eq!(shop.replace(&wrong).unwrap_err().field(), Some(field));
        }
        assert!(shop.items().len() == 3 && shop.items().has("item 1"), "{wrong:?}");
    }
    assert_eq!(shop.remove("nobody").unwrap_err().code(), "unknown-item");
    assert_eq!(shop.add(&new).unwrap(), 3, "refused ones left no row behind");
    for id in ["item 0", "item 1", "item 2"] {
        shop.remove(id).unwrap();
    }
    assert_eq!(shop.remove("item 90").unwrap_err().field(), Some("id"), "the last one");
    shop.restore();
    assert_eq!((shop.items().len(), shop.items().has("item 90")), (3, false));
}

#[test]
fn no_more_are_added_than_memory_is_for() {
    let mut shop = Recommender::new(
        Model::pack(&Factors::external(Array2::ones((1, 1)), None), Precision::Int8).unwrap(),
    );
    let new = |number: usize| NewItem { id: format!("n{number}"), factor: vec![1.0], ..NewItem::default() };
    (0..MAX_ADDED).for_each(|number| _ = shop.add(&new(number)).unwrap());
    let refused = shop.add(&new(MAX_ADDED)).unwrap_err();
    assert!(refused.to_string().contains("pack it anew"), "{refused}");
    assert_eq!(shop.items().find("n99999").unwrap(), 100_000);
}

/// Fine-tuning moves what was added too, and outlives what goes meanwhile.
#[test]
fn a_tuned_item_that_goes_is_tuned_no_more() {
    let mut shop = Recommender::new(IALS.pack(&(0..20).map(trained).collect::<Vec<_>>()));
    let row = shop.add(&item(90).arrival()).unwrap();
    shop.record(&["item 90", "item 2"].map(|id| like(&shop, id, 0.0))).unwrap();
    let mut tuning = shop.start_tuning(FineTuning::default()).unwrap();
    tuning.epoch(shop.items()).unwrap();
    let mut late = tuning.clone();
    shop.finish_tuning(tuning);
    assert_ne!(shop.items().factor(row), item(90).factor);
    let tuned = shop.rank(&[row], &Options::default(), Ask::default()).unwrap().results[0].score;
    let product = |shop: &Recommender| -> f32 {
        let vector = shop.profile().fold_in(shop.items()).vector().to_vec();
        shop.items().factor(row).iter().zip(&vector).map(|(q, p)| q * p).sum()
    };
    assert!((tuned - product(&shop)).abs() < 1e-5);
    shop.remove("item 90").unwrap();
    late.epoch(shop.items()).unwrap();
    shop.finish_tuning(late);
    assert_eq!(shop.items().factor(row), item(90).factor);
    assert!(shop.recommend(&Options::default(), Ask::default()).unwrap().results.len() == 10);
}

/// An item at a known one's place in space stands at its place on the map.
#[test]
fn an_added_item_stands_amid_those_like_it() {
    let mut items: Vec<Item> = (0..40).map(trained).collect();
    for (number, item) in items.iter_mut().enumerate() {
        let side = if number < 20 { 1.0 } else { -1.0 };
        item.factor = (0..DIM).map(|d| side + 0.05 * item.factor[d]).collect();
    }
    let mut shop = Recommender::new(IALS.pack(&items));
    let row = shop.add(&NewItem { factor: vec![-2.0; DIM], ..item(90).arrival() }).unwrap();
    let [x, y] = shop.place(row).unwrap().unwrap();
    assert!((x + 1.0).abs() < 0.1 && (y + 1.0).abs() < 0.1, "{x} {y}");
    let known = shop.items().find("item 1").unwrap();
    assert_eq!(shop.place(known).unwrap(), Some([items[1].factor[0], items[1].factor[1]]));
}

/// `cargo test --release -p foldin --test engine million -- --ignored --nocapture`
#[test]
#[ignore = "packs a million items"]
fn a_million_items_change_in_milliseconds() {
    const WIDE: usize = 64;
    let items = 1_000_000;
    let values = Array2::from_shape_fn((items, WIDE), |(i, d)| ((i * 7 + d * 3) as f32 * 0.61).sin());
    let factors = Factors {
        counts: Some((0..items as u64).map(|row| (row * row % 5003) as u32).collect()),
        recipe: Recipe { unobserved_weight: 0.2, regularization: 0.05, ..Recipe::default() },
        metadata: [(POPULARITY_EXPONENT.to_owned(), "0.7".to_owned())].into(),
        ..Factors::external(values, Some((0..items).map(|row| format!("item {row}")).collect()))
    };
    let packed = Model::pack(&factors, Precision::Int8).unwrap();
    drop(factors);
    let mut bytes = foldin::model::AlignedBytes::zeroed(packed.bytes().len()).unwrap();
    bytes.copy_from_slice(packed.bytes());
    let mut shop = Recommender::new(Model::open(packed.header().clone(), bytes).unwrap());
    drop(packed);
    let like = |number: u32| Event {
        item: number * 4999,
        kind: EventKind::Like,
        value: None,
        time: f64::from(number),
    };
    let events: Vec<Event> = (0..200).map(like).collect();
    let liked = shop.items().id(4999);
    let mut timed = |what: &str, change: &mut dyn FnMut(&mut Recommender)| {
        let start = std::time::Instant::now();
        change(&mut shop);
        let took = start.elapsed().as_secs_f64() * 1e3;
        println!("{what}: {took:.3} ms");
        took
    };
    let new = |number: usize| NewItem {
        id: format!("new {number}"),
        factor: (0..WIDE).map(|d| ((number * 5 + d) as f32 * 0.37).sin()).collect(),
        ..NewItem::default()
    };
    timed("record 200", &mut |shop| shop.record(&events).unwrap());
    let mut took = Vec::new();
    for number in 0..8 {
        took.push(timed("add", &mut |shop| _ = shop.add(&new(number)).unwrap()));
        took.push(timed("remove", &mut |shop| {
            _ = shop.remove(&format!("item {}", number * 999 + 1)).unwrap()
        }));
    }
    took.push(timed("remove an added one", &mut |shop| _ = shop.remove("new 3").unwrap()));
    took.push(timed("remove a liked one", &mut |shop| _ = shop.remove(&liked).unwrap()));
    timed("recommend", &mut |shop| _ = shop.recommend(&Options::default(), Ask::default()).unwrap());
    // Of the median: a busy machine stops whichever it likes.
    took.sort_by(f64::total_cmp);
    let median = took[took.len() / 2];
    assert!(median < 5.0, "{median} ms");
}
