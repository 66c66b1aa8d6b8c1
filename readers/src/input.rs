//! What is read: a file on disk, bytes that a page was given, or a table in memory.

use super::frame::Frame;
use super::source::{MAX_BYTES, refused};
use foldin::error::{Error, Result};
use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file, wherever its bytes are.
#[derive(Clone, Debug)]
pub enum Input {
    /// On disk, or a pipe.
    Path(PathBuf),
    /// In memory.
    Bytes {
        /// As it is named in errors.
        name: String,
        /// All of them.
        bytes: Arc<[u8]>,
    },
    /// A table in memory, where tables are read.
    Frame(Frame),
}

impl From<&Input> for Input {
    fn from(input: &Input) -> Input {
        input.clone()
    }
}

impl<P: AsRef<Path>> From<P> for Input {
    fn from(path: P) -> Input {
        Input::Path(path.as_ref().to_owned())
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Path(path) => path.display().fmt(f),
            Input::Bytes { name, .. } | Input::Frame(Frame { name, .. }) => f.write_str(name),
        }
    }
}

/// Bytes in any order, where they are no pipe's.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl Input {
    /// The name of the file, where it is one.
    pub fn file_name(&self) -> Option<String> {
        match self {
            Input::Path(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            _ => None,
        }
    }

    /// The same, for who reads it more than once: what a pipe sends is taken into memory, up to `most` bytes.
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] for more of them; what the system says.
    pub fn repeatable(self, most: Option<u64>) -> Result<Input> {
        let path = match &self {
            Input::Path(path) if is_pipe(path) => path,
            _ => return Ok(self),
        };
        let (name, most) = (self.to_string(), most.unwrap_or(MAX_BYTES));
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|pipe| pipe.take(most + 1).read_to_end(&mut bytes))
            .map_err(Error::io(path))?;
        if bytes.len() as u64 > most {
            return Err(refused(&name, format!("it sends more than {most} bytes"), "save it as a file"));
        }
        Ok(Input::Bytes { name, bytes: bytes.into() })
    }

    /// Opens it, with its size where it has an end. A folder or a device is refused.
    pub(super) fn open(&self) -> Result<(Box<dyn ReadSeek>, Option<u64>)> {
        let path = match self {
            Input::Path(path) => path,
            Input::Bytes { bytes, .. } => {
                return Ok((Box::new(Cursor::new(bytes.clone())), Some(bytes.len() as u64)));
            }
            Input::Frame(_) => return Err(refused(&self.to_string(), "a table in memory", "give a file")),
        };
        let kind = std::fs::metadata(path).map_err(Error::io(path))?;
        if kind.is_dir() {
            let remedy = "give one of its files; several of the same form go together with `cat`";
            return Err(refused(&self.to_string(), "a folder, not a table", remedy));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            let kind = kind.file_type();
            // A terminal is a device, too, but nobody types a table.
            if kind.is_char_device() || kind.is_block_device() || kind.is_socket() {
                let remedy = "give a file or a pipe";
                return Err(refused(&self.to_string(), "a device, which may never end", remedy));
            }
        }
        let file = File::open(path).map_err(Error::io(path))?;
        Ok((Box::new(file), kind.is_file().then_some(kind.len())))
    }
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|kind| kind.file_type().is_fifo())
}

/// Elsewhere pipes cannot be told from files.
#[cfg(not(unix))]
fn is_pipe(_path: &Path) -> bool {
    false
}
