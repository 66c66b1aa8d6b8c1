//! Remembers what a step was made from, so that it is not made again from the same.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "target/xtask";

/// A digest of a step's inputs, and the file that keeps the digest of its last good run.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Of the step `name`, made with `settings` (its arguments) from `inputs`: files, and folders with all
    /// that is in them.
    pub fn of(name: &str, settings: &str, inputs: &[&str]) -> Result<Stamp> {
        let mut hash = Sha256::new();
        hash.update(settings);
        for input in inputs {
            for file in files(Path::new(input))? {
                let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
                hash.update(file.to_string_lossy().as_bytes());
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(&bytes);
            }
        }
        Ok(Stamp { file: Path::new(FOLDER).join(format!("{name}.stamp")), digest: hex(&hash.finalize()) })
    }

    /// Whether the last good run had the same inputs and nobody took its `outputs` away since.
    pub fn holds(&self, outputs: &[&str]) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|last| last == self.digest)
            && outputs.iter().all(|output| Path::new(output).exists())
    }

    /// Forgets the last good run of the step `name`.
    pub fn forget(name: &str) -> Result<()> {
        match fs::remove_file(Path::new(FOLDER).join(format!("{name}.stamp"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Remembers that the step succeeded.
    pub fn set(&self) -> Result<()> {
        fs::create_dir_all(self.file.parent().expect("a file in a folder"))?;
        fs::write(&self.file, &self.digest).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// The SHA-256 of `bytes` in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file at `path`, or all files below it, in an order that does not depend on the file system.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    let nested: Vec<_> = entries.iter().map(|entry| files(entry)).collect::<Result<_>>()?;
    Ok(nested.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for each test; `Stamp::of` names the stamp's file by `name`.
    fn stamp(folder: &Path, settings: &str) -> Stamp {
        let stamp = Stamp::of("test", settings, &[folder.join("in").to_str().unwrap()]).unwrap();
        Stamp { file: folder.join("test.stamp"), ..stamp }
    }

    #[test]
    fn holds_until_an_input_a_setting_or_an_output_changes() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("out");
        let outputs = [output.to_str().unwrap()];
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("in/a"), "1").unwrap();
        fs::write(&output, "made").unwrap();

        assert!(!stamp(folder.path(), "-O3").holds(&outputs), "never run");
        stamp(folder.path(), "-O3").set().unwrap();
        assert!(stamp(folder.path(), "-O3").holds(&outputs));
        assert!(!stamp(folder.path(), "-Os").holds(&outputs), "other settings");

        fs::write(folder.path().join("in/b"), "").unwrap();
        assert!(!stamp(folder.path(), "-O3").holds(&outputs), "a new file, though empty");
        fs::remove_file(folder.path().join("in/b")).unwrap();
        assert!(stamp(folder.path(), "-O3").holds(&outputs));

        fs::remove_file(&output).unwrap();
        assert!(!stamp(folder.path(), "-O3").holds(&outputs), "output gone");
    }

    #[test]
    fn moving_bytes_between_files_changes_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        let digest = |a: &str, b: &str| {
            fs::write(folder.path().join("in/a"), a).unwrap();
            fs::write(folder.path().join("in/b"), b).unwrap();
            stamp(folder.path(), "").digest
        };
        assert_ne!(digest("12", "3"), digest("1", "23"));
    }

    #[test]
    fn sha256_of_the_standard_s_example() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
