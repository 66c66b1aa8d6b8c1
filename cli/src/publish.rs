//! Files that appear whole or not at all, readable by a web server.

use foldin::error::{Error, Result};
use std::fs::{File, create_dir_all};
use std::io::{self, Write};
use std::path::Path;

/// Writes the `parts` one after another beside `path` and renames; makes the folders that it needs. What is no file,
/// like `/dev/stdout`, is written to as it is.
///
/// # Errors
/// [`foldin::Problem::Io`] for what the system refuses; then what was there before is still there.
pub fn publish(path: &Path, parts: &[&[u8]]) -> Result<()> {
    let write = |file: &mut File| parts.iter().try_for_each(|part| file.write_all(part));
    match path.metadata() {
        Ok(found) if !found.is_file() => {
            File::options().write(true).open(path).and_then(|mut file| write(&mut file))
        }
        _ => replace(path, write),
    }
    .map_err(Error::io(path))
}

fn replace(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // A temporary file is private unless told otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.prefix(".foldin-").tempfile_in(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
