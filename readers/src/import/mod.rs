//! Item vectors that other libraries wrote. Which format a file has is found by looking into it, not by its
//! name; what cannot be told safely is refused with the way to export it.
//!
//! One file a format: each gives [`Vectors`], all else (ids from a side file, checks) is done here once.

mod arrays;
mod format;
mod ids;
mod implicit;
mod numpy;
pub(super) mod panics;
mod parquet;
mod safetensors;
mod spark;
mod table;
mod vectors;
mod word2vec;

pub use format::Format;

use foldin::error::{Error, Problem, Result};
use foldin::model::{Factors, Recipe};
use std::path::{Path, PathBuf};
use vectors::Vectors;

/// What a file does not tell by itself.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A side file with an id a row: lines of text, a column of a table, a JSON list, or a `.npy` array.
    pub ids: Option<PathBuf>,
    /// The column of ids, in tables and Parquet files.
    pub id_column: Option<String>,
    /// The column of vectors, in tables and Parquet files.
    pub vector_column: Option<String>,
    /// The array of item vectors, in files that hold several.
    pub tensor: Option<String>,
    /// Take a Spark folder whose part files have gaps in their numbers.
    pub allow_missing_parts: bool,
    /// Rows to leave out at the start: RecBole's and others' padding.
    pub skip_rows: usize,
    /// What a packed file may unfold to.
    pub max_bytes: Option<u64>,
}

/// What was read.
#[derive(Debug)]
pub struct Imported {
    /// What the file turned out to be.
    pub format: Format,
    /// Vectors, ids, biases and, where the file tells them, the hyperparameters of their training.
    pub factors: Factors,
    /// What was taken and what was assumed, a sentence each.
    pub notes: Vec<String>,
}

/// Reads the item vectors of a file or folder.
///
/// # Errors
/// [`Problem::Io`] for what the system refuses. [`Problem::Data`], naming the place and the remedy, for a format
/// that is unknown or unsafe (a pickle), damaged contents, a number that is not finite, rows of different
/// lengths, and ids that do not match the rows. An id that stands twice is left to
/// [`foldin::Model::pack`].
pub fn read(path: impl AsRef<Path>, options: &Options) -> Result<Imported> {
    let path = path.as_ref();
    let format = Format::of(path)?;
    let vectors = match format {
        Format::Spark => spark::read(path, options),
        Format::Parquet => parquet::read(path, options),
        Format::Implicit => implicit::read(path),
        Format::Npz => numpy::read_archive(path, options),
        Format::Npy => numpy::read(path),
        Format::Safetensors => safetensors::read(path, options),
        Format::Word2Vec => word2vec::read(path, options),
        Format::Table => table::read(path, options),
        Format::Arrays => unreachable!("no file"),
    }?;
    if matches!(format, Format::Table | Format::Word2Vec) {
        check_ids(path, vectors.ids.as_deref().unwrap_or_default())?;
    }
    finish(vectors, format, path, options)
}

/// Item vectors in memory, and what is known of them.
#[derive(Debug, Default)]
pub struct Given {
    /// [items, dim]
    pub values: ndarray::Array2<f32>,
    /// [items]; None: the ids are the row numbers.
    pub ids: Option<Vec<String>>,
    /// [items]
    pub biases: Option<Vec<f32>>,
    /// Alpha and regularisation of implicit's ALS.
    pub als: Option<(f32, f32)>,
    /// User vectors [users, dim] of implicit's BPR or logistic matrix factorisation, which tell the column of biases.
    pub users: Option<ndarray::Array2<f32>>,
}

/// Takes item vectors that are in memory; errors call them `source`.
///
/// # Errors
/// As [`read`].
pub fn take(given: Given, source: &str, options: &Options) -> Result<Imported> {
    let dim = given.values.ncols();
    let values = given.values.as_standard_layout().iter().copied().collect();
    let format = if given.als.is_some() || given.users.is_some() { Format::Implicit } else { Format::Arrays };
    let mut vectors = Vectors { ids: given.ids, values, dim, biases: given.biases, ..Vectors::default() };
    if let Some((alpha, regularization)) = given.als {
        implicit::trained_with(&mut vectors, alpha, regularization);
    } else if let Some(users) = given.users.filter(|users| users.ncols() == dim) {
        let users: Vec<f32> = users.iter().copied().collect();
        implicit::split_biases(&mut vectors, &users);
    }
    finish(vectors, format, Path::new(source), options)
}

/// What all formats have in common.
fn finish(mut vectors: Vectors, format: Format, path: &Path, options: &Options) -> Result<Imported> {
    vectors.skip(options.skip_rows, path)?;
    if let Some(file) = &options.ids {
        let ids = ids::read(file, options.id_column.as_deref(), vectors.items())?;
        vectors.replace_ids(ids, file)?;
    }
    vectors.check(path)?;
    let Vectors { ids, values, dim, biases, recipe, notes } = vectors;
    let items = values.len() / dim;
    let values = ndarray::Array2::from_shape_vec((items, dim), values).expect("whole rows, as checked");
    let mut factors = Factors::external(values, ids);
    factors.biases = biases;
    factors.recipe = recipe.unwrap_or_else(Recipe::default);
    factors.metadata.insert("imported_from".into(), format.name().into());
    Ok(Imported { format, factors, notes })
}

/// Refuses numbers with decimals as ids: `numpy.savetxt` writes vectors alone, and the first number of each is none.
fn check_ids(path: &Path, ids: &[String]) -> Result<()> {
    let number = |id: &String| id.parse::<f64>().ok();
    let has_decimals = |id: &String| number(id).is_some_and(|number| number.fract() != 0.0);
    match ids.iter().find(|id| has_decimals(id)) {
        Some(id) if ids.iter().all(|id| number(id).is_some()) => {
            let problem = format!("rows that begin with a number such as {id}, which is no id");
            let remedy = "save vectors without ids by `numpy.save(\"vectors.npy\", array)`, and name the ids with --ids";
            Err(refused(path.display(), problem, remedy))
        }
        _ => Ok(()),
    }
}

/// The error for contents that cannot be used.
fn refused(place: impl ToString, problem: impl Into<String>, remedy: impl Into<String>) -> Error {
    Problem::Data { place: place.to_string(), problem: problem.into(), remedy: remedy.into() }.into()
}

/// The error for a file that breaks off or contradicts itself; of what a parser draws the first line is kept.
fn damaged(path: &Path, error: impl ToString) -> Error {
    let error = error.to_string();
    refused(
        path.display(),
        error.lines().next().unwrap_or_default(),
        "the file is damaged or cut short: export it again",
    )
}
