//! A folder that any static host serves: the model and the npm package under names that carry their hash, and a
//! small manifest that says which of them count now.
//!
//! Deploying adds the new files first and replaces the manifest last, in one rename. Files of earlier versions stay,
//! so a visitor who began before the swap ends with the files they began with; whoever loads after it gets the new
//! ones. Nothing under a hashed name ever changes, so hosts may let browsers keep it for ever.

mod compress;
mod digest;
mod headers;
mod manifest;
mod package;

pub use manifest::{Asset, MANIFEST, Manifest, Package, Release};

use crate::model_file;
use crate::publish::publish;
use compress::Compressed;
use digest::{hex, sha256};
use foldin::error::{Error, Problem, Result};
use std::path::{Path, PathBuf};

/// The script that loads what the manifest names.
const LOADER: (&str, &str) = ("load.js", include_str!("load.js"));

/// What is deployed, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The npm package's folder, with `package.json` and `dist`.
    pub package: Option<PathBuf>,
    /// How many earlier releases keep their files.
    pub keep: usize,
    /// The address at which the folder will be served, for the headers: `/` or `/recommender/`.
    pub base: String,
    /// The time as the manifest tells it.
    pub now: String,
}

/// Adds a model as the current release of the folder, which is made where there is none.
///
/// # Errors
/// As [`model_file::read`]; [`Problem::Data`] for a folder with another manifest, a package that is none, or a model name
/// that is no file name; [`Problem::Io`]. The release that was current then still is.
pub fn deploy(model: &Path, folder: &Path, options: &Options) -> Result<Manifest> {
    let name = model
        .file_stem()
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| refused(model, "a model without a name that is text", "rename the file"))?;
    let opened = model_file::read(model)?;
    let bytes = std::fs::read(model).map_err(Error::io(model))?;
    let manifest = Manifest::read(folder)?;
    let hash = sha256(&bytes);
    let version = hex(&hash)[..12].to_owned();
    let file = format!("models/{name}.{version}.safetensors");
    let release = Release {
        model: Asset::new(&file, &bytes, publish_compressed(&folder.join(&file), &bytes)?),
        package: options.package.as_ref().map(|package| package::deploy(package, folder)).transpose()?,
        version,
        deployed: options.now.clone(),
        items: opened.items(),
        dim: opened.dim(),
    };
    publish(&folder.join(LOADER.0), &[LOADER.1.as_bytes()])?;
    headers::write(folder, &options.base)?;
    let (manifest, dropped) = manifest.with(release, options.keep);
    manifest.write(folder)?;
    remove(folder, &manifest, &dropped);
    Ok(manifest)
}

/// Makes the release before the current one current again.
///
/// # Errors
/// [`Problem::Data`] where there is none, or where its files are gone; [`Problem::Io`].
pub fn roll_back(folder: &Path) -> Result<Manifest> {
    let manifest = Manifest::read(folder)?.rolled_back().ok_or_else(|| {
        refused(folder, "no earlier release to go back to", "deploy a model twice before rolling back")
    })?;
    let current = manifest.current.as_ref().expect("the one before");
    let files =
        std::iter::once(&current.model.file).chain(current.package.iter().map(|package| &package.entry));
    for file in files {
        if !folder.join(file).exists() {
            let problem = format!("{file} of release {} is gone", current.version);
            return Err(refused(folder, problem, "deploy its model again"));
        }
    }
    manifest.write(folder)?;
    Ok(manifest)
}

/// Publishes a file with its `.gz` and `.br`, unless they are there: its name carries its hash.
fn publish_compressed(path: &Path, bytes: &[u8]) -> Result<Compressed> {
    let (gzip, brotli) = (beside(path, ".gz"), beside(path, ".br"));
    let size = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.len() as usize);
    if let (Ok(plain), Ok(gzip), Ok(brotli)) = (size(path), size(&gzip), size(&brotli))
        && plain == bytes.len()
    {
        return Ok(Compressed { gzip, brotli });
    }
    let (zipped, packed) = rayon::join(|| compress::gzip(bytes), || compress::brotli(bytes));
    publish(&gzip, &[&zipped])?;
    publish(&brotli, &[&packed])?;
    publish(path, &[bytes])?;
    Ok(Compressed { gzip: zipped.len(), brotli: packed.len() })
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes the files of releases that are no longer kept. What cannot be removed does no harm.
fn remove(folder: &Path, kept: &Manifest, dropped: &[Release]) {
    let models: Vec<&str> = kept.releases().map(|release| release.model.file.as_str()).collect();
    let packages: Vec<&str> =
        kept.releases().flat_map(|release| &release.package).map(|p| p.folder.as_str()).collect();
    for release in dropped {
        let model = folder.join(&release.model.file);
        if !models.contains(&release.model.file.as_str()) {
            for file in [beside(&model, ".gz"), beside(&model, ".br"), model] {
                let _ = std::fs::remove_file(file);
            }
        }
        for package in release.package.iter().filter(|package| !packages.contains(&package.folder.as_str())) {
            let _ = std::fs::remove_dir_all(folder.join(&package.folder));
        }
    }
}

fn refused(place: &Path, problem: impl Into<String>, remedy: &str) -> Error {
    Problem::Data { place: place.display().to_string(), problem: problem.into(), remedy: remedy.into() }
        .into()
}
