//! A lock where the system has none: numbered files beside one another, of which the highest number counts.
//!
//! A file names the process that made it until that process is done. Whoever finds the highest one done, or its
//! process gone, makes the next number, which only one can do.

use std::fs::{File, read_dir, read_to_string, remove_file, write};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// What stands in the file of a process that is done.
const DONE: &str = "done";

/// How often one looks again while somebody else has the lock.
const LOOK: Duration = Duration::from_millis(50);

/// A held lock.
pub struct Lock(PathBuf);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = write(&self.0, DONE);
    }
}

/// Holds the lock named `path` for the process `own` until it is dropped. `wait` is called first where somebody else
/// has it.
///
/// # Errors
/// What the system refuses.
pub(super) fn lock(path: &Path, own: &str, wait: impl FnOnce()) -> io::Result<Lock> {
    let mut wait = Some(wait);
    loop {
        let last = numbers(path)?.max();
        if last.is_some_and(|last| !is_free(&numbered(path, last))) {
            wait.take().into_iter().for_each(|wait| wait());
            sleep(LOOK);
            continue;
        }
        let number = last.unwrap_or(0) + 1;
        let next = numbered(path, number);
        match File::create_new(&next).and_then(|mut file| file.write_all(own.as_bytes())) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        }
        // Who was slow to make it may be behind others by now.
        if numbers(path)?.max() != Some(number) {
            remove_file(next)?;
            continue;
        }
        numbers(path)?.filter(|&old| old < number).for_each(|old| drop(remove_file(numbered(path, old))));
        return Ok(Lock(next));
    }
}

fn numbered(path: &Path, number: u64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

/// The numbers that stand behind the name of `path` in its folder.
fn numbers(path: &Path) -> io::Result<impl Iterator<Item = u64>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned() + ".";
    let entries = read_dir(path.parent().unwrap_or(Path::new(".")))?.flatten();
    Ok(entries.filter_map(move |entry| entry.file_name().to_str()?.strip_prefix(&name)?.parse().ok()))
}

/// Whether the process that made this file is done or gone. Where processes cannot be seen it counts as there.
fn is_free(file: &Path) -> bool {
    let processes = Path::new("/proc");
    let seen = processes.join("self").exists();
    read_to_string(file).is_ok_and(|owner| {
        owner == DONE || (seen && owner.parse::<u32>().is_ok() && !processes.join(&owner).exists())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::scope;

    #[test]
    fn one_at_a_time_and_one_file_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let held = AtomicBool::new(false);
        let own = std::process::id().to_string();
        scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| {
                    for _ in 0..20 {
                        let lock = lock(&path, &own, || ()).unwrap();
                        assert!(!held.swap(true, Ordering::SeqCst), "two hold it");
                        sleep(Duration::from_micros(300));
                        held.store(false, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(numbers(&path).unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_killed_process_held_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        write(numbered(&path, 7), gone.id().to_string()).unwrap();
        let lock = lock(&path, "1", || panic!("nobody holds it")).unwrap();
        assert_eq!(lock.0, numbered(&path, 8));
    }
}
