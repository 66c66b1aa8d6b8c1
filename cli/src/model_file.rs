//! Model files on disk: a safetensors file, so that Python opens it.
//!
//! Layout: 8 bytes little-endian length N, N bytes of JSON (padded with blanks to a multiple of 8), data.

use crate::publish::publish;
use foldin::error::{Error, Result};
use foldin::model::{AlignedBytes, Header, MAX_TENSORS, Model, TensorInfo, format_error};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::Path;

/// The longest header that is read, as in safetensors itself.
const MAX_HEADER: u64 = 100_000_000;

const METADATA: &str = "__metadata__";

/// Reads and checks a model file.
///
/// # Errors
/// [`Problem::Io`] for what the system refuses, [`Problem::Format`] and [`Problem::Version`] as
/// [`Model::open`].
pub fn read(path: impl AsRef<Path>) -> Result<Model> {
    let path = path.as_ref();
    read_whole(path).map_err(|error| error.inside(path))
}

fn read_whole(path: &Path) -> Result<Model> {
    let mut file = std::fs::File::open(path).map_err(Error::io(path))?;
    let size = file.metadata().map_err(Error::io(path))?.len();
    read_from(&mut file, size, path)
}

/// Checks a model file's bytes.
///
/// # Errors
/// As [`read`].
pub fn from_bytes(mut bytes: &[u8]) -> Result<Model> {
    let size = bytes.len() as u64;
    read_from(&mut bytes, size, Path::new("model"))
}

fn read_from(file: &mut impl Read, size: u64, path: &Path) -> Result<Model> {
    let mut prefix = [0; 8];
    if size < 8 {
        return Err(format_error("size", "at least 8 bytes", format!("{size} bytes")));
    }
    file.read_exact(&mut prefix).map_err(Error::io(path))?;
    let header_len = u64::from_le_bytes(prefix);
    if header_len > MAX_HEADER || header_len > size - 8 {
        let found = format!("a header of {header_len} bytes in a file of {size}");
        return Err(format_error("header", "a safetensors header inside the file", found));
    }
    let mut json = vec![0; header_len as usize];
    file.read_exact(&mut json).map_err(Error::io(path))?;
    let header = parse_header(&json)?;
    let mut bytes = AlignedBytes::zeroed((size - 8 - header_len) as usize)?;
    file.read_exact(&mut bytes).map_err(Error::io(path))?;
    Model::open(header, bytes)
}

/// Writes the model beside `path`, whose folders it makes, and then renames it: a failure leaves what was there
/// before.
///
/// # Errors
/// [`Problem::Io`] for what the system refuses.
pub fn write(model: &Model, path: impl AsRef<Path>) -> Result<()> {
    let json = header_json(model.header());
    publish(path.as_ref(), &[&(json.len() as u64).to_le_bytes(), &json, model.bytes()])
}

/// The bytes of the model's file.
pub fn to_bytes(model: &Model) -> Vec<u8> {
    bytes_of(model.header(), model.bytes())
}

/// The bytes of a file with this header and data section.
pub fn bytes_of(header: &Header, data: &[u8]) -> Vec<u8> {
    let json = header_json(header);
    [&(json.len() as u64).to_le_bytes(), json.as_slice(), data].concat()
}

fn parse_header(json: &[u8]) -> Result<Header> {
    let wrong = |error: serde_json::Error| format_error("header", "safetensors JSON", error);
    serde_json::from_slice(json).map(|Entries(header)| header).map_err(wrong)
}

/// A header as it stands in a file. Nothing of it is kept that no model has: what is nested deep or goes on for ever is
/// refused on the way.
struct Entries(Header);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of tensors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut metadata = None;
                let mut tensors: BTreeMap<String, TensorInfo> = BTreeMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    let twice = match name == METADATA {
                        true => metadata.replace(map.next_value::<BTreeMap<String, String>>()?).is_some(),
                        false => tensors.insert(name, map.next_value()?).is_some(),
                    };
                    if twice {
                        return Err(A::Error::custom("a name stands twice"));
                    }
                    if tensors.len() > MAX_TENSORS {
                        return Err(A::Error::custom(format_args!("more than {MAX_TENSORS} tensors")));
                    }
                }
                let metadata = metadata.unwrap_or_default().into_iter().collect();
                Ok(Entries(Header { metadata, tensors: tensors.into_iter().collect() }))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

fn header_json(header: &Header) -> Vec<u8> {
    let mut entries = serde_json::Map::new();
    entries.insert(METADATA.into(), serde_json::json!(header.metadata));
    entries.extend(header.tensors.iter().map(|(name, info)| (name.to_owned(), serde_json::json!(info))));
    let mut json = serde_json::to_vec(&entries).expect("strings and numbers always serialise");
    json.resize(json.len().next_multiple_of(8), b' ');
    json
}
