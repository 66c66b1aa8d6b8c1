//! What a complete model holds, of what there was to learn from.

use crate::town::{ITEMS, USERS, described, town, trained};
use foldin::Model;
use foldin::model::{Algorithm, CatalogColumns, Precision};
use foldin_lab::cold_start::{Features, Onboarding};
use foldin_lab::complete::{Known, complete};
use foldin_lab::train::{Interactions, bpr, next, unobserved};

fn parts(town: &Interactions, known: Known<'_>) -> Vec<&'static str> {
    let (factors, added) = complete(town, trained(town), known).unwrap();
    let bytes: usize = added.parts().filter(|(part, _)| *part != "trend").map(|(_, bytes)| bytes).sum();
    assert_eq!(bytes, factors.rooms.iter().map(|tensor| tensor.byte_len()).sum::<usize>());
    added.parts().map(|(part, _)| part).collect()
}

#[test]
fn each_part_is_there_where_something_tells_of_it() {
    let mut town = town();
    assert_eq!(parts(&town, Known::default()), ["onboarding", "prior"], "what a page has");
    let titles = || CatalogColumns { titles: Some(town.item_ids.clone()), ..CatalogColumns::default() };
    let known = Known { catalog: titles(), ..Known::default() };
    assert_eq!(parts(&town, known), ["onboarding", "prior"], "a title is no feature");
    let known = Known { catalog: described(ITEMS), ..Known::default() };
    assert_eq!(parts(&town, known), ["content", "onboarding", "prior"]);
    let features = Features::of(&described(USERS), 0);
    let encoded = features.encode_all(&described(USERS), USERS, None).unwrap();
    let known = Known { traits: Some((features, encoded)), ..Known::default() };
    assert_eq!(parts(&town, known), ["onboarding", "prior", "traits"]);
    town.times = Some(vec![1e9; town.matrix.entries()]);
    assert_eq!(parts(&town, Known::default()), ["onboarding", "prior"], "no half life, no trend");
    let known = Known { trend_half_life: 30.0, ..Known::default() };
    assert_eq!(parts(&town, known), ["onboarding", "prior", "trend"]);
}

#[test]
fn a_model_of_what_comes_next_asks_too_and_needs_no_prior() {
    let mut town = town();
    town.times = Some((0..town.matrix.entries()).map(|at| at as f64).collect());
    let options = next::Options { epochs: 1, patience: 0, ..Default::default() };
    let trained = next::train(&town, &options, &mut unobserved).unwrap();
    let (factors, added) = complete(&town, trained, Known::default()).unwrap();
    assert_eq!(added.parts().map(|(part, _)| part).collect::<Vec<_>>(), ["onboarding"]);
    let model = Model::pack(&factors, Precision::Int8).unwrap();
    assert_eq!(Onboarding::new(model.room()).unwrap().questions(5).len(), 5);
}

#[test]
fn a_model_whose_visitors_have_no_prior_gets_none() {
    let town = town();
    let trained =
        bpr::train(&town, &bpr::Options { epochs: 1, ..Default::default() }, &mut unobserved).unwrap();
    assert_eq!(trained.items.recipe.algorithm, Algorithm::Bpr);
    let (factors, added) = complete(&town, trained, Known::default()).unwrap();
    assert!(factors.rooms.is_empty() && added.parts().next().is_none());
}

#[test]
fn the_catalogue_and_the_map_come_along_and_embeddings_count_as_features() {
    let town = town();
    let lay_out = |factors: ndarray::ArrayView2<'_, f32>| vec![[0.5, -1.0]; factors.nrows()];
    let known = Known {
        catalog: described(ITEMS),
        embeddings: Some(ndarray::Array2::ones((ITEMS, 3))),
        map: Some(&lay_out),
        metadata: [("data".to_owned(), "town.csv".to_owned())].into(),
        ..Known::default()
    };
    let width = known.content(ITEMS).unwrap().unwrap().1.ncols();
    assert_eq!(width, Features::of(&described(ITEMS), 3).width());
    let (factors, _) = complete(&town, trained(&town), known).unwrap();
    assert_eq!(factors.catalog.places, Some(vec![[0.5, -1.0]; ITEMS]));
    assert_eq!(factors.catalog.tags, described(ITEMS).tags);
    assert_eq!(factors.metadata["data"], "town.csv");
}
