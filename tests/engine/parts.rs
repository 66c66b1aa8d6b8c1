//! A model that arrives as a head and parts.

use crate::models::{DIM, factors};
use foldin::model::{
    AlignedBytes, CatalogColumns, Factors, Header, Precision, Recipe, Split, TagValues, Together,
};
use foldin::recommender::Ask;
use foldin::score::Options;
use foldin::visitor::{Event, EventKind};
use foldin::{Model, Recommender};

const ITEMS: usize = 1500;
/// Blocks of rows are read at once; one part ends amid one.
const FIRSTS: [u32; 4] = [0, 512, 700, 1024];

/// Many items are equally popular, and some have the same factors: their order tells.
fn whole(precision: Precision, named: bool) -> Model {
    let mut factors = Factors { recipe: Recipe::default(), ..factors(ITEMS) };
    for row in (0..ITEMS).step_by(5) {
        let first = factors.values.row(row).to_owned();
        factors.values.row_mut((row + 2).min(ITEMS - 1)).assign(&first);
    }
    factors.counts = Some((0..ITEMS).map(|item| (item * 37 % 50) as u32).collect());
    factors.trend = Some((0..ITEMS).map(|item| (item % 7) as u8).collect());
    if named {
        factors.ids = Some((0..ITEMS).map(|item| format!("item {item}é")).collect());
        factors.biases = Some((0..ITEMS).map(|item| (item % 3) as f32 * 0.1).collect());
        factors.together =
            Some(Together((0..ITEMS as u32).map(|item| vec![((item + 9) % 1500, 200)]).collect()));
        factors.catalog = columns();
    }
    Model::pack(&factors, precision).unwrap()
}

fn columns() -> CatalogColumns {
    let mut columns = CatalogColumns {
        titles: Some((0..ITEMS).map(|item| "ü".repeat(item % 4)).collect()),
        places: Some((0..ITEMS).map(|item| [item as f32, 0.5]).collect()),
        ..Default::default()
    };
    let codes = (0..ITEMS).map(|item| (0..item as u32 % 3).collect()).collect();
    let vocabulary = vec!["a".into(), "b".into(), "c".into()];
    columns.tags.insert("kind".into(), TagValues { vocabulary, codes });
    columns.numbers.insert("year".into(), (0..ITEMS).map(|item| item as f32).collect());
    columns
}

/// Every ninth row, both ends of a part among them.
fn head_rows() -> Vec<u32> {
    (0..ITEMS as u32).filter(|row| row % 9 == 0 || [699, 700, 1023].contains(row)).collect()
}

fn copy(bytes: &[u8]) -> AlignedBytes {
    let mut copy = AlignedBytes::zeroed(bytes.len()).unwrap();
    copy.copy_from_slice(bytes);
    copy
}

/// What a page lays out before the parts come: the whole model's table of tensors, and zeros.
fn room(whole: &Model) -> (Header, AlignedBytes) {
    (whole.header().clone(), AlignedBytes::zeroed(whole.bytes().len()).unwrap())
}

fn arriving(whole: &Model, split: &Split) -> foldin::Result<Recommender> {
    let head = Model::open(split.head.0.clone(), copy(&split.head.1))?;
    let (header, bytes) = room(whole);
    let mut visitor =
        Recommender::new(Model::arriving(header, bytes, &head, FIRSTS_AND_END.to_vec(), &split.starts)?);
    (0..FIRSTS.len()).try_for_each(|part| visitor.place_head(part))?;
    Ok(visitor)
}

const FIRSTS_AND_END: [u32; 5] = [0, 512, 700, 1024, ITEMS as u32];

fn liked(items: &Recommender, ids: &[&str]) -> Vec<Event> {
    let event = |id: &&str| Event {
        item: items.items().find(id).unwrap(),
        kind: EventKind::Like,
        value: None,
        time: 1.0,
    };
    ids.iter().map(event).collect()
}

fn answers(visitor: &Recommender) -> Vec<(String, f32)> {
    let answer = visitor.recommend(&Options::best(400), Ask::default()).unwrap();
    answer.results.iter().map(|result| (visitor.items().id(result.item), result.score)).collect()
}

#[test]
fn parts_in_any_order_make_the_single_file() {
    for precision in Precision::ALL {
        let whole = whole(precision, true);
        let split = whole.split(&head_rows(), &FIRSTS).unwrap();
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            let mut arriving = arriving(&whole, &split).unwrap();
            let ids: Vec<String> = [0, 9, 18].map(|row| whole.id(row)).into();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            arriving.record(&liked(&arriving, &ids)).unwrap();
            for part in order {
                let before = arriving.items().len();
                // Often enough that bounds are measured and an index of ids is built between two parts.
                (0..6).for_each(|_| _ = answers(&arriving));
                (0..300).for_each(|_| assert!(!arriving.items().has("none")));
                let split = &split.parts[part];
                arriving.arrive(part, split.header.clone(), copy(&split.bytes)).unwrap();
                assert!(arriving.items().len() > before);
            }
            assert_eq!(arriving.model().bytes(), whole.bytes(), "{precision:?}");
            let mut single =
                Recommender::new(Model::open(whole.header().clone(), copy(whole.bytes())).unwrap());
            assert_eq!(answers(&arriving).len(), 400);
            single.record(&liked(&single, &ids)).unwrap();
            (0..6).for_each(|_| assert_eq!(answers(&arriving), answers(&single)));
            assert_eq!(arriving.vector().unwrap(), single.vector().unwrap());
        }
    }
}

#[test]
fn only_what_has_arrived_is_there() {
    let whole = whole(Precision::Int8, true);
    let head = head_rows();
    let split = whole.split(&head, &FIRSTS).unwrap();
    let mut visitor = arriving(&whole, &split).unwrap();
    assert_eq!(visitor.items().len(), head.len());
    assert_eq!(visitor.items().all().collect::<Vec<_>>(), head);
    for &row in &head {
        let (items, id) = (visitor.items(), whole.id(row));
        assert_eq!(items.find(&id).unwrap(), row);
        assert_eq!(items.catalog().title(row), whole.catalog().title(row));
        assert_eq!(items.factor(row), whole.factor(row));
    }
    assert!(!visitor.items().has(&whole.id(1)));
    let shown = |visitor: &Recommender| {
        let answer = visitor.recommend(&Options::best(ITEMS), Ask::default()).unwrap();
        answer.results.iter().map(|result| result.item).collect::<Vec<_>>()
    };
    assert_eq!(shown(&visitor).len(), head.len());
    visitor.record(&[Event { item: head[3], kind: EventKind::Like, value: None, time: 1.0 }]).unwrap();
    let mut there = shown(&visitor);
    there.sort_unstable();
    assert!(there.iter().all(|row| head.contains(row)) && there.len() == head.len() - 1);
    visitor.arrive(1, split.parts[1].header.clone(), copy(&split.parts[1].bytes)).unwrap();
    let mut there = shown(&visitor);
    there.sort_unstable();
    let expected = |row: &u32| (512..700).contains(row) || head.contains(row);
    assert_eq!(there, (0..ITEMS as u32).filter(expected).filter(|&row| row != head[3]).collect::<Vec<_>>());
    assert!(visitor.arrive(1, split.parts[1].header.clone(), copy(&split.parts[1].bytes)).is_err(), "twice");
    // Added items lie behind all rows of the whole model, and stay.
    let item = foldin::model::NewItem { id: "new".into(), factor: vec![0.1; DIM], ..Default::default() };
    assert_eq!(visitor.add(&item).unwrap() as usize, ITEMS);
    assert_eq!(visitor.items().len(), there.len() + 2);
}

#[test]
fn the_head_is_a_model_with_the_visitor_of_the_whole() {
    let whole = whole(Precision::F32, false);
    let split = whole.split(&head_rows(), &FIRSTS).unwrap();
    let head = Model::open(split.head.0, split.head.1).unwrap();
    assert_eq!(head.gram(), whole.gram());
    let visitor = |model: Model, id: &str| {
        let mut visitor = Recommender::new(model);
        visitor.record(&liked(&visitor, &[id])).unwrap();
        visitor.vector().unwrap()
    };
    // Without ids of its own, an item is called by its number.
    let id = whole.id(9);
    assert_eq!(visitor(head, &id), visitor(whole, &id));
}

#[test]
fn models_without_ids_get_their_numbers() {
    let whole = whole(Precision::Int4, false);
    let split = whole.split(&head_rows(), &FIRSTS).unwrap();
    let mut named = Factors { recipe: whole.recipe().clone(), ..factors(1) };
    named.ids = None;
    let head = Model::open(split.head.0, split.head.1).unwrap();
    for (at, &row) in head_rows().iter().enumerate() {
        assert_eq!(head.id(at as u32), whole.id(row));
    }
    let ids = split.starts.get("item_id_offsets").unwrap();
    let total: usize = (0..ITEMS as u32).map(|row| whole.id(row).len()).sum();
    assert_eq!(*ids.last().unwrap() as usize, total);
}

/// A header with one tensor told otherwise.
fn told(header: &Header, name: &str, change: impl Fn(&mut foldin::model::TensorInfo)) -> Header {
    let tensors = header.tensors.iter().map(|(other, info)| {
        let mut info = info.clone();
        if other == name {
            change(&mut info);
        }
        (other.to_owned(), info)
    });
    Header { metadata: header.metadata.clone(), tensors: tensors.collect() }
}

#[test]
fn hostile_parts_leave_the_model_as_it_was() {
    let whole = whole(Precision::Int8, true);
    let split = whole.split(&head_rows(), &FIRSTS).unwrap();
    let mut visitor = arriving(&whole, &split).unwrap();
    let before = visitor.model().bytes().to_vec();
    let part = &split.parts[0];
    let mut refused = |header: Header, bytes: AlignedBytes, why: &str| {
        let error = visitor.arrive(0, header, bytes).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(visitor.model().bytes(), before, "{why}");
    };
    let spoilt = |name: &str, with: &[u8]| {
        let mut bytes = copy(&part.bytes);
        let [start, end] = part.header.tensors[name].data_offsets.map(|offset| offset as usize);
        bytes[start..end][..with.len()].copy_from_slice(with);
        bytes
    };
    refused(split.parts[1].header.clone(), copy(&split.parts[1].bytes), "item_");
    refused(part.header.clone(), copy(&part.bytes[..part.bytes.len() - 8]), "data section");
    refused(Header::default(), AlignedBytes::default(), "this tensor");
    refused(
        told(&part.header, "item_scales", |info| info.dtype = "U32".into()),
        copy(&part.bytes),
        "item_scales",
    );
    refused(part.header.clone(), spoilt("item_ids", &[0xff]), "UTF-8");
    refused(part.header.clone(), spoilt("catalog.title", &[0xff]), "UTF-8");
    refused(part.header.clone(), spoilt("item_id_offsets", &[9, 9, 9, 9]), "offsets");
    refused(part.header.clone(), spoilt("catalog.tags.kind", &[9, 9, 9, 9]), "codes below 3");
    refused(part.header.clone(), spoilt("together.offsets", &[9, 9, 9, 9]), "offsets");
    refused(part.header.clone(), spoilt("item_scales", &f32::NAN.to_le_bytes()), "NaN");
    visitor.arrive(0, part.header.clone(), copy(&part.bytes)).unwrap();
}

#[test]
fn hostile_lists_of_parts_are_refused() {
    let whole = whole(Precision::Int8, true);
    let split = whole.split(&head_rows(), &FIRSTS).unwrap();
    let head = Model::open(split.head.0.clone(), copy(&split.head.1)).unwrap();
    let refused = |header: Header, firsts: &[u32], starts: &foldin::Named<Vec<u32>>| {
        let bytes = AlignedBytes::zeroed(whole.bytes().len()).unwrap();
        assert!(Model::arriving(header, bytes, &head, firsts.to_vec(), starts).is_err(), "{firsts:?}");
    };
    let header = || whole.header().clone();
    for firsts in
        [&[][..], &[0], &[0, 0, 700, 1024, 1500], &[1, 512, 700, 1024, 1500], &[0, 512, 700, 1024, 1501]]
    {
        refused(header(), firsts, &split.starts);
    }
    refused(header(), &FIRSTS_AND_END, &Default::default());
    for wrong in [vec![], vec![0; 5], vec![0, u32::MAX, 1, 2, 3]] {
        let starts = split.starts.iter().map(|(name, _)| (name.to_owned(), wrong.clone())).collect();
        refused(header(), &FIRSTS_AND_END, &starts);
    }
    refused(told(&header(), "item_gram", |info| info.dtype = "I8".into()), &FIRSTS_AND_END, &split.starts);
    // Room that is too small for what the head has in a part.
    let shifted = |starts: &Vec<u32>| {
        let mut starts = starts.clone();
        starts[1] = 0;
        starts
    };
    let starts = split.starts.iter().map(|(name, starts)| (name.to_owned(), shifted(starts))).collect();
    let (header, bytes) = room(&whole);
    let mut model = Model::arriving(header, bytes, &head, FIRSTS_AND_END.to_vec(), &starts).unwrap();
    assert!(model.place_head(0).is_err());
    assert!(whole.split(&[3, 2], &FIRSTS).is_err() && whole.split(&[0], &[1]).is_err());
}
