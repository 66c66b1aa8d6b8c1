//! Whoever deploys into a folder keeps others out meanwhile.

#[cfg(any(target_os = "wasi", test))]
mod numbered;

use foldin::error::{Error, Result};
use std::fs::create_dir_all;
#[cfg(not(target_os = "wasi"))]
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

#[cfg(not(target_os = "wasi"))]
type Lock = File;
#[cfg(target_os = "wasi")]
type Lock = numbered::Lock;

/// Holds the lock on `path`, a file that it makes and leaves, until it is dropped or the process ends, however that
/// comes about. `wait` is called first where somebody else has it.
///
/// # Errors
/// [`foldin::Problem::Io`] where the file cannot be made, or the file system knows no locks.
pub fn lock(path: &Path, wait: impl FnOnce()) -> Result<Lock> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_dir_all(folder).and_then(|()| locked(path, wait)).map_err(Error::io(path))
}

#[cfg(not(target_os = "wasi"))]
fn locked(path: &Path, wait: impl FnOnce()) -> io::Result<Lock> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            wait();
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error),
    }
    Ok(file)
}

/// WASI has no locks, and no numbers of processes: the host tells ours.
#[cfg(target_os = "wasi")]
fn locked(path: &Path, wait: impl FnOnce()) -> io::Result<Lock> {
    let own = std::env::var("FOLDIN_PROCESS").unwrap_or_default();
    numbered::lock(path, &own, wait)
}
