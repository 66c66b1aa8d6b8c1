//! A file that is opened anew for each reading: parquet's own way duplicates the handle, which WASI cannot.

use ::parquet::errors::Result;
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::Bytes;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A file by its path.
pub(in super::super) struct Reopened {
    path: PathBuf,
    bytes: u64,
}

impl Reopened {
    /// The file of that path.
    ///
    /// # Errors
    /// As the system says, where there is none.
    pub fn at(path: &Path) -> io::Result<Reopened> {
        Ok(Reopened { path: path.to_owned(), bytes: std::fs::metadata(path)?.len() })
    }
}

impl Length for Reopened {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Reopened {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> Result<BufReader<File>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(BufReader::new(file))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = Vec::new();
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(bytes.into())
    }
}
