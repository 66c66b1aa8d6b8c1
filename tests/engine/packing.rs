//! One way to pack: whatever comes in chunks becomes the model that comes in one piece.

use foldin::model::{Factors, Packer};
use foldin::{Model, Precision, Result};
use ndarray::Array2;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Some rows are zero, some are alike, and some numbers are as small as there are.
fn rows(items: usize, dim: usize, seed: u64) -> Vec<f32> {
    let random = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut rows = Vec::new();
    for _ in 0..items {
        match random.random_range(0..8) {
            0 => rows.extend(vec![0.0; dim]),
            1 => rows.extend((0..dim).map(|at| if at % 3 == 0 { 1e-45 } else { -1.0 })),
            _ => {
                let length = random.random_range(0.0..2.0f32);
                rows.extend((0..dim).map(|_| length * random.random_range(-1.0..1.0f32)));
            }
        }
    }
    rows
}

/// Cuts rows of `dim` numbers anew wherever `random` says so.
fn chunks<'a>(rows: &'a [f32], dim: usize, random: &mut impl rand::Rng) -> Vec<&'a [f32]> {
    let mut rest = rows;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let most = (rest.len() / dim).min(if random.random_bool(0.5) { 10 } else { 700 });
        let (chunk, behind) = rest.split_at(dim * random.random_range(0..=most));
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

fn same(ours: &Model, theirs: &Model) {
    assert_eq!(ours.header(), theirs.header());
    assert!(ours.bytes() == theirs.bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn chunks_make_the_model_that_all_rows_make(
        items in 1usize..1400,
        half_dim in 1usize..20,
        precision in prop::sample::select(&Precision::ALL),
        extras: bool,
        seed: u64,
    ) {
        let dim = if precision == Precision::Int4 { 2 * half_dim } else { half_dim };
        let rows = rows(items, dim, seed);
        let ids: Vec<String> = (0..items).map(|item| format!("é{item}")).collect();
        let biases: Vec<f32> = (0..items).map(|item| item as f32 / 8.0).collect();
        let random = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut packer = Packer::new(items, dim, precision).unwrap();
        for chunk in chunks(&rows, dim, random) {
            packer.measure(chunk).unwrap();
        }
        if extras {
            ids.chunks(100).for_each(|ids| packer.ids(ids).unwrap());
            biases.chunks(77).for_each(|biases| packer.biases(biases).unwrap());
        }
        for chunk in chunks(&rows, dim, random) {
            packer.pack(chunk).unwrap();
        }
        let values = Array2::from_shape_vec((items, dim), rows).unwrap();
        let mut factors = Factors::external(values, extras.then_some(ids));
        factors.biases = extras.then_some(biases);
        same(&packer.finish().unwrap(), &Model::pack(&factors, precision).unwrap());
    }
}

#[test]
fn factors_in_another_layout_become_the_same_model() {
    let values = Array2::from_shape_vec((30, 6), rows(30, 6, 1)).unwrap();
    let columns_first = values.t().as_standard_layout().into_owned().reversed_axes();
    let [ours, theirs] = [columns_first, values]
        .map(|values| Model::pack(&Factors::external(values, None), Precision::Int4).unwrap());
    same(&ours, &theirs);
}

#[test]
fn what_is_not_finite_is_refused_when_it_is_measured() {
    for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for at in [0, 8, 13, 25] {
            for precision in Precision::ALL {
                let mut rows = rows(2, 13 + at % 2, 2);
                rows[at] = number;
                let mut packer = Packer::new(2, 13 + at % 2, precision);
                let measured = packer.as_mut().map(|packer| packer.measure(&rows));
                match measured {
                    Ok(measured) => assert_eq!(measured.unwrap_err().code(), "format", "{number} at {at}"),
                    Err(error) => assert_eq!((error.field(), precision), (Some("dim"), Precision::Int4)),
                }
            }
        }
    }
}

#[test]
fn calls_that_do_not_fit_are_refused_by_name() {
    let field = |error: foldin::Error| error.field().unwrap_or_else(|| panic!("{error}"));
    for (items, dim, wanted) in [(0, 4, "items"), (usize::MAX, 4, "items"), (3, 0, "dim"), (3, 4097, "dim")] {
        assert_eq!(Packer::new(items, dim, Precision::F32).map(|_| ()).map_err(field), Err(wanted));
    }
    let measured = || {
        let mut packer = Packer::new(3, 2, Precision::Int8)?;
        packer.measure(&[1.0; 6])?;
        Ok::<Packer, foldin::Error>(packer)
    };
    type Step = fn(&mut Packer) -> Result<()>;
    let refused: [(&str, &str, Step); 9] = [
        ("a part of a row", "factors", |packer| packer.measure(&[1.0])),
        ("a row too many", "factors", |packer| packer.measure(&[1.0; 2])),
        ("a part of a row, to pack", "factors", |packer| packer.pack(&[1.0])),
        ("rows too many, to pack", "factors", |packer| packer.pack(&[1.0; 8])),
        ("ids too many", "ids", |packer| packer.ids(&["a", "b", "c", "d"])),
        ("ids too few", "ids", |packer| packer.ids(&["a"]).and_then(|()| packer.pack(&[1.0; 6]))),
        ("biases too few", "biases", |packer| packer.biases(&[1.0]).and_then(|()| packer.pack(&[1.0; 6]))),
        ("to measure again", "factors", |packer| {
            packer.pack(&[1.0; 2])?;
            packer.measure(&[1.0; 2])
        }),
        ("ids too late", "factors", |packer| packer.pack(&[1.0; 2]).and_then(|()| packer.ids(&["a"]))),
    ];
    for (what, wanted, call) in refused {
        let error = call(&mut measured().unwrap()).expect_err(what);
        assert_eq!(field(error), wanted, "{what}");
    }
    let mut early = Packer::new(3, 2, Precision::Int8).unwrap();
    early.measure(&[1.0; 4]).unwrap();
    assert_eq!(field(early.pack(&[1.0; 4]).unwrap_err()), "factors");
    assert_eq!(field(early.finish().unwrap_err()), "factors");
    let mut short = measured().unwrap();
    short.pack(&[1.0; 4]).unwrap();
    assert_eq!(field(short.finish().unwrap_err()), "factors");
    let mut twice = measured().unwrap();
    twice.ids(&["a", "b", "a"]).unwrap();
    twice.pack(&[1.0; 6]).unwrap();
    assert_eq!(field(twice.finish().unwrap_err()), "ids");
}
