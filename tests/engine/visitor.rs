//! A visitor's events: what counts, what is taken back, what is summarised, and that the incremental sums stay
//! those of a fresh start.

use crate::models::{ITEMS, factors, implicit, next, ratings};
use foldin::Model;
use foldin::model::{Algorithm, Factors, Precision, Recipe};
use foldin::visitor::{
    Event, EventKind, EventWeights, FineTuning, FoldIn, MAX_EVENTS, Profile, RECENT_EVENTS, SUMMARY_EVENTS,
};
use proptest::prelude::*;

const DAY: f64 = 86_400_000.0;

fn model_of(items: usize) -> Model {
    implicit(items, Precision::Int8)
}

/// One of each loss: implicit feedback, ratings, pairs.
fn all_models() -> [Model; 3] {
    let recipe = Recipe { algorithm: Algorithm::Bpr, regularization: 0.02, ..Recipe::default() };
    let pairs = Factors { recipe, ..factors(ITEMS) };
    [model_of(ITEMS), ratings(Precision::F32), Model::pack(&pairs, Precision::F32).unwrap()]
}

fn event(item: u32, kind: EventKind, time: f64) -> Event {
    Event { item, kind, value: None, time }
}

fn profile(model: &Model, weights: EventWeights, events: &[Event]) -> Profile {
    let mut profile = Profile::new(model, weights);
    profile.record(model, events).unwrap();
    profile
}

fn ageless() -> EventWeights {
    EventWeights { remains: 1.0, ..EventWeights::default() }
}

fn aging() -> EventWeights {
    EventWeights { half_life: 30.0 * DAY, ..EventWeights::default() }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let kind = prop::sample::select(vec![
        (EventKind::Like, None),
        (EventKind::Dislike, None),
        (EventKind::Rate, Some(4.5)),
        (EventKind::Rate, Some(1.0)),
        (EventKind::View, Some(12.0)),
        (EventKind::Purchase, None),
        (EventKind::Skip, None),
    ]);
    let event = (0..12u32, kind, 0..400u32).prop_map(|(item, (kind, value), day)| Event {
        item,
        kind,
        value,
        time: f64::from(day) * DAY,
    });
    prop::collection::vec(event, 1..30)
}

fn farthest(model: &Model, a: &Profile, b: &Profile) -> f32 {
    distance(a.fold_in(model).vector(), b.fold_in(model).vector())
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

proptest! {
    #[test]
    fn event_by_event_is_as_all_at_once(events in events(), ages in prop::bool::ANY) {
        let weights = if ages { aging() } else { ageless() };
        for model in all_models() {
            let mut one_by_one = Profile::new(&model, weights);
            for event in &events {
                one_by_one.record(&model, &[*event]).unwrap();
                let mut scratch = FoldIn::new(&model);
                one_by_one.observations().iter().for_each(|observation| scratch.add(&model, observation));
                let (updated, scratch) = (one_by_one.fold_in(&model), scratch.solve(&model));
                prop_assert!(distance(updated.vector(), scratch.vector()) < 1e-5);
            }
            prop_assert!(farthest(&model, &one_by_one, &profile(&model, weights, &events)) < 1e-5);
        }
    }

    #[test]
    fn an_event_taken_back_leaves_no_trace(events in events(), which in 0usize..30, ages in prop::bool::ANY) {
        let model = model_of(12);
        let weights = if ages { aging() } else { ageless() };
        let mut undone = profile(&model, weights, &events);
        let which = which % events.len();
        prop_assert_eq!(undone.undo(&model, &events[which..=which]), 1);
        let mut without = events.clone();
        // Of equal events the newest goes.
        without.remove(events.iter().rposition(|event| *event == events[which]).unwrap());
        let without = profile(&model, weights, &without);
        prop_assert!(farthest(&model, &undone, &without) < 1e-5);
        prop_assert_eq!(undone.events(), without.events());
        prop_assert_eq!(undone.items(), without.items());
    }

    #[test]
    fn arrival_in_another_order_changes_nothing(events in events()) {
        let model = model_of(12);
        // Of two events at the very same time the later arrival counts, so times are made different.
        let events: Vec<Event> =
            (0..).zip(events).map(|(at, event)| Event { time: event.time + f64::from(at), ..event }).collect();
        let reversed: Vec<Event> = events.iter().rev().copied().collect();
        let (forth, back) = (profile(&model, aging(), &events), profile(&model, aging(), &reversed));
        prop_assert!(farthest(&model, &forth, &back) < 1e-5);
        prop_assert_eq!(forth.events(), back.events());
    }

    #[test]
    fn reasons_name_every_item_and_add_up_to_the_score(events in events(), item in 0..12u32) {
        for model in all_models() {
            let mut visitor = profile(&model, aging(), &events);
            for tuned in [false, true] {
                if tuned {
                    let mut tuning = visitor.start_tuning(&model, FineTuning::default()).unwrap();
                    tuning.epoch(&model).unwrap();
                    visitor.finish_tuning(&model, tuning);
                }
                let folded = visitor.fold_in(&model);
                let factor = visitor.items_of(&model).factor(item);
                let product: f32 = factor.iter().zip(folded.vector()).map(|(q, p)| q * p).sum();
                let score = product + folded.offset() - model.recipe().mean;
                let reasons = visitor.explain(&model, &folded, item);
                let sum: f32 = reasons.iter().map(|reason| reason.share).sum();
                prop_assert!((score - sum).abs() < 1e-4, "{} {} {:?}", score, sum, model.recipe().algorithm);
                prop_assert_eq!(reasons.len(), visitor.items().len());
            }
        }
    }
}

/// Where freshness decides by pairs, these three go in a circle.
#[test]
fn what_counts_of_three_does_not_depend_on_their_order_of_arrival() {
    let model = model_of(12);
    let purchase = event(11, EventKind::Purchase, 0.0);
    let view = Event { value: Some(12.0), ..event(11, EventKind::View, 96.0 * DAY) };
    let skip = event(11, EventKind::Skip, 174.0 * DAY);
    let [forth, back] = [[purchase, view, skip], [skip, view, purchase]];
    let [forth, back] = [forth, back].map(|events| profile(&model, aging(), &events));
    assert_eq!(forth.observations(), back.observations());
}

#[test]
fn dislikes_and_skips_count_against_what_is_alike() {
    let model = model_of(12);
    for kind in [EventKind::Dislike, EventKind::Skip] {
        let before = profile(&model, EventWeights::default(), &[event(1, EventKind::Like, 0.0)]);
        let after =
            profile(&model, EventWeights::default(), &[event(1, EventKind::Like, 0.0), event(5, kind, 1.0)]);
        let score = |visitor: &Profile| -> f32 {
            model.factor(5).iter().zip(visitor.fold_in(&model).vector()).map(|(q, p)| q * p).sum()
        };
        assert!(score(&after) < score(&before), "{kind:?}");
        let reasons = after.explain(&model, &after.fold_in(&model), 5);
        let against = reasons.iter().find(|reason| reason.kind == kind).expect("dislikes are reasons too");
        assert!(against.item == 5 && against.share < 0.0);
    }
}

#[test]
fn old_events_keep_what_remains_and_the_newest_its_whole_weight() {
    let model = model_of(12);
    let events = [event(1, EventKind::Like, 0.0), event(5, EventKind::Like, 300.0 * DAY)];
    let weight_of_the_old = |remains| {
        let visitor = profile(&model, EventWeights { remains, ..aging() }, &events);
        let [old, new] = visitor.observations()[..] else { panic!("two observations") };
        assert_eq!(new.weight, 1.0);
        old.weight
    };
    assert_eq!(weight_of_the_old(1.0), 1.0);
    // After ten half-lives.
    assert!((weight_of_the_old(0.1) - (0.1 + 0.9 / 1024.0)).abs() < 1e-6);
}

#[test]
fn after_an_opinion_is_taken_back_the_deed_counts_again() {
    let model = model_of(12);
    let events = [event(3, EventKind::View, 0.0), event(3, EventKind::Dislike, 1.0)];
    let mut visitor = profile(&model, EventWeights::default(), &events);
    assert_eq!(visitor.undo(&model, &events[1..]), 1);
    assert!(farthest(&model, &visitor, &profile(&model, EventWeights::default(), &events[..1])) < 1e-6);
    assert_eq!(visitor.undo(&model, &events[1..]), 0, "it is gone already");
}

#[test]
fn a_burst_is_bounded_and_what_counts_stays() {
    let model = model_of(50);
    let burst: Vec<Event> =
        (0..100_000u32).map(|at| event(at % 50, EventKind::View, f64::from(at))).collect();
    let opinion = event(7, EventKind::Dislike, -1.0);
    let visitor = profile(&model, ageless(), &[&[opinion], &burst[..]].concat());
    assert!(visitor.events().len() <= MAX_EVENTS);
    assert_eq!(visitor.items().len(), 50);
    assert_eq!(visitor.events()[0], opinion, "an old opinion still counts");
    let counted: Vec<Event> = burst[..50].iter().copied().filter(|event| event.item != 7).collect();
    let wanted = profile(&model, ageless(), &[&[opinion], &counted[..]].concat());
    assert!(farthest(&model, &visitor, &wanted) < 1e-5);
}

#[test]
fn more_items_than_there_is_room_for_are_forgotten_oldest_first() {
    let items = (MAX_EVENTS + 5) as u32;
    let model = model_of(items as usize);
    let all: Vec<Event> = (0..items).map(|item| event(item, EventKind::Like, item.into())).collect();
    let visitor = profile(&model, EventWeights::default(), &all);
    let first = MAX_EVENTS + 1 - RECENT_EVENTS - SUMMARY_EVENTS;
    assert_eq!(visitor.events(), &all[first..]);
    assert_eq!(visitor.items().len(), all.len() - first);
    assert!(farthest(&model, &visitor, &profile(&model, EventWeights::default(), &all[first..])) < 1e-5);
}

mod fine_tuning {
    use super::*;

    fn visitor(model: &Model) -> Profile {
        let events: Vec<Event> = (0..4).map(|i| event(2 * i, EventKind::Like, f64::from(i))).collect();
        profile(model, ageless(), &[&events[..], &[event(9, EventKind::Dislike, 9.0)]].concat())
    }

    #[test]
    fn the_loss_falls_from_epoch_to_epoch_and_only_touched_items_move() {
        for model in all_models().into_iter().chain([next(3, Precision::Int8)]) {
            let mut visitor = visitor(&model);
            let before = visitor.fold_in(&model).vector().to_vec();
            let mut tuning = visitor.start_tuning(&model, FineTuning::default()).unwrap();
            let losses: Vec<f32> = (0..10).map(|_| tuning.epoch(&model).unwrap()).collect();
            assert!(losses.is_sorted_by(|a, b| b < a), "{losses:?}");
            visitor.finish_tuning(&model, tuning);
            assert_ne!(visitor.fold_in(&model).vector(), before);
            for item in 0..12 {
                let moved = visitor.items_of(&model).factor(item) != model.factor(item);
                assert_eq!(moved, visitor.items().contains(&item), "item {item}");
            }
        }
    }

    #[test]
    fn an_endless_pull_leaves_items_where_they_are_and_a_reset_puts_them_back() {
        let model = model_of(12);
        let mut tuned = visitor(&model);
        let farthest_from_base =
            |visitor: &Profile| farthest(&model, visitor, &super::fine_tuning::visitor(&model));
        let mut run = |pull: f32| {
            tuned.reset_tuning(&model);
            let mut tuning =
                tuned.start_tuning(&model, FineTuning { learning_rate: 0.5 / (1.0 + pull), pull }).unwrap();
            for _ in 0..200 {
                tuning.epoch(&model).unwrap();
            }
            tuned.finish_tuning(&model, tuning);
            farthest_from_base(&tuned)
        };
        let (free, held) = (run(0.01), run(1000.0));
        assert!(free > 1e-2 && held < 1e-3, "{free} {held}");
        tuned.reset_tuning(&model);
        assert_eq!(farthest_from_base(&tuned), 0.0);
    }

    #[test]
    fn later_events_fold_in_with_the_moved_items() {
        for model in [model_of(12), next(3, Precision::Int8)] {
            let mut visitor = visitor(&model);
            let mut tuning = visitor.start_tuning(&model, FineTuning::default()).unwrap();
            tuning.epoch(&model).unwrap();
            visitor.finish_tuning(&model, tuning);
            let later = event(11, EventKind::Like, 20.0);
            visitor.record(&model, &[later]).unwrap();
            let incremental = visitor.clone();
            // Taking another event back sums up anew.
            visitor.record(&model, &[event(10, EventKind::Like, 21.0)]).unwrap();
            visitor.undo(&model, &[event(10, EventKind::Like, 21.0)]);
            assert!(farthest(&model, &incremental, &visitor) < 1e-5);
        }
    }

    #[test]
    fn an_item_that_is_taken_back_is_back_where_it_was() {
        let model = model_of(12);
        let mut visitor = visitor(&model);
        let mut tuning = visitor.start_tuning(&model, FineTuning::default()).unwrap();
        tuning.epoch(&model).unwrap();
        // One while the tuning is under way, one after it.
        visitor.forget(&model, |item| item == 2);
        visitor.finish_tuning(&model, tuning);
        visitor.forget(&model, |item| item == 4);
        for item in [2, 4] {
            assert_eq!(visitor.items_of(&model).factor(item), model.factor(item));
        }
    }

    #[test]
    fn nonsense_is_refused_and_divergence_is_an_error() {
        let model = model_of(12);
        let visitor = visitor(&model);
        let start = |learning_rate, pull| visitor.start_tuning(&model, FineTuning { learning_rate, pull });
        for rate in [0.0, -1.0, f32::NAN, 11.0] {
            assert_eq!(start(rate, 1.0).unwrap_err().field(), Some("learningRate"));
        }
        for pull in [-1.0, f32::NAN, 1001.0] {
            assert_eq!(start(0.1, pull).unwrap_err().field(), Some("pull"));
        }
        for model in [model, next(3, Precision::F32)] {
            let steep = FineTuning { learning_rate: 10.0, pull: 1000.0 };
            let mut tuning = super::fine_tuning::visitor(&model).start_tuning(&model, steep).unwrap();
            let error = (0..50).find_map(|_| tuning.epoch(&model).err()).expect("steps that overshoot");
            assert_eq!(error.code(), "diverged");
        }
    }

    #[test]
    fn a_visitor_without_events_has_nothing_to_tune() {
        for model in [model_of(12), next(3, Precision::F32)] {
            let visitor = Profile::new(&model, EventWeights::default());
            let mut tuning = visitor.start_tuning(&model, FineTuning::default()).unwrap();
            assert_eq!(tuning.epoch(&model).unwrap(), 0.0);
        }
    }
}
