//! `foldin bundle` and `foldin check` on folders that others have written into: nothing that foldin did not make is lost,
//! and what is damaged is found and made anew.

use crate::bundle_command::{assert_refused, files, foldin, manifest, workshop};
use crate::executable;
use base64::Engine;
use serde_json::{Value, json};
use sha2::Digest;
use std::fs;
use std::path::Path;
use std::process::Output;

fn check(folder: &Path) -> Output {
    executable().arg("check").arg(folder).output().unwrap()
}

fn edit_manifest(dist: &Path, change: impl FnOnce(&mut Value)) {
    let path = dist.join("foldin.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn a_manifest_with_other_names_removes_nothing() {
    type Lie = fn(&mut Value);
    let lies: [(&str, Lie); 9] = [
        ("the folder itself", |r| r["package"]["folder"] = "".into()),
        ("the folder itself, as .", |r| r["package"]["folder"] = ".".into()),
        ("all models", |r| r["package"]["folder"] = "models".into()),
        ("the site's images", |r| r["package"]["folder"] = "img".into()),
        ("all packages", |r| r["package"]["folder"] = "foldin".into()),
        ("the page", |r| r["model"]["file"] = "index.html".into()),
        ("what lies above", |r| r["model"]["file"] = "../1.safetensors".into()),
        ("another hash", |r| r["model"]["sha256"] = "0".repeat(64).into()),
        ("an entry elsewhere", |r| r["package"]["entry"] = "img/index.js".into()),
    ];
    let folder = workshop();
    let dist = folder.path().join("dist");
    manifest(folder.path(), "1.safetensors");
    fs::write(dist.join("index.html"), "the site").unwrap();
    fs::create_dir(dist.join("img")).unwrap();
    fs::write(dist.join("img/logo.svg"), "<svg/>").unwrap();
    let release = manifest(folder.path(), "2.safetensors")["current"].clone();
    let whole = fs::read(dist.join("foldin.json")).unwrap();
    let before = files(&dist);
    for (what, lie) in lies {
        let mut evil = release.clone();
        lie(&mut evil);
        edit_manifest(&dist, |manifest| manifest["withdrawn"] = json!([evil]));
        assert_refused(&foldin(folder.path(), "3.safetensors -o dist --keep 0"), &["not a foldin bundle"]);
        assert_eq!(files(&dist), before, "{what}");
        fs::write(dist.join("foldin.json"), &whole).unwrap();
    }
}

#[test]
fn what_foldin_did_not_make_is_named_and_left() {
    let folder = workshop();
    let dist = folder.path().join("dist");
    let first = manifest(folder.path(), "1.safetensors");
    let package = dist.join(first["current"]["package"]["folder"].as_str().unwrap());
    fs::write(package.join("own.txt"), "the site's").unwrap();
    fs::write(folder.path().join("node_modules/foldin/dist/index.js"), "export class Recommender {}")
        .unwrap();
    let output = foldin(folder.path(), "2.safetensors -o dist --keep 0");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("foldin did not make it") && said.contains("dist/foldin/"), "{said}");
    assert_eq!(files(&package), [package.join("own.txt")], "all else of the package is gone");
    assert!(!dist.join(first["current"]["model"]["file"].as_str().unwrap()).exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = workshop();
    let dist = folder.path().join("dist");
    let first = manifest(folder.path(), "1.safetensors");
    let file = dist.join(first["current"]["model"]["file"].as_str().unwrap());
    // The model is a link to a file of somebody's, then all models lie behind a link.
    let own = folder.path().join("own.safetensors");
    fs::rename(&file, &own).unwrap();
    symlink(&own, &file).unwrap();
    let said = String::from_utf8(foldin(folder.path(), "2.safetensors -o dist --keep 0").stderr).unwrap();
    assert!(own.exists() && said.contains("did not make it"), "{said}");
    fs::rename(dist.join("models"), folder.path().join("elsewhere")).unwrap();
    symlink(folder.path().join("elsewhere"), dist.join("models")).unwrap();
    let before = files(&folder.path().join("elsewhere")).len();
    let output = foldin(folder.path(), "3.safetensors -o dist --keep 0");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(files(&folder.path().join("elsewhere")).len(), before + 3, "one more model with its copies");
}

#[test]
fn every_damage_is_found_and_made_anew() {
    let folder = workshop();
    let dist = folder.path().join("dist");
    manifest(folder.path(), "1.safetensors");
    manifest(folder.path(), "2.safetensors");
    let output = check(&dist);
    assert!(output.status.success(), "{output:?}");
    let whole = |path: &Path| path.strip_prefix(&dist).unwrap().to_string_lossy().replace('\\', "/");
    let named = files(&dist)
        .into_iter()
        .filter(|path| whole(path).starts_with("models/") || whole(path).starts_with("foldin/"));
    for path in named.filter(|path| !whole(path).starts_with("models/1.")) {
        let before = fs::read(&path).unwrap();
        let mut damaged = before.clone();
        // The middle of a compressed file is data, not a header that says when it was made.
        let at = damaged.len() / 2;
        damaged[at] ^= 0x55;
        fs::write(&path, damaged).unwrap();
        let output = check(&dist);
        assert_refused(&output, &["checks failed", "deploy again"]);
        manifest(folder.path(), "2.safetensors");
        assert!(fs::read(&path).unwrap() == before, "{} is whole again", path.display());
        assert!(check(&dist).status.success(), "{}", path.display());
        fs::remove_file(&path).unwrap();
        assert_refused(&check(&dist), &["checks failed"]);
        manifest(folder.path(), "2.safetensors");
        assert!(fs::read(&path).unwrap() == before, "{} is there again", path.display());
    }
    // What no current model can mend is not rolled back to.
    let old = files(&dist)
        .into_iter()
        .find(|path| whole(path).starts_with("models/1.") && whole(path).ends_with("safetensors"));
    fs::write(old.unwrap(), "another").unwrap();
    assert_refused(&foldin(folder.path(), "--rollback -o dist"), &["damaged", "deploy its model again"]);
}

#[test]
fn what_a_page_imports_at_once_has_its_integrity() {
    let folder = workshop();
    let package = folder.path().join("node_modules/foldin/dist");
    let entry = "import{a}from\"./a.js\";import \"./b.js\";const later=()=>import(\"./later.js\");export{a}";
    fs::write(package.join("index.js"), entry).unwrap();
    for script in ["a.js", "b.js", "later.js"] {
        fs::write(package.join(script), format!("export const name = {script:?}")).unwrap();
    }
    let manifest = manifest(folder.path(), "1.safetensors");
    let modules = manifest["current"]["package"]["modules"].as_array().unwrap();
    let names: Vec<&str> =
        modules.iter().map(|m| m["file"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["index.js", "a.js", "b.js"]);
    for module in modules {
        let bytes = fs::read(folder.path().join("dist").join(module["file"].as_str().unwrap())).unwrap();
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(&bytes));
        assert_eq!(module["integrity"], format!("sha256-{hash}"));
    }
}

#[test]
fn marks_in_a_name_need_no_encoding_in_a_url() {
    let folder = workshop();
    let odd = folder.path().join("a #1? 50%.safetensors");
    fs::copy(folder.path().join("1.safetensors"), &odd).unwrap();
    let mut command = executable();
    let output = command
        .current_dir(folder.path())
        .arg("bundle")
        .arg(&odd)
        .args(["-o", "dist", "--json"])
        .output()
        .unwrap();
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = manifest["current"]["model"]["file"].as_str().unwrap();
    assert!(file.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b)), "{file}");
    assert_eq!(fs::read(folder.path().join("dist").join(file)).unwrap(), fs::read(odd).unwrap());
}

#[test]
fn scripts_and_headers_of_the_sites_own_stay() {
    let folder = workshop();
    let dist = folder.path().join("dist");
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("load.js"), "own").unwrap();
    assert_refused(&foldin(folder.path(), "1.safetensors -o dist"), &["load.js", "a folder of its own"]);
    assert_eq!(fs::read(dist.join("load.js")).unwrap(), b"own");
    fs::remove_file(dist.join("load.js")).unwrap();
    fs::write(dist.join("_headers"), [0xff, 0xfe]).unwrap();
    manifest(folder.path(), "1.safetensors");
    assert_eq!(fs::read(dist.join("_headers")).unwrap(), [0xff, 0xfe]);
    assert_refused(&check(folder.path()), &["no foldin.json"]);
}
