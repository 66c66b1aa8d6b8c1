//! Nobody known yet: what each part must refuse, and what it must find on made-up people.

use crate::town::{ITEMS, chance, described, model, said, tag, town, trained};
use foldin::error::Result;
use foldin::model::{Algorithm, CatalogColumns, Factors, NewItem, TagValues};
use foldin::recommender::Ask;
use foldin::score::{self, Options, Rung};
use foldin::visitor::Tower;
use foldin::visitor::{Event, EventKind, EventWeights, FoldIn, Profile};
use foldin::{Model, Named, Precision, Recommender};
use foldin_lab::cold_start::{
    Content, Features, Onboarding, Traits, Transfer, Value, onboarding, prior, transfer,
};
use foldin_lab::optimize::{axes, project, unpack};
use foldin_lab::train::Trained;
use ndarray::{Array2, ArrayView2};

/// The share of odd items among the best ten for a vector.
fn odd(model: &Model, vector: &[f32]) -> f32 {
    let best = score::recommend(model, vector, &[], &Options::default()).unwrap();
    best.iter().filter(|scored| model.id(scored.item)[1..].parse::<usize>().unwrap() % 2 == 1).count() as f32
        / best.len() as f32
}

/// Content as training learns it, of the town's items with these embeddings.
fn content(factors: &Factors, embeddings: Option<ArrayView2<'_, f32>>) -> Content {
    let columns = described(ITEMS);
    let features = Features::of(&columns, embeddings.map_or(0, |e| e.ncols()));
    let encoded = features.encode_all(&columns, ITEMS, embeddings).unwrap();
    Content::learn(features, encoded.view(), factors.values.view(), factors.counts.as_ref().unwrap())
}

#[test]
fn what_is_said_must_fit_the_features() {
    let model = model();
    let content = Content::open(model.room()).unwrap().unwrap();
    let refused = |said: &Named<Value>, embedding: Option<&[f32]>, field: &str, part: &str| {
        let error = content.factor(said, embedding).unwrap_err();
        assert_eq!((error.code(), error.field()), ("argument", Some(field)), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    };
    let size = || Value::Number(3.0);
    refused(&said(tag("prime"), size()), None, "features", "even, odd");
    refused(&said(Value::Number(1.0), size()), None, "features", "tags in \"kind\"");
    refused(&said(tag("odd"), Value::Number(f32::NAN)), None, "features", "finite");
    refused(&said(tag("odd"), tag("big")), None, "features", "size");
    refused(&Named::default(), None, "features", "null where it is not known");
    let more = [("colour".to_owned(), tag("red"))].into_iter().collect();
    refused(&more, None, "features", "colour");
    refused(&said(tag("odd"), size()), Some(&[1.0]), "embedding", "0 numbers");
    assert!(content.factor(&said(Value::Unknown(()), Value::Unknown(())), None).is_ok());
}

#[test]
fn an_embedding_of_another_width_or_with_a_hole_is_refused() {
    let trained = trained(&town());
    let vectors = Array2::from_shape_fn((ITEMS, 3), |(i, k)| (chance(i, k) % 100) as f32 / 100.0);
    let content = content(&trained.items, Some(vectors.view()));
    let item = said(tag("odd"), Value::Number(1.0));
    for wrong in [&[0.5, 0.5][..], &[0.5; 4], &[]] {
        assert_eq!(content.factor(&item, Some(wrong)).unwrap_err().field(), Some("embedding"));
    }
    assert_eq!(
        content.factor(&item, Some(&[0.1, f32::INFINITY, 0.2])).unwrap_err().field(),
        Some("embedding")
    );
    assert_eq!(content.factor(&item, Some(&[0.1, 0.3, 0.2])).unwrap().len(), 8);
}

#[test]
fn a_vector_of_another_space_is_refused() {
    let transfer = Transfer::open(model().room()).unwrap().unwrap();
    assert_eq!(transfer.prior(&[0.1; 9]).unwrap_err().field(), Some("vector"));
    assert_eq!(transfer.prior(&[f32::NAN; 8]).unwrap_err().field(), Some("vector"));
    let nobody = Array2::zeros((0, 8));
    assert_eq!(transfer::by_ridge(nobody.view(), nobody.view()).unwrap_err().code(), "data");
    let (narrow, wide) = (Array2::ones((5, 3)), Array2::ones((5, 8)));
    let error = transfer::by_procrustes(narrow.view(), wide.view()).unwrap_err();
    assert!(error.to_string().contains("ridge"), "{error}");
}

#[test]
fn catalogues_without_a_common_feature_are_refused() {
    let trained = trained(&town());
    let content = content(&trained.items, None);
    let mut foreign = CatalogColumns::default();
    foreign
        .tags
        .insert("colour".into(), TagValues { vocabulary: vec!["red".into()], codes: vec![vec![0]; ITEMS] });
    let encoded = content.features().encode_all(&foreign, ITEMS, None).unwrap();
    let error = transfer::by_features(
        &content,
        encoded.view(),
        trained.items.values.view(),
        ndarray::arr1(&[0.0; 8]).view(),
    )
    .unwrap_err();
    assert!(error.to_string().contains("no feature in common"), "{error}");
}

#[test]
fn numbers_that_are_not_finite_are_never_packed() {
    let Trained { items, mut users, .. } = trained(&town());
    users[[3, 3]] = f32::NAN;
    assert_eq!(onboarding::tensors(users.view()).unwrap_err().code(), "format");
    let mut factors = items;
    factors.rooms = vec![prior::tensor(&ndarray::arr1(&[f32::NAN; 8]))];
    assert_eq!(Model::pack(&factors, Precision::Int8).unwrap_err().code(), "format");
    factors.rooms = vec![prior::tensor(&ndarray::arr1(&[0.5; 7]))];
    assert_eq!(Model::pack(&factors, Precision::Int8).unwrap_err().code(), "format");
}

#[test]
fn a_new_item_stands_with_its_kind() -> Result<()> {
    let town = town();
    let Trained { items, users, .. } = trained(&town);
    let content = content(&items, None);
    for (kind, camp) in [("even", 0), ("odd", 1)] {
        let factor = content.factor(&said(tag(kind), Value::Unknown(())), None)?;
        let mean = |camp: usize| -> f32 {
            let rows = users.rows().into_iter().skip(camp).step_by(2);
            rows.map(|user| user.iter().zip(&factor).map(|(p, q)| p * q).sum::<f32>()).sum::<f32>()
        };
        assert!(mean(camp) > 2.0 * mean(1 - camp).max(0.0), "{kind}: {} and {}", mean(camp), mean(1 - camp));
    }
    Ok(())
}

#[test]
fn traits_guess_and_events_correct() -> Result<()> {
    let model = model();
    let traits = Traits::open(model.room())?.unwrap();
    let prior = traits.prior(&said(tag("odd"), Value::Unknown(())))?;
    let mut visitor = Profile::new(&model, EventWeights::default());
    visitor.believe(&model, &prior)?;
    let vector = visitor.fold_in(&model).vector().to_vec();
    assert!(vector.iter().zip(&prior).all(|(p, m)| (p - m).abs() < 1e-5), "the vector is the prior's mean");
    assert!(odd(&model, &vector) >= 0.9);
    let even = (0..ITEMS).step_by(2).take(8).map(|number| model.find(&format!("i{number}")).unwrap());
    let like = |item| Event { item, kind: EventKind::Like, value: None, time: f64::from(item) };
    visitor.record(&model, &even.map(like).collect::<Vec<_>>())?;
    assert!(odd(&model, visitor.fold_in(&model).vector()) <= 0.1, "events outweigh the guess");
    let wrong = visitor.believe(&model, &[0.0; 3]).unwrap_err();
    assert_eq!(wrong.field(), Some("prior"));
    Ok(())
}

#[test]
fn transfer_brings_people_home() -> Result<()> {
    let town = town();
    let Trained { items, users, .. } = trained(&town);
    // The other space is this one, turned: axes in reverse order, half as long.
    let turned = Array2::from_shape_fn(users.dim(), |(u, k)| users[[u, 7 - k]] * 0.5);
    let model = Model::pack(&items, Precision::F32)?;
    let columns = described(ITEMS);
    let content = content(&items, None);
    let encoded = content.features().encode_all(&columns, ITEMS, None)?;
    let ways = [
        ("ridge", transfer::by_ridge(turned.view(), users.view())?, &turned),
        ("procrustes", transfer::by_procrustes(turned.view(), users.view())?, &turned),
        (
            "features",
            transfer::by_features(
                &content,
                encoded.view(),
                items.values.view(),
                ndarray::arr1(&[0.0; 8]).view(),
            )?,
            &users,
        ),
    ];
    for (name, transfer, theirs) in ways {
        for (user, camp) in [(0, 0.0), (1, 1.0), (30, 0.0), (31, 1.0)] {
            let prior = transfer.prior(&theirs.row(user).to_vec())?;
            let odd = odd(&model, &prior);
            assert!((odd - camp).abs() <= 0.2, "{name}: user {user} gets {odd} odd items");
        }
    }
    Ok(())
}

#[test]
fn each_rung_answers_where_those_above_it_know_nothing() -> Result<()> {
    let whole = unpack(&model());
    let first = |factors: &Factors, belief: &[f32], events: &[Event]| -> Result<(String, Rung)> {
        let mut visitor = Recommender::new(Model::pack(factors, Precision::Int8)?);
        if !belief.is_empty() {
            visitor.believe(belief)?;
        }
        visitor.record(events)?;
        let answer = visitor.recommend(&Options::default(), Ask::default())?;
        Ok((visitor.model().id(answer.results[0].item), answer.rung.unwrap()))
    };
    let odd = |id: &str| id[1..].parse::<usize>().unwrap() % 2 == 1;
    let traits = Traits::belief(model().room(), &[("kind".to_owned(), tag("even"))].into_iter().collect())?;
    let like = Event { item: model().find("i9")?, kind: EventKind::Like, value: None, time: 0.0 };
    let (id, rung) = first(&whole, &traits, &[like])?;
    assert_eq!((odd(&id), rung), (true, Rung::Personal), "what is done outweighs what is believed");
    let (id, rung) = first(&whole, &traits, &[])?;
    assert_eq!((odd(&id), rung), (false, Rung::Prior));
    assert_eq!(first(&whole, &[], &[])?, ("i7".to_owned(), Rung::Trending));
    let timeless = Factors { trend: None, ..whole.clone() };
    let counts = timeless.counts.clone().unwrap();
    let most = (0..ITEMS).rev().max_by_key(|&row| counts[row]).unwrap();
    assert_eq!(first(&timeless, &[], &[])?, (whole.ids.as_ref().unwrap()[most].clone(), Rung::Popular));
    assert_eq!(first(&Factors { counts: None, ..timeless }, &[], &[])?.1, Rung::Diverse);
    Ok(())
}

#[test]
fn diverse_picks_are_of_every_kind() -> Result<()> {
    // Twenty long factors that point one way, a short one that does, and a middling one along each other axis.
    let values = Array2::from_shape_fn((23, 3), |(item, axis)| match (item, axis) {
        (0..20, 0) => 2.0,
        (20, 1) | (21, 2) => 1.5,
        (22, 0) => 1.0,
        _ => 0.0,
    });
    let visitor = Recommender::new(Model::pack(&Factors::external(values, None), Precision::F32)?);
    let answer = visitor.recommend(&Options { count: 3, ..Options::default() }, Ask::default())?;
    let mut found: Vec<u32> = answer.results.iter().map(|result| result.item).collect();
    found.sort_unstable();
    assert_eq!((found, answer.rung), (vec![0, 20, 21], Some(Rung::Diverse)));
    Ok(())
}

#[test]
fn a_tower_turns_with_its_factors() -> Result<()> {
    let wave = |rows: usize, columns: usize, step: f32| {
        Array2::from_shape_fn((rows, columns), |(r, c)| ((r * columns + c) as f32 * step).sin() * 0.7)
    };
    let mut factors = Factors::external(wave(20, 4, 1.3), None);
    factors.recipe.algorithm = Algorithm::TwoTower;
    factors.rooms = Tower::new(wave(4 + 1, 6, 0.9), wave(6 + 1, 4, 0.4)).tensors()?;
    let model = Model::pack(&factors, Precision::F32)?;
    let mut turned = unpack(&model);
    project(&model, &mut turned, axes(&model).view())?;
    let turned = Model::pack(&turned, Precision::F32)?;
    let scores = |model: &Model| -> Result<Vec<f32>> {
        let history: Vec<(u32, f32)> =
            ["3", "8", "11"].iter().map(|id| Ok((model.find(id)?, 1.0))).collect::<Result<_>>()?;
        let by_row = score::scores(model, FoldIn::of_history(model, &history).solve(model).vector())?;
        (0..20).map(|id: u32| Ok(by_row[model.find(&id.to_string())? as usize])).collect()
    };
    for (turned, plain) in scores(&turned)?.iter().zip(scores(&model)?) {
        assert!((turned - plain).abs() < 0.05 * plain.abs().max(1.0), "{turned} and {plain}");
    }
    Ok(())
}

#[test]
fn only_models_that_can_believe_do() {
    let mut factors = Factors::external(Array2::ones((3, 2)), None);
    factors.recipe.algorithm = Algorithm::Sgd;
    let mut visitor = Recommender::new(Model::pack(&factors, Precision::F32).unwrap());
    let error = visitor.believe(&[0.5, 0.5]).unwrap_err();
    assert_eq!(error.field(), Some("prior"), "{error}");
    let traits = Traits::belief(visitor.model().room(), &Named::default()).unwrap_err();
    assert!(traits.to_string().contains("--users"), "{traits}");
}

#[test]
fn onboarding_asks_about_both_kinds_and_not_twice() -> Result<()> {
    let model = model();
    let questions = Onboarding::new(model.room())?.questions(6);
    let kinds: Vec<usize> =
        questions.iter().map(|&row| model.id(row)[1..].parse::<usize>().unwrap() % 2).collect();
    assert!(kinds.contains(&0) && kinds.contains(&1), "{kinds:?}");
    let mut sorted = questions.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), 6);
    let mut again = Onboarding::new(model.room())?;
    questions.iter().for_each(|&row| again.answered(row));
    assert!(again.questions(ITEMS).iter().all(|row| !questions.contains(row)));
    assert!(again.questions(1000).is_empty(), "all have been asked");
    let bare = Model::pack(&Factors::external(Array2::ones((3, 2)), None), Precision::F32)?;
    let error = Onboarding::new(bare.room()).unwrap_err();
    assert_eq!((error.code(), error.field()), ("unsupported", None));
    Ok(())
}

#[test]
fn damaged_rooms_are_refused() -> Result<()> {
    let Trained { mut items, .. } = trained(&town());
    let content = content(&items, None).tensors()?;
    items.rooms = content[..1].to_vec(); // the map without its scales
    let model = Model::pack(&items, Precision::F32)?;
    assert_eq!(Content::open(model.room()).unwrap_err().code(), "format");
    let one_row = foldin::model::Tensor::matrix("traits", Array2::ones((1, 5)).view())?;
    items.rooms = one_row.to_vec();
    let model = Model::pack(&items, Precision::F32)?;
    assert_eq!(Traits::open(model.room()).unwrap_err().code(), "format");
    Ok(())
}

#[test]
fn a_new_item_is_recommended_with_its_kind() -> Result<()> {
    let model = model();
    let new = |kind: &str| -> Result<NewItem> {
        let content = Content::open(model.room())?.unwrap();
        Ok(NewItem {
            id: format!("new {kind}"),
            title: Some(format!("The {kind}")),
            tags: [("kind".to_owned(), vec![kind.to_owned()])].into_iter().collect(),
            numbers: [("size".to_owned(), 4.0)].into_iter().collect(),
            factor: content.factor(&said(tag(kind), Value::Number(4.0)), None)?,
        })
    };
    let new = [new("odd")?, new("even")?];
    let mut visitor = Recommender::new(model);
    let odd = visitor.add(&new[0])?;
    visitor.add(&new[1])?;
    let gone = visitor.remove("i3")?;
    let others = (1..ITEMS).step_by(2).filter(|&number| number != 3).map(|number| format!("i{number}"));
    let like = |id: String| {
        Ok(Event { item: visitor.items().find(&id)?, kind: EventKind::Like, value: None, time: 0.0 })
    };
    let likes = others.map(like).collect::<Result<Vec<_>>>()?;
    visitor.record(&likes)?;
    let best = visitor.recommend(&Options::default(), Ask::default())?.results[0].item;
    assert_eq!(best, odd, "all other odd ones are known, and one is gone");
    let catalog = visitor.items().catalog();
    assert_eq!(catalog.title(odd), Some("The odd"));
    let kinds = &catalog.tag_columns()["kind"];
    let kinds: Vec<&str> =
        catalog.tag_codes(kinds, odd).iter().map(|&code| catalog.tag_name(kinds, code)).collect();
    assert_eq!((kinds, catalog.number(&catalog.number_columns()["size"], odd)), (vec!["odd"], 4.0));
    let mut onboarding = Onboarding::new(visitor.model().room())?;
    onboarding.leave_out(gone);
    let asked = onboarding.questions(ITEMS);
    assert!(asked.len() == ITEMS - 1 && !asked.contains(&gone), "{asked:?}");
    Ok(())
}
