//! The folder that Spark ML's `ALSModel.save` makes: `metadata` (JSON) and `itemFactors` (Parquet parts with columns
//! `id` and `features`). The users' half is not needed: visitors are folded in.

use super::vectors::Vectors;
use super::{Options, damaged, parquet, refused};
use foldin::error::{Error, Result};
use foldin::model::Recipe;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const CLASS: &str = "org.apache.spark.ml.recommendation.ALSModel";
const AGAIN: &str = "copy the folder again, whole, or save the model again";

#[derive(Deserialize)]
struct Metadata {
    class: String,
    rank: Option<usize>,
}

/// Reads the item factors.
///
/// Spark does not save how the model was trained. What is assumed is `ALS(implicitPrefs=True)` with Spark's own
/// defaults, alpha = 1 and regParam = 0.1: see [`recipe`].
pub(super) fn read(path: &Path, options: &Options) -> Result<Vectors> {
    let metadata = metadata(path)?;
    let folder = path.join("itemFactors");
    let parts = parts(&folder, options)?;
    let mut vectors = Vectors::default();
    let columns = Options {
        id_column: Some("id".into()),
        vector_column: Some("features".into()),
        ..Options::default()
    };
    parts.iter().try_for_each(|part| parquet::read_into(&mut vectors, part, &columns))?;
    if let Some(rank) = metadata.rank.filter(|&rank| rank != vectors.dim) {
        let problem = format!("the metadata tells rank {rank}, the factors have {} numbers", vectors.dim);
        return Err(refused(folder.display(), problem, AGAIN));
    }
    vectors.recipe = Some(recipe(1.0, 0.1));
    vectors.notes.push("Spark saves neither alpha nor regParam: 1 and 0.1 are assumed unless told".into());
    Ok(vectors)
}

/// Spark's implicit ALS solves `(G + Σ α r q qᵀ + λ n I) p = Σ (1 + α r) q` with n the user's interactions
/// (`RegressionALS`, after Hu, Koren and Volinsky 2008). Divided by α this is the fold-in with alpha0 = 1/α and
/// regularisation λ/α, whose vector is shorter but points the same way.
fn recipe(alpha: f32, regularization: f32) -> Recipe {
    Recipe {
        unobserved_weight: 1.0 / alpha,
        regularization: regularization / alpha,
        frequency_exponent: 1.0,
        ..Recipe::default()
    }
}

/// The first line of the one text file in `metadata`.
fn metadata(path: &Path) -> Result<Metadata> {
    let folder = path.join("metadata");
    let names = names_in(&folder)?;
    let part = names
        .iter()
        .find(|name| name.starts_with("part-"))
        .ok_or_else(|| refused(folder.display(), "no part file", AGAIN))?;
    let file = folder.join(part);
    let text = std::fs::read_to_string(&file).map_err(Error::io(&file))?;
    let metadata: Metadata = serde_json::from_str(text.lines().next().unwrap_or_default())
        .map_err(|error| damaged(&file, error))?;
    match metadata.class == CLASS {
        true => Ok(metadata),
        false => Err(refused(
            file.display(),
            format!("a saved {}", metadata.class),
            format!(
                "give a saved {CLASS}; of a Pipeline save the stage itself: `model.stages[-1].save(...)`"
            ),
        )),
    }
}

/// The parts, after what can be seen to be missing was refused.
fn parts(folder: &Path, options: &Options) -> Result<Vec<PathBuf>> {
    let names = names_in(folder)?;
    if !names.contains("_SUCCESS") {
        return Err(refused(folder.display(), "no _SUCCESS: Spark did not finish writing it", AGAIN));
    }
    // Hadoop leaves a checksum beside each file, `.part-....crc`.
    let checked = names.iter().filter_map(|name| name.strip_prefix('.')?.strip_suffix(".crc"));
    if let Some(missing) = checked.into_iter().find(|name| !names.contains(*name)) {
        return Err(refused(folder.display(), format!("{missing} is missing, its checksum is there"), AGAIN));
    }
    let files = parquet::files_in(folder)?;
    let numbers: BTreeSet<usize> = files.iter().filter_map(|file| part_number(file.file_name())).collect();
    let last = numbers.last().copied().unwrap_or(0);
    match (0..=last).find(|number| !numbers.contains(number)) {
        Some(gap) if !options.allow_missing_parts => Err(refused(
            folder.display(),
            format!("part {gap:05} of {} is missing", last + 1),
            format!("{AGAIN}; if Spark left it out because it was empty, say --allow-missing-parts"),
        )),
        _ => Ok(files),
    }
}

/// 3 of `part-00003-uuid.snappy.parquet`.
fn part_number(name: Option<&OsStr>) -> Option<usize> {
    name?.to_str()?.strip_prefix("part-")?.split('-').next()?.parse().ok()
}

fn names_in(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refused(folder.display(), "the folder is missing", AGAIN),
        _ => Error::io(folder)(error),
    })?;
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned()).map_err(Error::io(folder))
    };
    entries.map(name).collect()
}
