//! Several `foldin bundle` into one folder at once, some of them killed: every release that was written stays whole.

use crate::bundle_command::{files, workshop};
use crate::executable;
use foldin_cli::deploy::{Manifest, verify};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn bundle(folder: &Path, model: u64) -> Child {
    let mut command = executable();
    command.current_dir(folder).arg("bundle").arg(format!("{model}.safetensors"));
    command.args(["-o", "dist", "--keep", "9", "--json"]).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Two to four at once, of which up to one is killed; returns how many were.
fn round(folder: &Path, chance: &mut Chance) -> usize {
    let models: Vec<u64> = (0..2 + chance.below(3)).map(|_| 1 + chance.below(5)).collect();
    let mut running: Vec<(u64, Child)> = models.iter().map(|&model| (model, bundle(folder, model))).collect();
    let mut killed = 0;
    if chance.below(2) == 0 {
        std::thread::sleep(Duration::from_millis(chance.below(120)));
        let (_, victim) = &mut running[0];
        killed = usize::from(victim.try_wait().unwrap().is_none());
        victim.kill().unwrap();
    }
    let mut written = Vec::new();
    for (model, child) in running {
        let output = child.wait_with_output().unwrap();
        let is_killed = output.status.code().is_none();
        assert!(is_killed || output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        if !is_killed {
            written.push(format!("models/{model}."));
        }
    }
    let dist = folder.join("dist");
    if !written.is_empty() {
        for outcome in verify(&dist).unwrap() {
            assert!(outcome.holds, "{outcome:?}");
        }
    }
    let manifest = Manifest::read(&dist).unwrap();
    for name in &written {
        assert!(manifest.releases().any(|r| r.model.file.as_str().starts_with(name)), "{name} is lost");
    }
    killed
}

/// Four times as many rounds.
fn rounds(count: u64) {
    let mut chance = Chance(count);
    let mut killed = 0;
    for _ in 0..count {
        // From an empty folder, then four times one after the other.
        let folder = workshop();
        for _ in 0..4 {
            killed += round(folder.path(), &mut chance);
        }
        let last = bundle(folder.path(), 1).wait_with_output().unwrap();
        assert!(last.status.success());
        let left = files(&folder.path().join("dist"))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "tmp"));
        assert_eq!(left.count(), 0, "what killed runs left is cleared");
    }
    eprintln!("{killed} processes killed");
}

#[test]
fn every_release_stays_whole() {
    rounds(3);
}

#[test]
#[ignore = "minutes: run by cargo xtask test --all"]
fn every_release_stays_whole_in_two_hundred_rounds() {
    rounds(50);
}
