//! The npm package's files, for pages that no bundler builds.

use super::digest::{hex, sha256};
use super::manifest::Package;
use super::{publish_compressed, refused};
use foldin::error::{Error, Result};
use serde::Deserialize;
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
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.retain(|file| ![".d.ts", ".md"].iter().any(|end| file.to_string_lossy().ends_with(end)));
    files.sort();
    let contents: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(&root).expect("found below it").to_string_lossy().replace('\\', "/");
            Ok((name, std::fs::read(file).map_err(Error::io(file))?))
        })
        .collect::<Result<_>>()?;
    if !contents.iter().any(|(name, _)| name == "index.js") {
        return Err(refused(&root, "no index.js", "give the folder of the built npm package"));
    }
    let digests: Vec<u8> =
        contents.iter().flat_map(|(name, bytes)| [sha256(name.as_bytes()), sha256(bytes)].concat()).collect();
    let hash = hex(&sha256(&digests));
    let mut deployed = Package {
        version: info.version,
        entry: format!("foldin/{}/index.js", &hash[..12]),
        folder: format!("foldin/{}", &hash[..12]),
        bytes: 0,
        gzip: 0,
        brotli: 0,
        sha256: hash,
    };
    for (name, bytes) in &contents {
        let compressed = publish_compressed(&folder.join(&deployed.folder).join(name), bytes)?;
        deployed.bytes += bytes.len();
        deployed.gzip += compressed.gzip;
        deployed.brotli += compressed.brotli;
    }
    Ok(deployed)
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
