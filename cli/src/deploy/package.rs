//! The npm package's files, for pages that no bundler builds.

use super::compress::publish_with_copies;
use super::digest::{integrity, sha256 as hash_of};
use super::listing::Listing;
use super::manifest::{Module, Package, entry};
use super::name::{Name, is_part};
use super::refused;
use foldin::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Info {
    name: String,
    version: String,
}

/// Copies the package's `dist`, without types and documentation, which no browser reads.
pub(super) fn deploy(package: &Path, folder: &Path) -> Result<Package> {
    let info = info(package)?;
    let root = package.join("dist");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    let mut files = BTreeMap::new();
    for path in paths {
        let name = path.strip_prefix(&root).expect("found below it").to_string_lossy().replace('\\', "/");
        // Hidden files, and what no browser reads.
        if name.split('/').all(is_part) && ![".d.ts", ".md"].iter().any(|end| name.ends_with(end)) {
            files.insert(name, std::fs::read(&path).map_err(Error::io(path))?);
        }
    }
    if !files.contains_key("index.js") {
        return Err(refused(&root, "no index.js", "give the folder of the built npm package"));
    }
    let listing = Listing::of(&files);
    let sha256 = listing.sha256().expect("names that were chosen above");
    let name = Name::of_package(&sha256);
    let mut deployed = Package {
        version: info.version,
        entry: entry(&name),
        modules: modules(&name, &files),
        folder: name,
        bytes: 0,
        gzip: 0,
        brotli: 0,
        sha256,
    };
    for (file, bytes) in &files {
        let compressed = publish_with_copies(&folder.join(deployed.folder.as_str()).join(file), bytes)?;
        deployed.bytes += bytes.len();
        deployed.gzip += compressed.gzip;
        deployed.brotli += compressed.brotli;
    }
    listing.write(folder, &deployed.folder)?;
    Ok(deployed)
}

/// The entry, and what it imports at once: `from"./a.js"` or `import"./a.js"` in the built scripts.
fn modules(name: &Name, files: &BTreeMap<String, Vec<u8>>) -> Vec<Module> {
    let mut found = vec!["index.js"];
    let mut next = 0;
    while let Some(script) = found.get(next).and_then(|file| std::str::from_utf8(&files[*file]).ok()) {
        let parts = script.split("\"./");
        let imported = parts.clone().zip(parts.skip(1)).filter(|(before, _)| {
            let before = before.trim_end();
            before.ends_with("from") || before.ends_with("import")
        });
        for file in imported.filter_map(|(_, rest)| rest.split('"').next()) {
            if files.contains_key(file) && !found.contains(&file) {
                found.push(file);
            }
        }
        next += 1;
    }
    let module =
        |file: &str| Module { file: format!("{name}/{file}"), integrity: integrity(hash_of(&files[file])) };
    found.into_iter().map(module).collect()
}

fn info(package: &Path) -> Result<Info> {
    let path = package.join("package.json");
    let text = std::fs::read(&path).map_err(Error::io(&path))?;
    let remedy = "give the folder that `npm install foldin` made, node_modules/foldin";
    let info: Info =
        serde_json::from_slice(&text).map_err(|error| refused(&path, error.to_string(), remedy))?;
    match info.name == "foldin" {
        true => Ok(info),
        false => Err(refused(&path, format!("the package {}", info.name), remedy)),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
