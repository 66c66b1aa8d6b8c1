//! The bytes of a file as they are meant: unpacked, within bounds, from the start.
//!
//! What a file is shows in its first bytes. Packed text is unfolded; what is no table is refused by its name.

use super::format::{self, Packing};
use super::input::Input;
use super::zip;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use foldin::error::{Error, Problem, Result};
use std::io::{self, Cursor, Read, SeekFrom};

/// The most bytes that a packed or endless file may unfold to, unless told.
pub const MAX_BYTES: u64 = 4 << 30;

/// Tables pack tenfold, logs thirtyfold; what packs better than this was made to fill memories.
const MAX_EXPANSION: u64 = 100;
/// From here on the expansion is looked at: a small file does no harm.
const HARMLESS: u64 = 64 << 20;

/// How many first bytes are looked at.
pub(super) const HEAD: usize = 1 << 18;

/// Packings within one another.
const MAX_DEPTH: usize = 3;

/// An open file: its first bytes, and a reader of all of them.
pub(super) struct Source {
    /// As it is named in errors; with the entry of an archive.
    pub name: String,
    /// What it was packed with, outermost first.
    pub packed: Vec<&'static str>,
    pub head: Vec<u8>,
    pub reader: Box<dyn Read>,
}

impl Source {
    /// Opens a file and unfolds it. `max_bytes` bounds what comes out of packed files and pipes.
    pub fn open(input: &Input, max_bytes: Option<u64>) -> Result<Source> {
        let (file, size) = input.open()?;
        let limit =
            Limit { most: max_bytes.unwrap_or(MAX_BYTES), packed: size.filter(|_| max_bytes.is_none()) };
        let name = input.to_string();
        let reader: Box<dyn Read> = match size {
            Some(_) => Box::new(file),
            None => Box::new(Bounded::new(file, &limit)),
        };
        let mut source = Source { name, packed: Vec::new(), head: Vec::new(), reader };
        source.refill()?;
        loop {
            let packing = format::packing(&source.name, &source.head)?;
            if packing.is_some() && source.packed.len() == MAX_DEPTH {
                let problem = format!("packed more than {MAX_DEPTH} times");
                return Err(refused(&source.name, problem, "unpack it first"));
            }
            match packing {
                None => return Ok(source),
                Some(Packing::Gzip) => {
                    let packed = std::mem::replace(&mut source.reader, Box::new(io::empty()));
                    source.reader = Box::new(Bounded::new(MultiGzDecoder::new(packed), &limit));
                    source.packed.push("gzip");
                }
                #[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
                Some(Packing::Zstd) => {
                    return Err(refused(&source.name, "packed with zstd", "unpack it: `unzstd FILE`"));
                }
                #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
                Some(Packing::Zstd) => {
                    let packed = std::mem::replace(&mut source.reader, Box::new(io::empty()));
                    let unpacked =
                        ::zstd::stream::read::Decoder::new(packed).map_err(Error::io(&source.name))?;
                    source.reader = Box::new(Bounded::new(unpacked, &limit));
                    source.packed.push("zstd");
                }
                Some(Packing::Zip) => source.enter(input, size, &limit)?,
            }
            source.refill()?;
        }
    }

    /// Reads the head anew, and puts it back in front.
    fn refill(&mut self) -> Result<()> {
        let mut head = Vec::new();
        self.reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(self.failed())?;
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(head.clone()).chain(rest));
        self.head = head;
        Ok(())
    }

    /// What to say when reading fails.
    pub fn failed(&self) -> impl FnOnce(io::Error) -> Error + use<> {
        failed(&self.name)
    }

    /// Goes on with the one table of a zip archive.
    fn enter(&mut self, input: &Input, size: Option<u64>, limit: &Limit) -> Result<()> {
        if size.is_none() || !self.packed.is_empty() {
            return Err(refused(&self.name, "a zip archive inside another file", "unpack it first"));
        }
        let entry = zip::only_table(input)?;
        let (mut file, _) = input.open()?;
        file.seek(SeekFrom::Start(entry.start)).map_err(self.failed())?;
        let packed = file.take(entry.packed);
        self.reader = match entry.deflated {
            true => Box::new(Bounded::new(DeflateDecoder::new(packed), limit)),
            false => Box::new(packed),
        };
        self.name = format!("{input}: {}", entry.name);
        self.packed.push("zip");
        Ok(())
    }
}

/// What to say when reading `name` fails.
pub(super) fn failed(name: &str) -> impl FnOnce(io::Error) -> Error + use<> {
    let name = name.to_owned();
    move |error| match error.get_ref().and_then(|inner| inner.downcast_ref::<TooMuch>()) {
        Some(TooMuch(most)) => {
            let problem = format!("it unfolds to more than {most} bytes");
            refused(&name, problem, "if it is meant to, allow it with --max-bytes, e.g. --max-bytes 64G")
        }
        None => Error::io(name)(error),
    }
}

pub(super) fn refused(place: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Error {
    Problem::Data { place: place.to_owned(), problem: problem.into(), remedy: remedy.into() }.into()
}

/// How much may come out.
struct Limit {
    most: u64,
    /// The packed size, where the expansion is bounded, too.
    packed: Option<u64>,
}

/// More came out than was allowed.
#[derive(Debug)]
struct TooMuch(u64);

impl std::fmt::Display for TooMuch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "more than {} bytes", self.0)
    }
}

impl std::error::Error for TooMuch {}

/// Fails once more was read than is allowed.
struct Bounded<R> {
    inner: R,
    most: u64,
    read: u64,
}

impl<R> Bounded<R> {
    fn new(inner: R, limit: &Limit) -> Self {
        let expanded = limit.packed.map(|size| size.saturating_mul(MAX_EXPANSION).max(HARMLESS));
        Bounded { inner, most: expanded.map_or(limit.most, |expanded| expanded.min(limit.most)), read: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        match self.read > self.most {
            true => Err(io::Error::other(TooMuch(self.most))),
            false => Ok(count),
        }
    }
}
