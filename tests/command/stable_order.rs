//! `--stable-order`: a release of which pages that have the last one in parts download few.

use crate::bundle_command::{assert_refused, manifest, workshop};
use crate::executable;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Output;

/// Item vectors without an order, some of them longer than others.
fn write_vectors(folder: &Path, items: impl Iterator<Item = usize>) {
    let mut text = String::from("id,a,b,c,d\n");
    for item in items {
        let row = [0, 1, 2, 3].map(|d| ((item * 7 + d * 3) as f32 * 0.61).sin() * (1 + item % 9) as f32);
        writeln!(text, "item {item},{},{},{},{}", row[0], row[1], row[2], row[3]).unwrap();
    }
    fs::write(folder.join("vectors.csv"), text).unwrap();
}

fn pack(folder: &Path, arguments: &str) -> Output {
    let line = format!("pack vectors.csv -o shop.safetensors {arguments}");
    executable().current_dir(folder).args(line.split_whitespace()).output().unwrap()
}

/// The files of the head and the parts of what is packed so and deployed.
fn release(folder: &Path, arguments: &str) -> Vec<String> {
    let output = pack(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = manifest(folder, "shop.safetensors --head 9kB");
    let pieces = &manifest["current"]["pieces"];
    let parts = pieces["parts"].as_array().unwrap().iter();
    let file = |asset: &Value| asset["file"].as_str().unwrap().to_owned();
    std::iter::once(&pieces["head"]).chain(parts).map(file).collect()
}

fn shared(before: &[String], after: &[String]) -> usize {
    let before: HashSet<&String> = before.iter().collect();
    after.iter().filter(|file| before.contains(file)).count()
}

#[test]
fn new_items_change_the_last_part_and_the_head_alone() {
    let folder = workshop();
    write_vectors(folder.path(), 0..6000);
    let first = release(folder.path(), "");
    assert!(first.len() > 8, "{}", first.len());
    write_vectors(folder.path(), 0..6060);
    let sorted = release(folder.path(), "");
    assert_eq!(shared(&first, &sorted), 0, "rows by length move");
    write_vectors(folder.path(), 0..6000);
    let first = release(folder.path(), "");
    write_vectors(folder.path(), (0..6060).rev());
    let second = release(folder.path(), "--stable-order dist");
    assert_eq!((second.len(), shared(&first, &second)), (first.len(), first.len() - 2));
    // Rows of items that went are taken, and nothing else moves; so does a model file in place of the folder.
    fs::rename(folder.path().join("shop.safetensors"), folder.path().join("last.safetensors")).unwrap();
    write_vectors(folder.path(), (0..6070).filter(|item| !(100..110).contains(item)));
    let third = release(folder.path(), "--stable-order last.safetensors");
    assert_eq!(third.len(), second.len());
    assert!(shared(&second, &third) > 0, "ten rows change at most eleven files");
}

#[test]
fn a_head_that_is_no_longer_good_enough_is_chosen_anew() {
    let folder = workshop();
    write_vectors(folder.path(), 0..3000);
    release(folder.path(), "");
    // What came is longer than all that was there.
    let vectors = folder.path().join("vectors.csv");
    let mut text = fs::read_to_string(&vectors).unwrap();
    (3000..3600).for_each(|item| writeln!(text, "item {item},{item},0,0,0").unwrap());
    fs::write(&vectors, text).unwrap();
    let second = release(folder.path(), "--stable-order dist");
    let head = foldin_cli::model_file::read(folder.path().join("dist").join(&second[0])).unwrap();
    assert!((0..head.items() as u32).any(|row| head.id(row) == "item 3599"));
}

#[test]
fn what_is_no_release_is_refused_before_anything_is_written() {
    let folder = workshop();
    write_vectors(folder.path(), 0..60);
    assert_refused(&pack(folder.path(), "--stable-order nowhere"), &["nowhere"]);
    assert_refused(&pack(folder.path(), "--stable-order ."), &["no release", "model file"]);
    assert_refused(&pack(folder.path(), "--stable-order vectors.csv"), &["vectors.csv"]);
    assert!(!folder.path().join("shop.safetensors").exists());
}
