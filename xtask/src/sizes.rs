//! What a file weighs as it lies there and as a host would send it.

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::iter::Sum;

/// Bytes of one file, or of several together.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Size {
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

impl Size {
    /// Both compressors at their best level, as hosts use them for files that do not change.
    pub fn of(bytes: &[u8]) -> Result<Size> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        brotli.write_all(bytes)?;
        Ok(Size { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: brotli.into_inner().len() })
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Size>>(sizes: I) -> Size {
        sizes.fold(Size::default(), |a, b| Size {
            raw: a.raw + b.raw,
            gzip: a.gzip + b.gzip,
            brotli: a.brotli + b.brotli,
        })
    }
}

/// One line a file and one for all together.
pub fn table(sizes: &[(String, Size)], sum: &Size) -> String {
    let line =
        |name: &str, size: &Size| format!("{name:<36} {:>9} {:>9} {:>9}\n", size.raw, size.gzip, size.brotli);
    let mut text = format!("{:<36} {:>9} {:>9} {:>9}\n", "bytes", "raw", "gzip", "brotli");
    text.extend(sizes.iter().map(|(name, size)| line(name, size)));
    text + &line("together", sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_compresses_and_sums_add_up() {
        let size = Size::of(&[7; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!(size.gzip < 100 && size.brotli < 100, "{size:?}");
        let sum = [size, size].into_iter().sum::<Size>();
        assert_eq!(sum, Size { raw: 20_000, gzip: 2 * size.gzip, brotli: 2 * size.brotli });
    }
}
