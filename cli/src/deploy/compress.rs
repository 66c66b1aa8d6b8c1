//! The copies that hosts send instead of a file to browsers that can unpack them.

use super::beside;
use crate::publish::{clear_abandoned, publish};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use foldin::error::{Error, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Sizes of a file's compressed copies in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compressed {
    pub gzip: usize,
    pub brotli: usize,
}

/// What stands at the end of a copy's name.
pub(super) const GZIP: &str = ".gz";
pub(super) const BROTLI: &str = ".br";

/// Files above this get a faster level: factors are nearly random bits, which no effort makes much smaller.
const LARGE: usize = 1 << 19;

/// The size of brotli's window, as everybody's decoder accepts it.
const WINDOW: u32 = 22;

/// Publishes a file with its copies; each that is there and whole stays as it is.
pub(super) fn publish_with_copies(path: &Path, bytes: &[u8]) -> Result<Compressed> {
    // Where all is whole, nothing is written, and nobody else clears up.
    path.parent().into_iter().for_each(clear_abandoned);
    let (zipped, packed) = rayon::join(
        || unless_whole(bytes, &beside(path, GZIP), is_gzip_of, gzip),
        || unless_whole(bytes, &beside(path, BROTLI), is_brotli_of, brotli),
    );
    let sizes = Compressed { gzip: zipped?, brotli: packed? };
    if !is_file_of(path, bytes) {
        publish(path, &[bytes])?;
    }
    Ok(sizes)
}

/// Makes a copy unless it is whole; its size.
fn unless_whole(
    bytes: &[u8],
    path: &Path,
    is_copy: fn(&Path, &[u8]) -> bool,
    make: fn(&[u8]) -> Vec<u8>,
) -> Result<usize> {
    if is_copy(path, bytes) {
        return Ok(path.metadata().map_err(Error::io(path))?.len() as usize);
    }
    let copy = make(bytes);
    publish(path, &[&copy])?;
    Ok(copy.len())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let level = if bytes.len() > LARGE { Compression::default() } else { Compression::best() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let quality = if bytes.len() > LARGE { 5 } else { 11 };
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, WINDOW);
    encoder.write_all(bytes).expect("memory takes all");
    encoder.into_inner()
}

/// Whether the file at `path` has these bytes.
pub(super) fn is_file_of(path: &Path, bytes: &[u8]) -> bool {
    File::open(path).is_ok_and(|file| says(file, bytes))
}

/// Whether the file at `path` unfolds to these bytes.
pub(super) fn is_gzip_of(path: &Path, bytes: &[u8]) -> bool {
    File::open(path).is_ok_and(|file| says(MultiGzDecoder::new(file), bytes))
}

/// The same for brotli.
pub(super) fn is_brotli_of(path: &Path, bytes: &[u8]) -> bool {
    File::open(path).is_ok_and(|file| says(brotli::Decompressor::new(file, 1 << 16), bytes))
}

/// Whether `reader` gives these bytes and no more; it stops at the first that differs.
fn says(mut reader: impl Read, mut bytes: &[u8]) -> bool {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return bytes.is_empty(),
            Ok(read) if bytes.starts_with(&buffer[..read]) => bytes = &bytes[read..],
            Ok(_) => return false,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}
