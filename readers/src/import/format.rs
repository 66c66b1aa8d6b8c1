//! Which format a file has, from its first bytes.

use super::super::input::Input;
use super::numpy::Archive;
use super::{refused, word2vec};
use flate2::read::MultiGzDecoder;
use foldin::error::{Error, Result};
use std::io::Read;
use std::path::Path;

/// The formats that are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A folder that Spark ML's `ALSModel` was saved to.
    Spark,
    /// A Parquet file, or a folder of them, with a row an item.
    Parquet,
    /// A model that implicit saved (`.npz`).
    Implicit,
    /// An archive of NumPy arrays.
    Npz,
    /// One NumPy array.
    Npy,
    /// Named tensors, as Python's safetensors writes them.
    Safetensors,
    /// word2vec's text format, as gensim writes it, or GloVe's, which has no first line of sizes.
    Word2Vec,
    /// CSV, TSV and the like, a row an item.
    Table,
    /// Arrays in memory.
    Arrays,
}

/// How many first bytes are looked at.
const HEAD: u64 = 4096;

const PICKLE: &str = "a pickle is a program: reading it runs whatever it says, so it is never read";
const EXPORT: &str = "export the item vectors in Python, for example `safetensors.torch.save_file({\"item_factors\": \
                      model.item.weight.detach().contiguous()}, \"items.safetensors\")` or `numpy.save`";

impl Format {
    /// The name in reports and in the model's metadata.
    pub fn name(self) -> &'static str {
        match self {
            Format::Spark => "spark",
            Format::Parquet => "parquet",
            Format::Implicit => "implicit",
            Format::Npz => "npz",
            Format::Npy => "npy",
            Format::Safetensors => "safetensors",
            Format::Word2Vec => "word2vec",
            Format::Table => "table",
            Format::Arrays => "arrays",
        }
    }

    /// Looks at a file or folder.
    pub(super) fn of(path: &Path) -> Result<Format> {
        if path.is_dir() {
            return match path.join("itemFactors").exists() || path.join("metadata").exists() {
                true => Ok(Format::Spark),
                false => Ok(Format::Parquet),
            };
        }
        let mut head = Vec::new();
        let (file, size) = Input::from(path).open()?;
        let Some(size) = size else {
            return Err(refused(
                path.display(),
                "a pipe, which cannot be read twice",
                "write it to a file first",
            ));
        };
        file.take(HEAD).read_to_end(&mut head).map_err(Error::io(path))?;
        let refuse = |problem: &str, remedy: &str| Err(refused(path.display(), problem, remedy));
        match head.as_slice() {
            [] => refuse("the file is empty", "export it again"),
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Ok(Format::Npy),
            [b'P', b'A', b'R', b'1', ..] => Ok(Format::Parquet),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Format::of_archive(path),
            [0x80, 2..=5, ..] => refuse(PICKLE, EXPORT),
            [0x89, b'H', b'D', b'F', ..] => refuse("HDF5, which is not read", EXPORT),
            [0x1f, 0x8b, ..] => Format::of_text(path, &unpacked(&head)),
            // UTF-16: a table decodes it.
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Ok(Format::Table),
            head if is_safetensors(head, size) => Ok(Format::Safetensors),
            head => Format::of_text(path, head),
        }
    }

    fn of_archive(path: &Path) -> Result<Format> {
        let archive = Archive::open(path)?;
        let has = |end: &str| archive.names().iter().any(|name| name.ends_with(end));
        if archive.has("item_factors") {
            Ok(Format::Implicit)
        } else if has(".npy") {
            Ok(Format::Npz)
        } else if has("data.pkl") {
            Err(refused(path.display(), format!("a PyTorch archive around a pickle: {PICKLE}"), EXPORT))
        } else {
            let some = archive.names().iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
            let problem = format!("a zip archive without NumPy arrays (it has {some})");
            Err(refused(path.display(), problem, "give an .npz of implicit or NumPy"))
        }
    }

    fn of_text(path: &Path, head: &[u8]) -> Result<Format> {
        let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let first =
            str::from_utf8(line).map(|line| line.trim_start_matches('\u{feff}').trim()).unwrap_or_default();
        let is_text = match str::from_utf8(head) {
            Ok(_) => true,
            // A character may be cut at the end of what was looked at.
            Err(error) => error.error_len().is_none(),
        } && !head.contains(&0);
        let is_word2vec = word2vec::sizes(first).is_some() || word2vec::is_vector(first);
        match (is_word2vec, is_text) {
            (true, true) => Ok(Format::Word2Vec),
            (true, false) => Err(refused(
                path.display(),
                "word2vec's binary format, which does not say how wide its numbers are",
                "save the text format: `vectors.save_word2vec_format(path, binary=False)`",
            )),
            (false, true) => Ok(Format::Table),
            (false, false) => Err(refused(
                path.display(),
                "neither text nor a format that is known by its first bytes",
                "give an implicit .npz, a Spark ALSModel folder, .npy, .npz, safetensors, word2vec text, Parquet or CSV",
            )),
        }
    }
}

/// 8 bytes of length, then JSON.
fn is_safetensors(head: &[u8], size: u64) -> bool {
    let length = head.first_chunk().map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| length <= size.saturating_sub(8)) && head.get(8) == Some(&b'{')
}

fn unpacked(head: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // The head breaks off in the middle, which is no error here.
    let _ = MultiGzDecoder::new(head).take(HEAD).read_to_end(&mut text);
    text
}
