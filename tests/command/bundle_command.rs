//! `foldin bundle`: what lands in the folder, what stays when it is deployed to again, and the way back.

use crate::executable;
use base64::Engine;
use foldin::model::Factors;
use foldin::{Model, Precision};
use foldin_cli::model_file;
use ndarray::Array2;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// A folder with a package and models `1.safetensors` and so on.
pub fn workshop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("node_modules/foldin");
    fs::create_dir_all(package.join("dist/wasm")).unwrap();
    fs::write(package.join("package.json"), r#"{"name":"foldin","version":"1.2.3"}"#).unwrap();
    fs::write(package.join("dist/index.js"), "export class Recommender {}\n".repeat(50)).unwrap();
    fs::write(package.join("dist/index.d.ts"), "export {}").unwrap();
    fs::write(package.join("dist/wasm/foldin_bg.wasm"), [0; 999]).unwrap();
    for model in 1..=5 {
        let factors = Array2::from_shape_fn((30, 4), |(item, d)| ((item * model + d) as f32).sin());
        let packed = Model::pack(&Factors::external(factors, None), Precision::Int8).unwrap();
        model_file::write(&packed, folder.path().join(format!("{model}.safetensors"))).unwrap();
    }
    folder
}

pub fn foldin(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).arg("bundle").args(arguments.split_whitespace()).output().unwrap()
}

#[track_caller]
pub fn manifest(folder: &Path, arguments: &str) -> Value {
    let output = foldin(folder, &format!("{arguments} -o dist --json"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written: Value = serde_json::from_slice(&fs::read(folder.join("dist/foldin.json")).unwrap()).unwrap();
    assert_eq!(printed, written);
    written
}

#[track_caller]
pub fn assert_refused(output: &Output, words: &[&str]) {
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    words.iter().for_each(|word| assert!(said.contains(word), "{word:?} in {said}"));
}

/// All files below a folder but the lock, whose name is another one each time where the system has no locks.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let is_lock = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".foldin.lock"))
    };
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| !is_lock(path));
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn names_sizes_hashes_and_copies_are_those_of_the_files() {
    let folder = workshop();
    let manifest = manifest(folder.path(), "1.safetensors");
    let dist = folder.path().join("dist");
    let model = &manifest["current"]["model"];
    let file = model["file"].as_str().unwrap();
    let bytes = fs::read(dist.join(file)).unwrap();
    assert_eq!(bytes, fs::read(folder.path().join("1.safetensors")).unwrap());
    let hash = Sha256::digest(&bytes);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(model["sha256"], hex);
    assert_eq!(file, format!("models/1.{}.safetensors", &hex[..12]));
    let base64 = base64::engine::general_purpose::STANDARD.encode(hash);
    assert_eq!(model["integrity"], format!("sha256-{base64}"));
    assert_eq!(model["bytes"], bytes.len());

    let hashed = ["models", "foldin"].map(|name| files(&dist.join(name))).concat();
    let plain: Vec<_> =
        hashed.iter().filter(|file| !file.extension().is_some_and(|e| e == "gz" || e == "br")).collect();
    assert_eq!(plain.len(), 4, "model, script, wasm and the list of both, but no types: {plain:?}");
    for file in plain.into_iter().filter(|file| !file.ends_with("files.json")) {
        let copy = |end: &str| fs::read(format!("{}{end}", file.display())).unwrap();
        let (mut unzipped, mut unpacked) = (Vec::new(), Vec::new());
        flate2::read::GzDecoder::new(copy(".gz").as_slice()).read_to_end(&mut unzipped).unwrap();
        brotli::Decompressor::new(copy(".br").as_slice(), 4096).read_to_end(&mut unpacked).unwrap();
        let bytes = fs::read(file).unwrap();
        assert!(bytes == unzipped && bytes == unpacked, "{}", file.display());
    }
    let package = &manifest["current"]["package"];
    assert!(dist.join(package["entry"].as_str().unwrap()).is_file());
    assert_eq!((&package["version"], &package["bytes"]), (&"1.2.3".into(), &(28 * 50 + 999).into()));
}

#[test]
fn hosts_are_told_what_changes_and_what_never_does() {
    let folder = workshop();
    manifest(folder.path(), "1.safetensors --base /shop/");
    let read = |name: &str| fs::read_to_string(folder.path().join("dist").join(name)).unwrap();
    for name in
        ["_headers", ".htaccess", "headers/nginx.conf", "headers/vercel.json", "headers/firebase.json"]
    {
        let text = read(name);
        for word in ["immutable", "no-cache", "application/wasm", "wasm-unsafe-eval"] {
            assert!(text.contains(word), "{word} in {name}");
        }
        assert!(name == ".htaccess" || text.contains("/shop/"), "{name}");
    }
    fs::write(folder.path().join("dist/_headers"), "/own\n  X-Own: 1\n").unwrap();
    manifest(folder.path(), "2.safetensors");
    assert!(read("_headers").starts_with("/own"), "a file of the site's own stays");
    assert!(read("headers/_headers").contains("immutable"));
}

#[test]
fn deploying_again_keeps_what_open_pages_use_and_rollback_brings_it_back() {
    let folder = workshop();
    let dist = folder.path().join("dist");
    let versions: Vec<Value> =
        (1..=5).map(|model| manifest(folder.path(), &format!("{model}.safetensors --keep 2"))).collect();
    let current = |manifest: &Value| manifest["current"]["model"]["file"].as_str().unwrap().to_owned();
    let exists = |manifest: &Value| dist.join(current(manifest)).exists();
    assert_eq!(versions.iter().map(exists).collect::<Vec<_>>(), [false, false, true, true, true]);
    assert!(versions.windows(2).all(|pair| pair[0]["current"]["package"] == pair[1]["current"]["package"]));

    let back = manifest(folder.path(), "--rollback");
    assert_eq!(back["current"], versions[3]["current"]);
    assert!(exists(&versions[4]), "who loaded it may still need it");
    assert_eq!(manifest(folder.path(), "--rollback")["current"], versions[2]["current"]);
    assert_refused(&foldin(folder.path(), "--rollback -o dist"), &["no earlier release"]);

    let again = manifest(folder.path(), "4.safetensors");
    assert_eq!(current(&again), current(&versions[3]));
    assert!(!exists(&versions[4]), "withdrawn, and no page that loads since then has it");
    let same = manifest(folder.path(), "4.safetensors");
    assert_eq!(same["previous"], again["previous"], "the same twice is one release");
}

#[test]
fn what_fails_leaves_the_current_release_alone() {
    let folder = workshop();
    manifest(folder.path(), "1.safetensors");
    let before = fs::read(folder.path().join("dist/foldin.json")).unwrap();
    let whole = fs::read(folder.path().join("2.safetensors")).unwrap();
    fs::write(folder.path().join("cut.safetensors"), &whole[..whole.len() - 9]).unwrap();
    assert_refused(&foldin(folder.path(), "cut.safetensors -o dist"), &["expected"]);
    fs::create_dir_all(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/package.json"), r#"{"name":"left-pad","version":"1.0.0"}"#).unwrap();
    assert_refused(
        &foldin(folder.path(), "2.safetensors -o dist --package other"),
        &["left-pad", "node_modules/foldin"],
    );
    assert_eq!(fs::read(folder.path().join("dist/foldin.json")).unwrap(), before);

    fs::write(folder.path().join("dist/foldin.json"), r#"{"name":"something else"}"#).unwrap();
    assert_refused(&foldin(folder.path(), "2.safetensors -o dist"), &["foldin.json", "another folder"]);
    let evil = String::from_utf8(before).unwrap().replace("models/1.", "../1.");
    fs::write(folder.path().join("dist/foldin.json"), evil).unwrap();
    assert_refused(&foldin(folder.path(), "2.safetensors -o dist"), &["not a foldin bundle"]);
}
