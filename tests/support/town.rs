//! A small town with all that cold start learns. It has two camps: people of camp 0 meet items of kind 0, people of
//! camp 1 items of kind 1, apart from chance. Items say their kind with a tag, people their camp with a trait.

use foldin::model::{CatalogColumns, TagValues};
use foldin::{Model, Named, Precision};
use foldin_lab::cold_start::{Features, Value, transfer};
use foldin_lab::complete::{Known, complete};
use foldin_lab::train::{Interactions, Trained, ials, unobserved};

pub const USERS: usize = 60;
pub const ITEMS: usize = 40;

/// Same for the same numbers, near enough to chance.
pub fn chance(a: usize, b: usize) -> usize {
    let mixed = (a as u64 * 0x9e37_79b9 + b as u64 * 0x85eb_ca6b + 77).wrapping_mul(0x2545_f491_4f6c_dd1d);
    (mixed >> 33) as usize
}

pub fn town() -> Interactions {
    let meets = |user: usize, item: usize| match user % 2 == item % 2 {
        true => !chance(user, item).is_multiple_of(3),
        false => chance(user, item).is_multiple_of(17),
    };
    let pairs = (0..USERS).flat_map(|user| (0..ITEMS).map(move |item| (user, item)));
    let entries: Vec<_> =
        pairs.filter(|&(u, i)| meets(u, i)).map(|(u, i)| (u as u32, i as u32, 1.0)).collect();
    let ids = |letter, count| (0..count).map(|number| format!("{letter}{number}")).collect();
    Interactions::from_entries(ids("u", USERS), ids("i", ITEMS), &entries, None)
}

/// A column of tags that says odd or even, and one of numbers.
pub fn described(count: usize) -> CatalogColumns {
    let mut columns = CatalogColumns::default();
    let codes = (0..count).map(|number| vec![number as u32 % 2]).collect();
    let vocabulary = vec!["even".into(), "odd".into()];
    columns.tags.insert("kind".into(), TagValues { vocabulary, codes });
    columns.numbers.insert("size".into(), (0..count).map(|number| (number % 7) as f32).collect());
    columns
}

pub fn trained(town: &Interactions) -> Trained {
    ials::train(town, &ials::Options { dim: 8, ..ials::Options::default() }, &mut unobserved).unwrap()
}

/// The town's model with all of this room.
pub fn model() -> Model {
    let town = town();
    let traits = described(USERS);
    let features = Features::of(&traits, 0);
    let encoded = features.encode_all(&traits, USERS, None).unwrap();
    let transfer =
        |_: &Interactions, trained: &Trained| transfer::by_ridge(trained.users.view(), trained.users.view());
    let known = Known {
        catalog: CatalogColumns { titles: Some(town.item_ids.clone()), ..described(ITEMS) },
        traits: Some((features, encoded)),
        transfer: Some(&transfer),
        ..Known::default()
    };
    let (mut items, _) = complete(&town, trained(&town), known).unwrap();
    // Everybody has taken to item 7 of late.
    items.trend = Some((0..ITEMS).map(|item| if item == 7 { 255 } else { item as u8 }).collect());
    Model::pack(&items, Precision::Int8).unwrap()
}

pub fn said(kind: Value, size: Value) -> Named<Value> {
    [("kind".to_owned(), kind), ("size".to_owned(), size)].into_iter().collect()
}

pub fn tag(name: &str) -> Value {
    Value::Tag(name.into())
}
