//! NumPy's `.npy` arrays and `.npz` archives of them.
//!
//! Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

use super::arrays::{self, Array};
use super::vectors::{MAX_NUMBERS, Vectors, too_many};
use super::{Options, damaged, refused};
use foldin::error::{Error, Result};
use half::f16;
use npyz::{NpyFile, NpyHeader, Order};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// Headers of real arrays are of 128 bytes, or few times that.
const MAX_HEADER: usize = 1 << 16;

/// Factors are nearly random bits, which no archive packs this well.
const MAX_EXPANSION: u64 = 100;

/// An array that has been opened; its numbers are still to be read.
pub(super) struct Npy<R: Read> {
    place: String,
    header: NpyHeader,
    data: R,
}

impl<R: Read> Npy<R> {
    /// Reads the header. `place` names the array in errors.
    pub fn open(place: String, mut reader: R) -> Result<Npy<R>> {
        let broken = |error: std::io::Error| damaged(Path::new(&place), error);
        let mut head = vec![0; 8];
        reader.read_exact(&mut head).map_err(broken)?;
        let width = if head[6] == 1 { 2 } else { 4 };
        head.resize(8 + width, 0);
        reader.read_exact(&mut head[8..]).map_err(broken)?;
        let length = head[8..].iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
        if length > MAX_HEADER {
            return Err(damaged(Path::new(&place), format!("a header of {length} bytes")));
        }
        head.resize(8 + width + length, 0);
        reader.read_exact(&mut head[8 + width..]).map_err(broken)?;
        // The parser recurses.
        if head.iter().filter(|byte| b"([{".contains(byte)).count() > 64 {
            return Err(damaged(Path::new(&place), "a header of nested types"));
        }
        let header = NpyHeader::from_reader(head.as_slice()).map_err(broken)?;
        Ok(Npy { place, header, data: reader })
    }

    /// Whether it holds Python objects, which only running a pickle would show.
    pub fn is_pickle(&self) -> bool {
        self.header.dtype().uses_pickled_array()
    }

    fn pickle(self) -> Error {
        let problem =
            "an array of Python objects, stored as a pickle, which is never read because it can run programs";
        let file = &self.place;
        let remedy = format!(
            "if you trust it, run `import numpy as n; a = n.load({file:?}, allow_pickle=True); n.save({file:?}, n.stack(a).astype(\"float32\"))`; \
             for ids `n.save({file:?}, a.astype(\"U\"))`"
        );
        refused(self.place, problem, remedy)
    }

    pub fn shape(&self) -> Vec<usize> {
        self.header.shape().iter().map(|&axis| usize::try_from(axis).unwrap_or(usize::MAX)).collect()
    }

    /// The type without its byte order: `f4`, `i8`, `U12`.
    pub fn kind(&self) -> String {
        let descr = self.header.dtype().descr();
        descr.trim_matches('\'').trim_start_matches(['<', '>', '|', '=']).to_owned()
    }

    fn len(&self) -> Result<usize> {
        let len = self.shape().iter().try_fold(1usize, |len, &axis| len.checked_mul(axis));
        len.filter(|&len| len <= MAX_NUMBERS).ok_or_else(|| too_many(self.place.clone()))
    }

    /// All numbers in the order of the rows, whichever way they lie in the file.
    pub fn numbers(self) -> Result<Vec<f32>> {
        if self.is_pickle() {
            return Err(self.pickle());
        }
        let (len, shape, order, kind) = (self.len()?, self.shape(), self.header.order(), self.kind());
        let values = match kind.as_str() {
            "f2" => self.read(len, |value: f16| value.to_f32()),
            "f4" => self.read(len, |value: f32| value),
            "f8" => self.read(len, |value: f64| value as f32),
            _ => {
                let problem = format!("numbers of type {kind}");
                Err(refused(self.place, problem, "save floats: `array.astype(\"float32\")`"))
            }
        }?;
        match (order, shape.as_slice()) {
            (Order::Fortran, &[rows, columns]) => {
                Ok((0..rows * columns).map(|at| values[at % columns * rows + at / columns]).collect())
            }
            _ => Ok(values),
        }
    }

    /// A hyperparameter, of any type that numbers have: those of systems differ.
    pub fn number(self) -> Result<f32> {
        let values = match self.kind().as_bytes() {
            [b'i' | b'u', _] => self.ids()?.iter().map(|id| id.parse().unwrap_or(f32::NAN)).collect(),
            _ => self.numbers()?,
        };
        Ok(values.first().copied().unwrap_or(1.0))
    }

    /// Ids: integers or strings.
    pub fn ids(self) -> Result<Vec<String>> {
        if self.is_pickle() {
            return Err(self.pickle());
        }
        let (len, kind) = (self.len()?, self.kind());
        match kind.as_str() {
            "i1" => self.read(len, |id: i8| id.to_string()),
            "i2" => self.read(len, |id: i16| id.to_string()),
            "i4" => self.read(len, |id: i32| id.to_string()),
            "i8" => self.read(len, |id: i64| id.to_string()),
            "u1" => self.read(len, |id: u8| id.to_string()),
            "u2" => self.read(len, |id: u16| id.to_string()),
            "u4" => self.read(len, |id: u32| id.to_string()),
            "u8" => self.read(len, |id: u64| id.to_string()),
            _ if kind.starts_with('U') => self.strings(len),
            _ if kind.starts_with('S') => self.byte_strings(len),
            _ => {
                let problem = format!("ids of type {kind}");
                Err(refused(self.place, problem, "save integers or strings: `array.astype(\"U\")`"))
            }
        }
    }

    fn read<T: npyz::Deserialize, U>(self, len: usize, convert: impl Fn(T) -> U) -> Result<Vec<U>> {
        let broken = |error: std::io::Error| damaged(Path::new(&self.place), error);
        let values = NpyFile::with_header(self.header, self.data)
            .data::<T>()
            .map_err(|error| damaged(Path::new(&self.place), error))?;
        // Not `with_capacity(len)`: the header may promise what does not follow.
        let values: Vec<U> =
            values.map(|value| value.map(&convert)).collect::<Result<_, _>>().map_err(broken)?;
        match values.len() == len {
            true => Ok(values),
            false => Err(damaged(
                Path::new(&self.place),
                format!("expected {len} numbers, found {}", values.len()),
            )),
        }
    }

    /// UTF-8 or ASCII, padded with zeros to the longest.
    fn byte_strings(mut self, len: usize) -> Result<Vec<String>> {
        let mut bytes = vec![0; self.header.dtype().num_bytes().unwrap_or(0)];
        let mut read = || {
            self.data.read_exact(&mut bytes).map_err(|error| damaged(Path::new(&self.place), error))?;
            let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            let text = str::from_utf8(&bytes[..end]).map(str::to_owned);
            text.map_err(|_| damaged(Path::new(&self.place), "a string that is not UTF-8"))
        };
        (0..len).map(|_| read()).collect()
    }

    /// UTF-32, padded with zeros to the longest.
    fn strings(mut self, len: usize) -> Result<Vec<String>> {
        let big = self.header.dtype().descr().starts_with("'>");
        let width = self.header.dtype().num_bytes().unwrap_or(0);
        let mut bytes = vec![0; width];
        let mut read = || {
            self.data.read_exact(&mut bytes).map_err(|error| damaged(Path::new(&self.place), error))?;
            let code =
                |four: &[u8; 4]| if big { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) };
            let codes = bytes.as_chunks().0.iter().map(code).take_while(|&code| code != 0);
            let text: Option<String> = codes.map(char::from_u32).collect();
            text.ok_or_else(|| damaged(Path::new(&self.place), "a string that is not Unicode"))
        };
        (0..len).map(|_| read()).collect()
    }
}

/// Reads a `.npy` file: a matrix with a row an item.
pub(super) fn read(path: &Path) -> Result<Vectors> {
    matrix(open_file(path)?)
}

/// Opens a `.npy` file.
pub(super) fn open_file(path: &Path) -> Result<Npy<BufReader<File>>> {
    let file = BufReader::new(File::open(path).map_err(Error::io(path))?);
    Npy::open(path.display().to_string(), file)
}

fn matrix<R: Read>(array: Npy<R>) -> Result<Vectors> {
    match array.shape()[..] {
        _ if array.is_pickle() => Err(array.pickle()),
        [_, dim] => Ok(Vectors { dim, values: array.numbers()?, ..Vectors::default() }),
        ref shape => {
            let problem = format!("expected a matrix [items, dim], found an array {shape:?}");
            Err(refused(array.place, problem, "save the item vectors, one a row"))
        }
    }
}

/// An `.npz` archive.
pub(super) struct Archive {
    path: PathBuf,
    names: Vec<String>,
    zip: ZipArchive<BufReader<File>>,
    /// Of the file, in bytes.
    length: u64,
}

impl Archive {
    pub fn open(path: &Path) -> Result<Archive> {
        let file = File::open(path).map_err(Error::io(path))?;
        let length = file.metadata().map_err(Error::io(path))?.len();
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, error))?;
        let names = zip.file_names().map(|name| name.map(|name| name.into_owned()));
        let names = names.collect::<Result<_, _>>().map_err(|error| damaged(path, error))?;
        Ok(Archive { path: path.to_owned(), names, zip, length })
    }

    /// The entries: an array `x` is called `x.npy`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it has an array of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|entry| entry.strip_suffix(".npy") == Some(name))
    }

    /// The array that the archive calls `name`, without `.npy`.
    pub fn array(&mut self, name: &str) -> Result<Npy<impl Read>> {
        let place = format!("{}: {name}", self.path.display());
        let entry = self.zip.by_name(&format!("{name}.npy")).map_err(|error| damaged(&self.path, error))?;
        // The directory may say anything; the file cannot hold more than it is long.
        let (size, packed) = (entry.size(), entry.compressed_size().min(self.length).max(1));
        if size / packed > MAX_EXPANSION {
            let problem = format!("{packed} bytes that unfold to {size}");
            return Err(refused(place, problem, "factors never do: save them with `numpy.savez`"));
        }
        Npy::open(place, entry.take(size))
    }

    pub fn arrays(&mut self) -> Result<Vec<Array>> {
        let names: Vec<String> =
            self.names.iter().filter_map(|name| name.strip_suffix(".npy")).map(String::from).collect();
        let mut describe = |name: String| {
            let array = self.array(&name)?;
            // implicit saves its random state so; nobody needs it.
            if array.is_pickle() {
                return Ok(None);
            }
            let (shape, float) = (array.shape(), array.kind().starts_with('f'));
            drop(array);
            Ok(Some(Array { shape, float, name }))
        };
        names.into_iter().filter_map(|name| describe(name).transpose()).collect()
    }
}

/// Reads an `.npz` archive: its matrix of item vectors, with biases and ids where it has them.
pub(super) fn read_archive(path: &Path, options: &Options) -> Result<Vectors> {
    let mut archive = Archive::open(path)?;
    let arrays = archive.arrays()?;
    let chosen = arrays::choose(path, &arrays, options)?;
    let mut vectors = matrix(archive.array(&chosen.factors.name)?)?;
    vectors.notes.push(format!("item vectors from the array {}", chosen.factors.name));
    if let Some(biases) = chosen.biases {
        vectors.biases = Some(archive.array(&biases.name)?.numbers()?);
        vectors.notes.push(format!("item biases from the array {}", biases.name));
    }
    if let Some(ids) = chosen.ids.filter(|_| options.ids.is_none()) {
        vectors.ids = Some(archive.array(&ids.name)?.ids()?);
        vectors.notes.push(format!("ids from the array {}", ids.name));
    }
    Ok(vectors)
}

/// The ids in a `.npy` file.
pub(super) fn read_ids(path: &Path) -> Result<Vec<String>> {
    open_file(path)?.ids()
}
