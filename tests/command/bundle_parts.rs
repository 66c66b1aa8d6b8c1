//! `foldin bundle --head`: a large model in pieces.

use crate::bundle_command::{assert_refused, files, foldin, manifest, workshop};
use crate::executable;
use foldin::model::{CatalogColumns, Factors};
use foldin::{Model, Precision};
use foldin_cli::model_file;
use ndarray::Array2;
use serde_json::Value;
use std::fs;
use std::path::Path;

const ITEMS: usize = 3000;

/// Items of which every seventh is popular, one of them with a title of its own.
fn write_model(folder: &Path, title: &str) {
    let values =
        Array2::from_shape_fn((ITEMS, 8), |(item, d)| ((item * 3 + d) as f32).sin() / (1.0 + item as f32));
    let mut factors = Factors::external(values, None);
    factors.ids = Some((0..ITEMS).map(|item| format!("item {item}")).collect());
    factors.counts = Some((0..ITEMS).map(|item| if item % 7 == 0 { 100 } else { 1 }).collect());
    let titles = (0..ITEMS).map(|item| if item == 2998 { title.into() } else { format!("Title {item}") });
    factors.catalog = CatalogColumns { titles: Some(titles.collect()), ..Default::default() };
    model_file::write(&Model::pack(&factors, Precision::Int8).unwrap(), folder.join("shop.safetensors"))
        .unwrap();
}

fn names(pieces: &Value) -> Vec<String> {
    let parts = pieces["parts"].as_array().unwrap();
    parts.iter().map(|part| part["file"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_head_has_what_most_people_had_and_names_the_parts() {
    let folder = workshop();
    write_model(folder.path(), "First");
    let manifest = manifest(folder.path(), "shop.safetensors --head 20kB");
    let (current, dist) = (&manifest["current"], folder.path().join("dist"));
    let pieces = &current["pieces"];
    let head = model_file::read(dist.join(pieces["head"]["file"].as_str().unwrap())).unwrap();
    let whole = model_file::read(dist.join(current["model"]["file"].as_str().unwrap())).unwrap();
    assert!((5_000..25_000).contains(&pieces["head"]["bytes"].as_u64().unwrap()), "{}", pieces["head"]);
    assert_eq!(head.items() as u64, pieces["items"].as_u64().unwrap());
    let popular = head.counts().unwrap().iter().filter(|&&count| count == 100).count();
    assert_eq!(popular, ITEMS.div_ceil(7), "all of them, and some others in the room that is left");
    assert_eq!((head.gram(), head.dim()), (whole.gram(), whole.dim()));
    let list: Value = serde_json::from_str(&head.metadata()["parts"]).unwrap();
    let parts = pieces["parts"].as_array().unwrap();
    assert!(parts.len() > 2);
    assert_eq!(list["firsts"].as_array().unwrap().len(), parts.len() + 1);
    assert_eq!(head.metadata()["version"], current["version"].as_str().unwrap());
    let mut end = 0;
    for (part, listed) in parts.iter().zip(list["files"].as_array().unwrap()) {
        let file = dist.join(part["file"].as_str().unwrap());
        assert_eq!(file.file_name().unwrap().to_str(), listed["file"].as_str());
        assert_eq!((&part["integrity"], &part["bytes"]), (&listed["integrity"], &listed["bytes"]));
        assert_eq!(fs::metadata(&file).unwrap().len(), part["bytes"].as_u64().unwrap());
        assert!(["gz", "br"].iter().all(|copy| Path::new(&format!("{}.{copy}", file.display())).exists()));
        assert_eq!(part["first"], end);
        end = part["end"].as_u64().unwrap();
    }
    assert_eq!(end as usize, ITEMS);
    let longest: Vec<f64> = parts.iter().map(|part| part["longest"].as_f64().unwrap()).collect();
    assert!(longest.is_sorted_by(|a, b| a >= b), "rows lie by falling length: {longest:?}");
}

#[test]
fn small_models_are_one_file_and_sizes_are_read() {
    let folder = workshop();
    write_model(folder.path(), "First");
    for arguments in [
        "shop.safetensors",
        "shop.safetensors --head 0",
        "shop.safetensors --head 9MB",
        "shop.safetensors --head 3GB",
    ] {
        assert!(manifest(folder.path(), arguments)["current"].get("pieces").is_none(), "{arguments}");
    }
    for size in ["-1", "many", "9XB", "nan", ""] {
        let arguments = ["bundle", "shop.safetensors", "-o", "dist", "--head", size];
        let output = executable().current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(!output.status.success(), "{size}");
    }
}

#[test]
fn releases_share_the_parts_that_did_not_change_and_leave_no_others_behind() {
    let folder = workshop();
    let dist = folder.path().join("dist");
    write_model(folder.path(), "First");
    let first = names(&manifest(folder.path(), "shop.safetensors --head 20kB --keep 0")["current"]["pieces"]);
    write_model(folder.path(), "Second");
    let second =
        names(&manifest(folder.path(), "shop.safetensors --head 20kB --keep 0")["current"]["pieces"]);
    let changed = second.iter().filter(|name| !first.contains(name)).count();
    assert_eq!((changed, first.len()), (1, second.len()), "one title changed");
    let there: Vec<String> = files(&dist.join("models"))
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "safetensors"))
        .map(|file| format!("models/{}", file.file_name().unwrap().to_str().unwrap()))
        .collect();
    assert_eq!(there.len(), second.len() + 2, "{there:?}");
    assert!(second.iter().all(|name| there.contains(name)));
}

#[test]
fn a_damaged_part_is_found_and_made_anew() {
    let folder = workshop();
    write_model(folder.path(), "First");
    let parts = names(&manifest(folder.path(), "shop.safetensors --head 20kB")["current"]["pieces"]);
    let check = || executable().current_dir(folder.path()).args(["check", "dist"]).output().unwrap();
    assert!(check().status.success());
    let part = folder.path().join("dist").join(&parts[1]);
    fs::write(&part, "damaged").unwrap();
    let output = check();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains(&parts[1]));
    manifest(folder.path(), "shop.safetensors --head 20kB");
    assert!(check().status.success());
    // A manifest whose parts lead elsewhere is not foldin's.
    let path = folder.path().join("dist/foldin.json");
    let text =
        fs::read_to_string(&path).unwrap().replace(&parts[1], "models/../../part.0123456789ab.safetensors");
    fs::write(&path, text).unwrap();
    assert_refused(&foldin(folder.path(), "shop.safetensors -o dist"), &["not a foldin bundle"]);
}
