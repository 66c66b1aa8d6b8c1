//! A folder that any static host serves: the model and the npm package under names that carry their hash, and a
//! small manifest that says which of them count now.
//!
//! Deploying adds the new files first and replaces the manifest last, in one rename. Files of earlier versions stay,
//! so a visitor who began before the swap ends with the files they began with; whoever loads after it gets the new
//! ones. Nothing under a hashed name ever changes, so hosts may let browsers keep it for ever.

mod compress;
mod digest;
mod headers;
mod last;
mod listing;
mod manifest;
mod name;
mod package;
mod pieces;
mod remove;
mod verify;

pub use manifest::{Asset, MANIFEST, Manifest, Package, Part, Pieces, Release};
pub use name::Name;
pub use verify::verify;

use crate::lock::lock;
use crate::model_file;
use crate::publish::publish;
use compress::publish_with_copies;
use digest::{hex, sha256};
use foldin::error::{Error, Problem, Result};
use last::Last;
use remove::remove;
use std::path::{Path, PathBuf};

/// The script that loads what the manifest names.
const LOADER: &str = "load.js";
const LOADER_TEXT: &str = include_str!("load.js");

/// What is deployed, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The npm package's folder, with `package.json` and `dist`.
    pub package: Option<PathBuf>,
    /// Bytes of the head that a page answers from first; 0: none. Unless it is given, large models have one.
    pub head: Option<usize>,
    /// How many earlier releases keep their files.
    pub keep: usize,
    /// The address at which the folder will be served, for the headers: `/` or `/recommender/`.
    pub base: String,
    /// The time as the manifest tells it.
    pub now: String,
}

/// What a deployment came to.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// As it was written.
    pub manifest: Manifest,
    /// What lies where files of earlier releases were, and was left because foldin did not make it.
    pub left: Vec<PathBuf>,
}

/// Whoever deploys into a folder holds the lock on this file in it.
const LOCK: &str = ".foldin.lock";

/// Adds a model as the current release of the folder, which is made where there is none. `wait` is called where another
/// deployment into this folder has to end first.
///
/// # Errors
/// As [`model_file::read`]; [`Problem::Data`] for a folder with another manifest or a `load.js` of its own, a package
/// that is none, or a model name that is no text; [`Problem::Io`]. The release that was current then still is.
pub fn deploy(model: &Path, folder: &Path, options: &Options, wait: impl FnOnce()) -> Result<Deployed> {
    let name = model
        .file_stem()
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| refused(model, "a model without a name that is text", "rename the file"))?;
    let bytes = std::fs::read(model).map_err(Error::io(model))?;
    let opened = model_file::from_bytes(&bytes).map_err(|error| error.inside(model))?;
    let _lock = lock(&folder.join(LOCK), wait)?;
    let manifest = Manifest::read(folder)?;
    check_loader(folder)?;
    let hash = hex(&sha256(&bytes));
    let file = Name::of_model(name, &hash);
    let sizes = publish_with_copies(&folder.join(file.as_str()), &bytes)?;
    let version = hash[..12].to_owned();
    let last = Last::of(&opened, &manifest, folder);
    let size = pieces::Size { bytes: bytes.len(), head: options.head };
    let release = Release {
        pieces: pieces::deploy(&opened, size, last.as_ref(), (name, &version), folder)?,
        version,
        model: Asset::new(file, &bytes, sizes),
        package: options.package.as_ref().map(|package| package::deploy(package, folder)).transpose()?,
        deployed: options.now.clone(),
        items: opened.items(),
        dim: opened.dim(),
    };
    publish(&folder.join(LOADER), &[LOADER_TEXT.as_bytes()])?;
    headers::write(folder, &options.base)?;
    let (manifest, dropped) = manifest.with(release, options.keep);
    manifest.write(folder)?;
    let left = remove(folder, &manifest, &dropped);
    Ok(Deployed { manifest, left })
}

/// The model file of a folder's current release.
///
/// # Errors
/// [`Problem::Data`] for a folder without a release; as [`Manifest::read`].
pub fn current_model(folder: &Path) -> Result<PathBuf> {
    let release = Manifest::read(folder)?.current;
    let release = release.ok_or_else(|| {
        refused(folder, "no release of foldin bundle", "give the folder of one, or a model file")
    })?;
    Ok(folder.join(release.model.file.as_str()))
}

/// Makes the release before the current one current again. `wait` is as in [`deploy`].
///
/// # Errors
/// [`Problem::Data`] where there is none, or where its files are gone or damaged; [`Problem::Io`].
pub fn roll_back(folder: &Path, wait: impl FnOnce()) -> Result<Manifest> {
    let _lock = lock(&folder.join(LOCK), wait)?;
    let manifest = Manifest::read(folder)?.rolled_back().ok_or_else(|| {
        refused(folder, "no earlier release to go back to", "deploy a model twice before rolling back")
    })?;
    let current = manifest.current.as_ref().expect("the one before");
    if let Some(fault) = verify::faults_of_release(folder, current).first() {
        let problem = format!("release {}: {fault}", current.version);
        return Err(refused(folder, problem, "deploy its model again"));
    }
    manifest.write(folder)?;
    Ok(manifest)
}

/// # Errors
/// [`Problem::Data`] where the site has a script of that name which is not foldin's.
fn check_loader(folder: &Path) -> Result<()> {
    let path = folder.join(LOADER);
    let first = LOADER_TEXT.lines().next().unwrap_or_default();
    match std::fs::read(&path) {
        Ok(text) if !text.starts_with(first.as_bytes()) => {
            let remedy = "give a folder of its own, such as dist/recommender/";
            Err(refused(&path, "a script of the site's own would be overwritten", remedy))
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn refused(place: &Path, problem: impl Into<String>, remedy: &str) -> Error {
    Problem::Data { place: place.display().to_string(), problem: problem.into(), remedy: remedy.into() }
        .into()
}
