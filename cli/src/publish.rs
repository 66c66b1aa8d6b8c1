//! Files that appear whole or not at all, readable by a web server.

use foldin::error::{Error, Result};
use std::fs::{File, create_dir_all, read_dir, remove_file};
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

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
    clear_abandoned(folder);
    let mut file = temporary(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// What a file is called until it is whole. Its lock says that its writer lives: the system gives the locks of a
/// killed process back.
const PREFIX: &str = ".foldin-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 16;

/// A locked file with such a name.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is private unless told otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    loop {
        let file = builder.tempfile_in(folder)?;
        // Some network file systems know no locks: then nobody clears up there.
        let _ = file.as_file().lock();
        // Between the two lines above it looked abandoned.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes the temporary files that killed runs left in a folder: those that nobody has locked.
pub fn clear_abandoned(folder: &Path) {
    for entry in read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && is_temporary(&entry.file_name().to_string_lossy())
            && let Ok(file) = File::open(entry.path())
            && matches!(file.try_lock(), Ok(()))
        {
            let _ = remove_file(entry.path());
        }
    }
}

fn is_temporary(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{read_dir, write};

    #[test]
    fn what_a_killed_run_left_is_cleared_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let stay = [".foldin-notes.tmp", ".foldin-backup", "foldin-0123456789abcdef.tmp", ".foldin.lock"];
        stay.iter().for_each(|name| write(at(name), "own").unwrap());
        write(at(".foldin-0123456789abcdef.tmp"), "half a model").unwrap();
        let being_written = temporary(folder.path()).unwrap();
        publish(&at("model"), &[b"whole"]).unwrap();
        let mut names: Vec<_> =
            read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let written = being_written.path().file_name().unwrap();
        let mut wanted: Vec<_> = stay.iter().chain(&["model"]).map(std::ffi::OsString::from).collect();
        wanted.push(written.to_owned());
        wanted.sort();
        assert_eq!(names, wanted);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_with_such_a_name_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (own, link) = (folder.path().join("own"), folder.path().join(".foldin-0123456789abcdef.tmp"));
        write(&own, "own").unwrap();
        std::os::unix::fs::symlink(&own, &link).unwrap();
        publish(&folder.path().join("model"), &[b"whole"]).unwrap();
        assert!(own.exists() && link.exists());
    }
}
