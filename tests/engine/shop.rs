//! What shops ask for, each against a plain computation over all items.

use crate::models::implicit;
use foldin::model::{CatalogColumns, Factors, TagValues, Together};
use foldin::recommender::{Answer, Ask};
use foldin::score::{Metric, Options};
use foldin::visitor::{Event, EventKind, EventWeights};
use foldin::{Model, Precision, Recommender};
use proptest::prelude::*;

const ITEMS: usize = 40;
const KINDS: [&str; 3] = ["shoe", "hat", "sale"];

/// Items with kinds, prices and baskets: each was bought with the next and, half as often, with the one after.
fn shop() -> Recommender {
    let codes = |item: usize| {
        let kind = item % 2;
        if item.is_multiple_of(5) { vec![kind as u32, 2] } else { vec![kind as u32] }
    };
    let kinds =
        TagValues { vocabulary: KINDS.map(String::from).to_vec(), codes: (0..ITEMS).map(codes).collect() };
    let price = |item: usize| if item == 7 { f32::NAN } else { item as f32 };
    let together = |item: usize| {
        let at = |step: usize| ((item + step) % ITEMS) as u32;
        vec![(at(1), 255), (at(2), 128)]
    };
    let factors = Factors {
        catalog: CatalogColumns {
            tags: [("kind".into(), kinds)].into(),
            numbers: [("price".into(), (0..ITEMS).map(price).collect())].into(),
            ..CatalogColumns::default()
        },
        counts: Some((0..ITEMS as u32).map(|item| item * 7 % 31).collect()),
        trend: Some((0..ITEMS as u32).map(|item| (item * 11 % 37) as u8).collect()),
        together: Some(Together((0..ITEMS).map(together).collect())),
        ids: Some((0..ITEMS).map(|item| format!("i{item}")).collect()),
        ..crate::models::factors(ITEMS)
    };
    Recommender::new(Model::pack(&factors, Precision::F32).unwrap())
}

fn number(shop: &Recommender, row: u32) -> usize {
    shop.items().id(row)[1..].parse().unwrap()
}

/// The row of item `number`.
fn row(shop: &Recommender, number: usize) -> u32 {
    shop.items().find(&format!("i{number}")).unwrap()
}

fn numbers(shop: &Recommender, answer: &Answer) -> Vec<usize> {
    answer.results.iter().map(|result| number(shop, result.item)).collect()
}

fn options(json: serde_json::Value) -> Options {
    serde_json::from_value(json).unwrap()
}

fn ask(shop: &Recommender, json: serde_json::Value) -> Vec<usize> {
    numbers(shop, &shop.recommend(&options(json), Ask::default()).unwrap())
}

fn did(shop: &mut Recommender, events: &[(usize, EventKind)]) {
    let event = |(at, &(item, kind)): (usize, &(usize, EventKind))| Event {
        item: row(shop, item),
        kind,
        value: None,
        time: at as f64,
    };
    let events: Vec<Event> = events.iter().enumerate().map(event).collect();
    shop.record(&events).unwrap();
}

fn is(item: usize, kind: &str) -> bool {
    match kind {
        "shoe" => item.is_multiple_of(2),
        "hat" => !item.is_multiple_of(2),
        _ => item.is_multiple_of(5),
    }
}

macro_rules! json { ($($any:tt)*) => { serde_json::json!($($any)*) } }

#[test]
fn seeds_answer_as_a_visitor_would_who_liked_them_and_do_not_come_back() {
    let (mut visitor, other) = (shop(), shop());
    did(&mut visitor, &[(3, EventKind::Like), (8, EventKind::Like)]);
    let found = ask(&other, json!({ "seeds": ["i8", "i3", "i8", "gone"], "count": ITEMS }));
    // Of the same age, as a basket is.
    let mut same = shop();
    let likes = [3, 8].map(|item| row(&same, item));
    same.record(&Event::likes(&likes)).unwrap();
    assert_eq!(found, ask(&same, json!({ "count": ITEMS })));
    assert!(!found.contains(&3) && !found.contains(&8) && found.len() == ITEMS - 2);
    // Whoever asks, until they are mixed in.
    let of_visitor = ask(&visitor, json!({ "seeds": ["i20"], "seen": "show", "count": ITEMS }));
    assert_eq!(of_visitor, ask(&other, json!({ "seeds": ["i20"], "count": ITEMS })));
    let only_me = ask(&visitor, json!({ "seeds": ["i20"], "personal": 1.0, "count": ITEMS }));
    let mine = ask(&visitor, json!({ "exclude": ["i20"], "count": ITEMS }));
    assert_eq!(only_me, mine);
}

#[test]
fn reasons_of_seeds_and_visitor_add_up_to_the_score() {
    let mut shop = shop();
    did(&mut shop, &[(3, EventKind::Like), (9, EventKind::Dislike)]);
    let options = options(json!({ "seeds": ["i8", "i20"], "personal": 0.3 }));
    let answer = shop.recommend(&options, Ask { explain: true, ..Ask::default() }).unwrap();
    for result in &answer.results {
        let sum: f32 = result.because.iter().map(|reason| reason.share).sum();
        assert!((sum - result.score).abs() < 1e-5, "{sum} is not {}", result.score);
        assert_eq!(result.because.len(), 4);
    }
}

#[test]
fn what_sells_is_ranked_at_any_time_and_by_category() {
    let mut shop = shop();
    did(&mut shop, &[(4, EventKind::Like)]);
    let by_falling = |key: fn(usize) -> usize, keep: fn(usize) -> bool| {
        let mut items: Vec<usize> = (0..ITEMS).filter(|&item| item != 4 && keep(item)).collect();
        items.sort_by_key(|&item| (std::cmp::Reverse(key(item)), row(&shop, item)));
        items
    };
    let asked = |by: &str| ask(&shop, json!({ "by": by, "count": ITEMS }));
    assert_eq!(asked("popular"), by_falling(|item| item * 7 % 31, |_| true));
    assert_eq!(asked("trending"), by_falling(|item| item * 11 % 37, |_| true));
    let hats =
        ask(&shop, json!({ "by": "trending", "count": ITEMS, "where": { "kind": { "in": ["hat"] } } }));
    assert_eq!(hats, by_falling(|item| item * 11 % 37, |item| is(item, "hat")));
    let newest = ask(&shop, json!({ "by": "new", "dates": "price", "count": ITEMS }));
    assert_eq!(newest, by_falling(|item| item, |item| item != 7), "without a date nothing is new");
    let error = shop.recommend(&options(json!({ "by": "new" })), Ask::default()).unwrap_err();
    assert_eq!(error.to_string(), "dates: expected a column of numbers: price, found added");
}

#[test]
fn a_model_says_what_it_does_not_know() {
    let shop = Recommender::new(implicit(12, Precision::F32));
    for by in ["trending", "popular", "bought-together"] {
        let asked = options(json!({ "by": by, "seeds": ["3"] }));
        assert_eq!(shop.recommend(&asked, Ask::default()).unwrap_err().field(), Some("by"), "{by}");
    }
}

#[test]
fn what_was_bought_together_adds_up_over_the_basket() {
    let shop = shop();
    let bought = |ids: serde_json::Value, more: serde_json::Value| {
        let mut json = json!({ "by": "bought-together", "seeds": ids });
        json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        shop.recommend(&options(json), Ask::default()).unwrap()
    };
    let one = bought(json!(["i10"]), json!({}));
    assert_eq!(numbers(&shop, &one), [11, 12]);
    assert_eq!(one.results[0].score, 1.0);
    let two = bought(json!(["i10", "i11"]), json!({}));
    assert_eq!(numbers(&shop, &two), [12, 13], "11 is in the basket; 12 was bought with both");
    assert!((two.results[0].score - (128.0 + 255.0) / 255.0).abs() < 1e-6);
    assert_eq!(numbers(&shop, &bought(json!(["i10"]), json!({ "exclude": ["i11"] }))), [12]);
    let seeds = [row(&shop, 10)];
    let by = options(json!({ "by": "bought-together" }));
    let similar = shop.similar(&seeds, Metric::Cosine, &by, Ask::default()).unwrap();
    assert_eq!(numbers(&shop, &similar), [11, 12]);
    assert_eq!(shop.recommend(&by, Ask::default()).unwrap_err().field(), Some("seeds"));
}

#[test]
fn what_was_seen_hides_shows_or_stands_alone() {
    let mut shop = shop();
    did(&mut shop, &[(1, EventKind::View), (2, EventKind::Purchase), (3, EventKind::Impression)]);
    let asked = |seen: serde_json::Value| ask(&shop, json!({ "seen": seen, "count": ITEMS }));
    let hidden = |seen| (0..ITEMS).filter(|item| !asked(json!(seen)).contains(item)).collect::<Vec<_>>();
    assert_eq!(hidden(json!("hide")), [1, 2], "what was only shown comes back");
    assert_eq!(hidden(json!({ "hide": ["purchase"] })), [2]);
    assert_eq!(hidden(json!({ "hide": ["impression", "view"] })), [1, 3]);
    assert_eq!(hidden(json!({ "hide": [] })), [0usize; 0]);
    assert_eq!(asked(json!("show")).len(), ITEMS);
    assert_eq!(asked(json!({ "only": ["purchase"] })), [2], "to buy it again");
    let mut known = asked(json!("only"));
    known.sort_unstable();
    assert_eq!(known, [1, 2]);
    let near = |seen: serde_json::Value| {
        let options = options(json!({ "seen": seen, "count": ITEMS }));
        shop.similar(&[row(&shop, 2)], Metric::Cosine, &options, Ask::default()).unwrap().results.len()
    };
    assert_eq!((near(json!("show")), near(json!("hide")), near(json!({ "only": ["view"] }))), (39, 38, 1));
}

#[test]
fn what_left_the_basket_no_longer_counts() {
    let (mut shop, mut without) = (shop(), shop());
    did(
        &mut shop,
        &[(1, EventKind::View), (1, EventKind::Cart), (2, EventKind::Cart), (1, EventKind::Uncart)],
    );
    let view = Event { item: row(&without, 1), kind: EventKind::View, value: None, time: 0.0 };
    let cart = Event { item: row(&without, 2), kind: EventKind::Cart, value: None, time: 2.0 };
    let nothing = Event { item: row(&without, 5), kind: EventKind::Impression, value: None, time: 3.0 };
    without.record(&[view, cart, nothing]).unwrap();
    assert_eq!(shop.vector().unwrap(), without.vector().unwrap());
    assert_eq!(ask(&shop, json!({ "seen": { "only": ["cart"] } })), [2]);
    // Put in again, it counts again; and so it does where events come in another order.
    let again = Event { item: row(&shop, 1), kind: EventKind::Cart, value: None, time: 9.0 };
    shop.record(&[again]).unwrap();
    assert_eq!(ask(&shop, json!({ "seen": { "only": ["cart"] }, "count": 9 })).len(), 2);
    let mut late = self::shop();
    let left = Event { item: row(&late, 1), kind: EventKind::Uncart, value: None, time: 3.0 };
    let put = Event { item: row(&late, 1), kind: EventKind::Cart, value: None, time: 1.0 };
    late.record(&[left]).unwrap();
    late.record(&[put]).unwrap();
    assert_eq!(ask(&late, json!({ "seen": { "only": ["cart"] } })), [0usize; 0]);
}

#[test]
fn kinds_of_a_page_count_as_it_says() {
    let weights =
        |own: f32| EventWeights { own: [own, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], ..EventWeights::default() };
    let vector = |kind, weights| {
        let mut shop = shop();
        shop.weigh(weights).unwrap();
        did(&mut shop, &[(4, kind)]);
        (shop.vector().unwrap(), ask(&shop, json!({ "count": ITEMS })).len())
    };
    let (liked, _) = vector(EventKind::Like, EventWeights::default());
    let (disliked, _) = vector(EventKind::Dislike, EventWeights { dislike: 0.5, ..EventWeights::default() });
    assert_eq!(vector(EventKind::Own0, weights(1.0)), (liked, ITEMS), "such an event hides nothing");
    assert_eq!(vector(EventKind::Own0, weights(-0.5)).0, disliked);
    let (nothing, _) = vector(EventKind::Own1, weights(1.0));
    assert!(nothing.iter().all(|&v| v == 0.0));
    assert_eq!(shop().weigh(weights(-1001.0)).unwrap_err().field(), Some("weights"));
}

#[test]
fn fields_of_the_page_lie_over_the_catalogue() {
    let mut shop = shop();
    let rows: Vec<u32> = [3, 4].map(|item| row(&shop, item)).into();
    shop.set_numbers("stock", &rows, &[5.0, 0.0]).unwrap();
    shop.set_numbers("price", &[rows[0]], &[1000.0]).unwrap();
    let tags = |tags: &[&str]| tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>();
    shop.set_tags("kind", rows[1], &tags(&["hat", "limited"])).unwrap();
    shop.set_tags("promo", rows[0], &tags(&["home"])).unwrap();
    let asked = |filter: serde_json::Value| {
        let mut found = ask(&shop, json!({ "where": filter, "count": ITEMS }));
        found.sort_unstable();
        found
    };
    assert_eq!(asked(json!({ "stock": { "min": 1 } })), [3]);
    let not_gone = asked(json!({ "not": { "stock": { "max": 0 } } }));
    assert_eq!(not_gone.len(), ITEMS - 1, "of whose stock nothing is known, it may come");
    assert_eq!(asked(json!({ "price": { "min": 39 } })), [3, 39]);
    assert_eq!(asked(json!({ "kind": { "in": ["limited"] } })), [4]);
    assert!(!asked(json!({ "kind": { "in": ["shoe"] } })).contains(&4));
    assert_eq!(asked(json!({ "promo": { "in": ["home"] } })), [3]);
    let fields = |error: foldin::Error| error.field();
    assert_eq!(fields(shop.set_numbers("kind", &rows, &[1.0, 2.0]).unwrap_err()), Some("fields"));
    assert_eq!(fields(shop.set_numbers("price", &[99], &[1.0]).unwrap_err()), Some("row"));
    assert_eq!(fields(shop.set_tags("price", rows[0], &[]).unwrap_err()), Some("fields"));
}

#[test]
fn conditions_that_lie_too_deep_or_say_nothing_are_refused() {
    let deep = |levels: usize| {
        (0..levels).fold(json!({ "price": { "min": 1 } }), |inner, _| json!({ "not": inner }))
    };
    assert!(serde_json::from_value::<Options>(json!({ "where": deep(8) })).is_ok());
    assert!(serde_json::from_value::<Options>(json!({ "where": deep(9) })).is_err());
    assert!(serde_json::from_value::<Options>(json!({ "where": { "or": { "price": {} } } })).is_err());
}

/// A condition and what it says of an item.
fn condition() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        prop::sample::subsequence(KINDS.to_vec(), 1..3).prop_map(|kinds| json!({ "kind": { "in": kinds } })),
        prop::sample::subsequence(KINDS.to_vec(), 1..3)
            .prop_map(|kinds| json!({ "kind": { "notIn": kinds } })),
        (0..ITEMS, 0..ITEMS).prop_map(|(min, max)| json!({ "price": { "min": min, "max": max } })),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|inner| json!({ "or": inner })),
            inner.clone().prop_map(|inner| json!({ "not": inner })),
            (inner, 0..ITEMS).prop_map(|(inner, min)| json!({ "not": inner, "price": { "min": min } })),
        ]
    })
}

fn holds(condition: &serde_json::Value, item: usize) -> bool {
    let of_kind =
        |tags: &serde_json::Value| tags.as_array().unwrap().iter().any(|tag| is(item, tag.as_str().unwrap()));
    condition.as_object().unwrap().iter().all(|(name, value)| match name.as_str() {
        "or" => value.as_array().unwrap().iter().any(|inner| holds(inner, item)),
        "not" => !holds(value, item),
        "kind" => match value.get("in") {
            Some(tags) => of_kind(tags),
            None => !of_kind(&value["notIn"]),
        },
        _ => {
            let least = value.get("min").map_or(0, |min| min.as_u64().unwrap()) as usize;
            let most = value.get("max").map_or(ITEMS, |max| max.as_u64().unwrap() as usize);
            item != 7 && (least..=most).contains(&item)
        }
    })
}

proptest! {
    #[test]
    fn conditions_hold_as_they_say(condition in condition()) {
        let shop = shop();
        let mut found = ask(&shop, json!({ "by": "popular", "where": condition, "count": ITEMS }));
        found.sort_unstable();
        let wanted: Vec<usize> = (0..ITEMS).filter(|&item| holds(&condition, item)).collect();
        prop_assert_eq!(found, wanted);
    }

    /// Pages of one ranking: nothing twice, nothing left out, pins in their places, what is buried last, what is owed
    /// to each page on it, and otherwise the order of the scores.
    #[test]
    fn rankings_are_put_together_page_by_page(
        pins in prop::collection::vec((0..ITEMS, 0..12usize), 0..3),
        bury in prop::collection::vec(0..ITEMS, 0..4),
        least in 0..3usize,
        most in prop::option::of(2..9usize),
        count in 1..9usize,
        diverse in prop::bool::ANY,
    ) {
        let mut shop = shop();
        did(&mut shop, &[(4, EventKind::Like), (9, EventKind::Like)]);
        let id = |item: &usize| format!("i{item}");
        let pin: serde_json::Map<_, _> = pins.iter().map(|(item, place)| (id(item), json!(place))).collect();
        let mut asked = json!({
            "pin": pin, "bury": bury.iter().map(id).collect::<Vec<_>>(), "count": count,
            "diversity": if diverse { 0.3 } else { 0.0 },
        });
        if least > 0 { asked["atLeast"] = json!({ "kind": { "sale": least } }); }
        if let Some(most) = most { asked["quota"] = json!({ "kind": { "hat": most } }); }
        let mut whole = Vec::new();
        loop {
            asked["offset"] = json!(whole.len());
            let page = ask(&shop, asked.clone());
            let is_last = page.len() < count;
            whole.extend(page);
            if is_last || whole.len() >= 2 * ITEMS {
                break;
            }
        }
        let pinned: Vec<usize> = (0..ITEMS).filter(|item| pin.contains_key(&id(item)) && ![4, 9].contains(item)).collect();
        let mut once = whole.clone();
        once.sort_unstable();
        once.dedup();
        // Diversity looks at more, the farther the page: it may change its mind.
        prop_assert!(diverse || once.len() == whole.len(), "{whole:?}");
        for &item in &pinned {
            let place = pin[&id(&item)].as_u64().unwrap() as usize;
            let shared = pinned.iter().any(|other| *other != item && pin[&id(other)].as_u64().unwrap() as usize <= place);
            if place < whole.len() && !shared {
                prop_assert_eq!(whole[place], item);
            }
        }
        let free = |item: &usize| !pinned.contains(item);
        let last = |item: &usize| bury.contains(item);
        let start = whole.iter().filter(|item| free(item)).position(last);
        if let Some(start) = start {
            prop_assert!(whole.iter().filter(|item| free(item)).skip(start).all(last));
        }
        if let Some(most) = most {
            prop_assert!(whole.iter().filter(|item| free(item) && is(**item, "hat")).count() <= most);
        } else if !diverse {
            prop_assert_eq!(whole.len(), ITEMS - 2);
            for page in whole.chunks(count).take(2) {
                let open = page.iter().filter(|item| free(item)).count();
                let owed = least.min(open);
                let there = page.iter().filter(|item| free(item) && is(**item, "sale")).count();
                let later = whole.iter().skip(count * 2).filter(|item| free(item) && !last(item) && is(**item, "sale")).count();
                prop_assert!(there >= owed || later == 0, "{page:?} has {there} of {owed}");
            }
            if least == 0 {
                let plain = ask(&shop, json!({ "count": ITEMS }));
                let rest = |item: &usize| free(item) && !last(item);
                prop_assert_eq!(
                    whole.iter().copied().filter(|item| rest(item)).collect::<Vec<_>>(),
                    plain.into_iter().filter(rest).collect::<Vec<_>>()
                );
            }
        }
    }
}

#[test]
fn similar_and_rank_obey_the_same_rules() {
    let mut shop = shop();
    did(&mut shop, &[(4, EventKind::Like)]);
    let asked = options(json!({
        "where": { "kind": { "in": ["hat"] } }, "exclude": ["i1"], "pin": { "i3": 0 }, "count": 5,
    }));
    let near =
        numbers(&shop, &shop.similar(&[row(&shop, 6)], Metric::Cosine, &asked, Ask::default()).unwrap());
    assert!(
        near[0] == 3 && near.len() == 5 && near.iter().all(|&item| is(item, "hat") && item != 1),
        "{near:?}"
    );
    let rows: Vec<u32> = (0..8).map(|item| row(&shop, item)).collect();
    let ranked = numbers(&shop, &shop.rank(&rows, &asked, Ask::default()).unwrap());
    let mut sorted = ranked.clone();
    sorted.sort_unstable();
    assert_eq!((ranked[0], sorted), (3, vec![3, 5, 7]));
}

#[test]
fn several_seeds_are_alike_by_the_mean_of_their_directions() {
    let mut shop = shop();
    did(&mut shop, &[(30, EventKind::Like)]);
    let unit = |vector: Vec<f32>| {
        let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
        vector.into_iter().map(|v| v / length).collect::<Vec<f32>>()
    };
    let factor = |item: usize| unit(shop.items().factor(row(&shop, item)));
    let visitor = unit(shop.vector().unwrap());
    for personal in [0.0, 0.4] {
        let target = unit(
            (0..factor(0).len())
                .map(|at| (1.0 - personal) * (factor(2)[at] + factor(5)[at]) / 2.0 + personal * visitor[at])
                .collect(),
        );
        let seeds = [2, 5].map(|item| row(&shop, item));
        let asked = options(json!({ "personal": personal, "count": ITEMS }));
        let found = shop.similar(&seeds, Metric::Cosine, &asked, Ask::default()).unwrap();
        assert_eq!(found.results.len(), ITEMS - 2);
        for result in &found.results {
            let item = factor(number(&shop, result.item));
            let cosine: f32 = item.iter().zip(&target).map(|(a, b)| a * b).sum();
            assert!((cosine - result.score).abs() < 1e-5, "{cosine} is not {}", result.score);
        }
        assert!(found.results.is_sorted_by(|a, b| a.score >= b.score));
    }
}
