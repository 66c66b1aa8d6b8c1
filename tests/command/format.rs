//! FORMAT.md names what a model file has, and nothing else: its tables beside what is written.

use crate::cold_command::{done, npy, shop};
use crate::town;
use foldin::model::Factors;
use foldin::visitor::Tower;
use foldin::{Model, Precision};
use foldin_cli::model_file;
use foldin_lab::cold_start::Features;
use foldin_lab::cold_start::traits::TOWER;
use foldin_lab::train::Trained;
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Metadata that only the two-tower trainer writes, which the command has with the feature `deep`.
const TWO_TOWER: [&str; 3] = ["hidden", "batch", "loss"];

/// What files have: dtypes and number of axes by tensor, and the keys of the metadata.
#[derive(Debug, Default, PartialEq)]
struct Contents {
    tensors: BTreeMap<String, (BTreeSet<String>, usize)>,
    keys: BTreeSet<String>,
}

#[test]
fn the_document_names_every_tensor_and_every_key_that_is_written() {
    let folder = shop();
    let at = folder.path();
    std::fs::write(at.join("items.npy"), npy(6, 4, |item, column| (item * 4 + column) as f32)).unwrap();
    done(at, "train books.csv --dim 6 -o books.safetensors");
    let sides = "--items film-table.csv --users people.csv --transfer-from books.safetensors --shared-users books.csv";
    let mut written = Contents::default();
    // So many users that algorithms are compared.
    let line = |at: usize| format!("u{},i{}", at / 4, (at + at / 4) % 9);
    let many: Vec<String> = std::iter::once("user,item".into()).chain((0..100).map(line)).collect();
    std::fs::write(at.join("many.csv"), many.join("\n")).unwrap();
    for command in [
        "train many.csv --dim 4 --baskets --basket-column user",
        "train films.csv --algorithm sgd --dim 4 --precision int8",
        &format!("train films.csv {sides} --map --dim 8 --precision int4"),
        "train films.csv --algorithm bpr --dim 4 --precision f16",
        "train films.csv --algorithm next --in-order --dim 4 --epochs 2 --precision f32",
        "pack items.npy --precision f32",
    ] {
        done(at, &format!("{command} -o made.safetensors"));
        written.add(&model_file::read(at.join("made.safetensors")).unwrap());
    }
    let told = crate::words_command::distilled();
    written.add(&model_file::read(told.path().join("town.safetensors")).unwrap());
    written.add(&two_towers());
    written.keys.extend(TWO_TOWER.map(String::from));
    let documented = documented();
    for (name, found) in &written.tensors {
        assert_eq!(documented.tensors.get(name), Some(found), "FORMAT.md on {name}");
    }
    let none_written = |name: &&String| !written.tensors.contains_key(*name);
    assert_eq!(
        documented.tensors.keys().find(none_written),
        None,
        "FORMAT.md names a tensor that is not written"
    );
    assert_eq!(documented.keys, written.keys);
}

/// The tensors that the two-tower trainer writes, without training.
fn two_towers() -> Model {
    let Trained { items, .. } = town::trained(&town::town());
    let dim = items.values.ncols();
    let traits = Features::of(&town::described(town::USERS), 0);
    let first = Array2::from_elem((dim + traits.width() + 1, 5), 0.5);
    let mut rooms = Tower::new(first, Array2::from_elem((6, dim), 0.5)).tensors().unwrap();
    rooms.extend(traits.tensors(TOWER));
    Model::pack(&Factors { rooms, ..items }, Precision::Int8).unwrap()
}

impl Contents {
    fn add(&mut self, model: &Model) {
        let header = model.header();
        self.keys.extend(header.metadata.iter().map(|(key, _)| key.to_owned()));
        for (name, info) in header.tensors.iter() {
            let (dtypes, axes) = self.tensors.entry(general(name)).or_default();
            dtypes.insert(info.dtype.clone());
            *axes = info.shape.len();
        }
    }
}

/// The name with NAME for that of a column.
fn general(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    match parts[..] {
        [room, kind @ ("tags" | "numbers" | "vocabulary"), _, ref offsets @ ..] => {
            [&[room, kind, "NAME"][..], offsets].concat().join(".")
        }
        _ => name.to_owned(),
    }
}

/// What the tables of FORMAT.md say.
fn documented() -> Contents {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../FORMAT.md")).unwrap();
    let (tensors, metadata) = text.split_once("\n## Metadata\n").unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = |text: &str| -> Vec<Vec<String>> {
        text.lines().filter(|line| line.starts_with("| `")).map(cells).collect()
    };
    let name = |row: &[String]| row[1].trim_matches('`').to_owned();
    let of_tensor = |row: Vec<String>| {
        let dtypes = row[2].split(", ").map(String::from).collect();
        (name(&row), (dtypes, row[3].split(',').count()))
    };
    Contents {
        tensors: rows(tensors).into_iter().map(of_tensor).collect(),
        keys: rows(metadata).iter().map(|row| name(row)).collect(),
    }
}
