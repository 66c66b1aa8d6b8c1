//! The fold-in of models of what comes next: the formula, places, and that sums kept up to date are those from scratch,
//! to the bit.

use crate::models::{DIM, ITEMS, factors, next};
use foldin::model::{Algorithm, Factors, ORDER_WEIGHTS, Precision, Recipe, Tensor};
use foldin::recommender::Ask;
use foldin::score::{Options, Rung};
use foldin::visitor::{Event, EventKind, EventWeights, FineTuning, MAX_EVENTS, Profile};
use foldin::{Model, Recommender};
use proptest::prelude::*;

/// Fewer than the events of most tests, so that there is a tail.
const PLACES: usize = 4;

fn event(item: u32, kind: EventKind, time: u32) -> Event {
    Event { item, kind, value: None, time: time.into() }
}

fn likes(items: &[u32]) -> Vec<Event> {
    (0..).zip(items).map(|(time, &item)| event(item, EventKind::Like, time)).collect()
}

fn views(items: &[u32]) -> Vec<Event> {
    (0..).zip(items).map(|(time, &item)| event(item, EventKind::View, time)).collect()
}

fn profile(model: &Model, events: &[Event]) -> Profile {
    let mut profile = Profile::new(model, EventWeights::default());
    profile.record(model, events).unwrap();
    profile
}

fn bits(model: &Model, profile: &Profile) -> Vec<u32> {
    profile.fold_in(model).vector().iter().map(|v| v.to_bits()).collect()
}

fn same(model: &Model, a: &[Event], b: &[Event]) -> bool {
    bits(model, &profile(model, a)) == bits(model, &profile(model, b))
}

/// The vector by its definition, of items and weights, oldest first.
fn defined(model: &Model, places: &[(u32, f64)]) -> Vec<f64> {
    let weights = model.order_weights().unwrap();
    let (mut sums, mut weight) = (vec![0.0; DIM], 1.0);
    for (distance, &(item, c)) in places.iter().rev().enumerate() {
        let w = f64::from(weights[distance.min(PLACES)]);
        weight += w * c.abs();
        let factor = model.factor(item);
        sums.iter_mut().zip(factor).for_each(|(sum, v)| *sum += w * c * f64::from(v));
    }
    sums.iter().map(|sum| sum / weight.sqrt()).collect()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let kind = prop::sample::select(vec![
        (EventKind::Like, None),
        (EventKind::Dislike, None),
        (EventKind::Rate, Some(4.5)),
        (EventKind::Rate, Some(1.0)),
        (EventKind::View, Some(12.0)),
        (EventKind::View, Some(0.0)),
        (EventKind::Purchase, None),
        (EventKind::Skip, None),
    ]);
    let event = (0..ITEMS as u32, kind, 0..40u32).prop_map(|(item, (kind, value), time)| Event {
        item,
        kind,
        value,
        time: time.into(),
    });
    prop::collection::vec(event, 1..40)
}

proptest! {
    #[test]
    fn what_comes_and_goes_is_as_from_scratch_to_the_bit(
        events in events(),
        steps in prop::collection::vec((0u8..4, any::<prop::sample::Index>()), 1..60),
        places in 0usize..8,
    ) {
        for precision in Precision::ALL {
            let model = next(places, precision);
            let mut visitor = Profile::new(&model, EventWeights::default());
            for (what, which) in &steps {
                match what {
                    0 if !visitor.events().is_empty() => {
                        let event = *which.get(visitor.events());
                        visitor.undo(&model, &[event]);
                    }
                    1 => {
                        let gone = which.get(&events).item;
                        visitor.forget(&model, |item| item == gone);
                    }
                    2 => visitor.record(&model, &[*which.get(&events)]).unwrap(),
                    _ => {
                        let newest = visitor.events().last().map_or(0.0, |event| event.time);
                        visitor.record(&model, &[Event { time: newest + 1.0, ..*which.get(&events) }]).unwrap();
                    }
                }
                let scratch = Profile::of(&model, EventWeights::default(), visitor.events()).unwrap();
                prop_assert_eq!(bits(&model, &visitor), bits(&model, &scratch));
                prop_assert_eq!(visitor.observations(), scratch.observations());
                let mut one_by_one = Profile::new(&model, EventWeights::default());
                visitor.events().iter().for_each(|event| one_by_one.record(&model, &[*event]).unwrap());
                prop_assert_eq!(bits(&model, &visitor), bits(&model, &one_by_one));
            }
        }
    }

    #[test]
    fn the_vector_is_the_formula_s(items in prop::collection::vec(0..ITEMS as u32, 0..20)) {
        // Neighbours share a place, so each differs from the one before.
        let mut items = items;
        items.dedup();
        for precision in Precision::ALL {
            let model = next(PLACES, precision);
            let found = profile(&model, &views(&items)).fold_in(&model);
            // A view weighs one half.
            let places: Vec<(u32, f64)> = items.iter().map(|&item| (item, 0.5)).collect();
            for (found, wanted) in found.vector().iter().zip(defined(&model, &places)) {
                prop_assert!((f64::from(*found) - wanted).abs() < 1e-6, "{found} {wanted}");
            }
        }
    }

    #[test]
    fn reasons_name_every_item_once_and_add_up_to_the_inner_product(events in events(), item in 0..ITEMS as u32) {
        for precision in Precision::ALL {
            let model = next(PLACES, precision);
            let visitor = profile(&model, &events);
            let folded = visitor.fold_in(&model);
            let product: f32 = model.factor(item).iter().zip(folded.vector()).map(|(q, p)| q * p).sum();
            let reasons = visitor.explain(&model, &folded, item);
            let sum: f32 = reasons.iter().map(|reason| reason.share).sum();
            prop_assert!((product - sum).abs() < 1e-5, "{product} {sum}");
            let mut named: Vec<u32> = reasons.iter().map(|reason| reason.item).collect();
            named.sort_unstable();
            prop_assert_eq!(named, visitor.items());
        }
    }
}

#[test]
fn order_counts_and_age_does_not() {
    let model = next(PLACES, Precision::F32);
    assert!(!same(&model, &likes(&[1, 2, 3]), &likes(&[3, 2, 1])));
    let later: Vec<Event> = likes(&[1, 2, 3]).iter().map(|e| Event { time: e.time * 1e9, ..*e }).collect();
    assert!(same(&model, &likes(&[1, 2, 3]), &later));
}

#[test]
fn events_in_a_row_on_one_item_share_a_place() {
    use EventKind::*;
    let model = next(PLACES, Precision::F32);
    let row = [event(1, View, 0), event(5, View, 1), event(5, Purchase, 2), event(5, View, 3)];
    assert!(same(&model, &row, &[event(1, View, 0), event(5, Purchase, 1)]), "the strongest deed counts");
    let opinion = [event(5, Like, 0), event(5, Skip, 1), event(5, View, 2)];
    assert!(same(&model, &opinion, &[event(5, Like, 0)]), "an opinion outweighs deeds");
}

#[test]
fn a_return_has_a_place_of_its_own_and_an_opinion_takes_the_earlier_ones_back() {
    use EventKind::*;
    let model = next(PLACES, Precision::F32);
    let visitor = profile(&model, &views(&[1, 2, 1]));
    let places: Vec<u32> = visitor.observations().iter().map(|observation| observation.item).collect();
    assert_eq!((places, visitor.items()), (vec![1, 2, 1], vec![1, 2]));
    // Long ago, too, where only the tail knows of it.
    let long = views(&[1, 2, 1, 3, 4, 5, 6, 7, 8]);
    let disliked = [&long[..], &[event(1, Dislike, 99)]].concat();
    let without = [&views(&[2, 3, 4, 5, 6, 7, 8])[..], &[event(1, Dislike, 99)]].concat();
    assert!(same(&model, &disliked, &without));
    let mut visitor = profile(&model, &disliked);
    visitor.undo(&model, &[event(1, Dislike, 99)]);
    assert_eq!(bits(&model, &visitor), bits(&model, &profile(&model, &long)));
}

#[test]
fn dislikes_push_away() {
    let model = next(PLACES, Precision::Int8);
    for kind in [EventKind::Dislike, EventKind::Skip] {
        let events = [event(1, EventKind::Like, 0), event(5, kind, 1)];
        let visitor = profile(&model, &events);
        let reasons = visitor.explain(&model, &visitor.fold_in(&model), 5);
        let against = reasons.iter().find(|reason| reason.item == 5).expect("it is a reason");
        assert!(against.kind == kind && against.share < 0.0, "{against:?}");
    }
}

#[test]
fn the_ladder_is_that_of_other_models() {
    let mut visitor = Recommender::new(next(PLACES, Precision::Int8));
    let rung =
        |visitor: &Recommender| visitor.recommend(&Options::default(), Ask::default()).unwrap().rung.unwrap();
    assert_eq!(rung(&visitor), Rung::Diverse);
    visitor.record(&[event(3, EventKind::Dislike, 0)]).unwrap();
    assert_eq!(rung(&visitor), Rung::Diverse, "nothing speaks for an item");
    visitor.believe(&[0.5; DIM]).unwrap();
    assert_eq!(rung(&visitor), Rung::Prior);
    visitor.record(&[event(4, EventKind::View, 1)]).unwrap();
    assert_eq!(rung(&visitor), Rung::Personal);
}

#[test]
fn a_belief_is_the_vector_until_events_outweigh_it() {
    let model = next(PLACES, Precision::F32);
    let mut visitor = Profile::new(&model, EventWeights::default());
    visitor.believe(&model, &[0.5; DIM]).unwrap();
    assert_eq!(visitor.fold_in(&model).vector(), [0.5; DIM]);
    visitor.record(&model, &likes(&[3])).unwrap();
    let w = f64::from(model.order_weights().unwrap()[0]);
    for (found, v) in visitor.fold_in(&model).vector().iter().zip(model.factor(3)) {
        let wanted = (0.5 + w * f64::from(v)) / (1.0 + w).sqrt();
        assert!((f64::from(*found) - wanted).abs() < 1e-6);
    }
}

#[test]
fn a_burst_is_bounded_and_stays_as_from_scratch() {
    let model = next(PLACES, Precision::Int8);
    let burst: Vec<Event> = (0..60_000u32).map(|at| event(at * 7 % 12, EventKind::View, at)).collect();
    let visitor = profile(&model, &burst);
    assert!(visitor.events().len() <= MAX_EVENTS);
    assert_eq!(visitor.events().last(), burst.last());
    let scratch = Profile::of(&model, EventWeights::default(), visitor.events()).unwrap();
    assert_eq!(bits(&model, &visitor), bits(&model, &scratch));
    // As long, but all of one item.
    let stuck: Vec<Event> = (0..60_000).map(|at| event(3, EventKind::View, at)).collect();
    assert!(same(&model, &stuck, &views(&[3])));
}

#[test]
fn an_old_history_in_any_order_is_taken_in_at_once() {
    let model = next(PLACES, Precision::Int8);
    let events: Vec<Event> = (0..9000).map(|at| event(at * 5 % 12, EventKind::View, at)).collect();
    let reversed: Vec<Event> = events.iter().rev().copied().collect();
    assert!(same(&model, &events, &reversed));
}

/// What fine-tuning lowers, by its definition: the events' pairs with all items that are not the visitor's.
fn loss(model: &Model, places: &[(u32, f64)], moved: &dyn Fn(u32) -> Vec<f64>) -> f64 {
    let weights = model.order_weights().unwrap();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let others: Vec<u32> =
        (0..ITEMS as u32).filter(|row| places.iter().all(|(item, _)| item != row)).collect();
    let mut sum = 0.0;
    for (at, &(item, c)) in places.iter().enumerate() {
        let (mut vector, mut length) = (vec![0.0; DIM], 1.0);
        for (distance, &(earlier, c)) in places[..at].iter().rev().enumerate() {
            let w = f64::from(weights[distance.min(PLACES)]);
            length += w * c.abs();
            vector.iter_mut().zip(moved(earlier)).for_each(|(sum, v)| *sum += w * c * v);
        }
        vector.iter_mut().for_each(|v| *v /= length.sqrt());
        let score = |row: u32| dot(&vector, &moved(row)) + f64::from(model.biases().unwrap()[row as usize]);
        let pair = |&other: &u32| (-c.signum() * (score(item) - score(other))).exp().ln_1p();
        sum += c.abs() * others.iter().map(pair).sum::<f64>() / others.len() as f64;
    }
    sum
}

#[test]
fn fine_tuning_goes_down_the_slope_of_finding_each_event() {
    let model = next(PLACES, Precision::F32);
    // More than there are weights, one of them twice, and one disliked.
    let mut events = views(&[1, 2, 1, 3, 4, 5, 6]);
    events.push(event(7, EventKind::Dislike, 9));
    let mut visitor = profile(&model, &events);
    let places: Vec<(u32, f64)> =
        visitor.observations().iter().map(|o| (o.item, f64::from(o.weight * o.target))).collect();
    let factor = |row: u32| model.factor(row).into_iter().map(f64::from).collect::<Vec<f64>>();
    let rate = 0.01;
    let mut tuning = visitor.start_tuning(&model, FineTuning { learning_rate: rate, pull: 0.0 }).unwrap();
    let told = f64::from(tuning.epoch(&model).unwrap()) * places.len() as f64;
    assert!((told - loss(&model, &places, &factor)).abs() < 1e-5, "{told}");
    visitor.finish_tuning(&model, tuning);
    for row in 0..ITEMS as u32 {
        let found = visitor.items_of(&model).factor(row);
        for (at, (found, start)) in found.iter().zip(model.factor(row)).enumerate() {
            let beside = |step: f64| {
                loss(&model, &places, &|other| {
                    let mut moved = factor(other);
                    moved[at] += if other == row { step } else { 0.0 };
                    moved
                })
            };
            let touched = places.iter().any(|(item, _)| *item == row);
            let slope = if touched { (beside(1e-4) - beside(-1e-4)) / 2e-4 } else { 0.0 };
            let step = f64::from(found - start) / f64::from(rate);
            assert!((step + slope / 2.0).abs() < 1e-3, "item {row}: {step} for a slope of {slope}");
        }
    }
}

#[test]
fn a_file_without_good_weights_is_refused_by_name() {
    let open = |weights: Option<&[f32]>| {
        let recipe = Recipe { algorithm: Algorithm::Next, ..Recipe::default() };
        let rooms = weights.map(|weights| Tensor::f32s(ORDER_WEIGHTS, weights)).into_iter().collect();
        Model::pack(&Factors { recipe, rooms, ..factors(ITEMS) }, Precision::F32)
    };
    assert!(open(Some(&[0.0])).is_ok());
    for weights in [None, Some(&[][..]), Some(&[1.0, -0.5]), Some(&[f32::NAN]), Some(&[f32::INFINITY, 1.0])] {
        let error = open(weights).unwrap_err();
        assert!(
            error.code() == "format" && error.to_string().contains(ORDER_WEIGHTS),
            "{weights:?}: {error}"
        );
    }
}
