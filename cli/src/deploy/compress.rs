//! The copies that hosts send instead of a file to browsers that can unpack them.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Sizes of a file's compressed copies in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compressed {
    pub gzip: usize,
    pub brotli: usize,
}

/// Files above this get a faster level: factors are nearly random bits, which no effort makes much smaller.
const LARGE: usize = 1 << 20;

/// The size of brotli's window, as everybody's decoder accepts it.
const WINDOW: u32 = 22;

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let level = if bytes.len() > LARGE { Compression::default() } else { Compression::best() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all")
}

pub(super) fn brotli(bytes: &[u8]) -> Vec<u8> {
    let quality = if bytes.len() > LARGE { 5 } else { 11 };
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, WINDOW);
    encoder.write_all(bytes).expect("memory takes all");
    encoder.into_inner()
}
