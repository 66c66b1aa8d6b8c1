//! A release whose rows are those of the last one.

use crate::models::factors;
use foldin::Model;
use foldin::model::{Factors, Precision};
use proptest::prelude::*;

/// Items by the numbers of their ids, with factors that the numbers give them.
fn items(numbers: &[usize]) -> Factors {
    let values = factors(40).values.select(ndarray::Axis(0), numbers);
    Factors::external(values, Some(numbers.iter().map(|number| format!("item {number}")).collect()))
}

fn ids(model: &Model) -> Vec<String> {
    (0..model.items() as u32).map(|row| model.id(row)).collect()
}

fn packed(numbers: &[usize]) -> Model {
    Model::pack(&items(numbers), Precision::Int8).unwrap()
}

fn some() -> impl Strategy<Value = Vec<usize>> {
    prop::sample::subsequence((0..40).collect::<Vec<_>>(), 1..40).prop_shuffle()
}

proptest! {
    #[test]
    fn items_stay_in_their_rows_and_all_are_there((old, new) in (some(), some())) {
        let last = packed(&old);
        let next = Model::pack_after(&last, &items(&new), Precision::Int8).unwrap();
        let (before, after) = (ids(&last), ids(&next));
        for (row, id) in before.iter().enumerate().take(after.len()) {
            prop_assert!(after[row] == *id || !after.contains(id), "{id} left row {row}");
        }
        let plain = packed(&new);
        for row in 0..new.len() as u32 {
            let id = next.id(row);
            prop_assert_eq!(next.factor(row), plain.factor(plain.find(&id).unwrap()));
        }
    }
}

#[test]
fn new_items_take_the_rows_of_those_that_went_the_longest_first() {
    let last = packed(&[1, 2, 3, 4, 5]);
    let gone = ids(&last)[1].clone();
    let kept: Vec<usize> =
        [1, 2, 3, 4, 5].into_iter().filter(|number| gone != format!("item {number}")).collect();
    let mut rows = ids(&packed(&[20, 21]));
    let next = Model::pack_after(&last, &items(&[&kept[..], &[20, 21]].concat()), Precision::F32).unwrap();
    let at_the_end = rows.pop().unwrap();
    assert_eq!([next.id(1), next.id(5)], [rows.pop().unwrap(), at_the_end]);
}

#[test]
fn an_id_that_stands_twice_is_still_refused() {
    let twice = Factors { ids: Some(vec!["a".into(), "a".into()]), ..factors(2) };
    assert!(Model::pack_after(&packed(&[1]), &twice, Precision::Int8).is_err());
}

#[test]
fn items_without_ids_are_known_by_their_numbers() {
    let last = Model::pack(&factors(30), Precision::Int8).unwrap();
    let next = Model::pack_after(&last, &factors(33), Precision::Int8).unwrap();
    assert_eq!(ids(&last), ids(&next)[..30]);
    assert_ne!(ids(&last), ids(&Model::pack(&factors(33), Precision::Int8).unwrap())[..30]);
}
