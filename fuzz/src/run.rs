//! Runs a target on its corpus, then on inputs that are made of it.

use crate::{Chance, Target};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No input may take longer.
const SLOWEST: Duration = Duration::from_secs(30);

/// Inputs of which something new came, at most.
const KEPT: usize = 2000;

/// What a run came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Files of the corpus.
    pub corpus: usize,
    /// Inputs made of it.
    pub inputs: usize,
    /// Different things that came of them.
    pub outcomes: usize,
    /// The longest that one took.
    pub slowest: Duration,
}

/// Where the inputs of a target lie.
pub fn corpus(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)
}

/// Runs the corpus, then as many inputs as `goes_on` says.
///
/// # Errors
/// The input for which the target panicked or took too long, with what it said.
pub fn run(target: &Target, seed: u64, goes_on: impl Fn(usize) -> bool) -> Result<Tally, (Vec<u8>, String)> {
    let mut tally = Tally::default();
    let mut met = HashSet::new();
    let mut kept = read_corpus(target).map_err(|error| (Vec::new(), error.to_string()))?;
    tally.corpus = kept.len();
    for input in &kept {
        met.insert(family(&try_one(target, input, &mut tally.slowest)?));
    }
    let mut chance = Chance::new(seed);
    while goes_on(tally.inputs) {
        let mut input = chance.one_of(&kept).clone();
        let other = chance.below(kept.len());
        for _ in 0..1 + chance.below(4) {
            (target.mutate)(&mut input, &kept[other], &mut chance);
        }
        tally.inputs += 1;
        let outcome = try_one(target, &input, &mut tally.slowest)?;
        if met.insert(family(&outcome)) && kept.len() < KEPT {
            kept.push(input);
        }
    }
    tally.outcomes = met.len();
    Ok(tally)
}

fn read_corpus(target: &Target) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(corpus(target))?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    paths.iter().map(std::fs::read).collect()
}

fn try_one(target: &Target, input: &[u8], slowest: &mut Duration) -> Result<String, (Vec<u8>, String)> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    *slowest = (*slowest).max(start.elapsed());
    match outcome {
        Ok(outcome) if start.elapsed() < SLOWEST => Ok(outcome),
        Ok(_) => Err((input.to_vec(), format!("took {:.1} s", start.elapsed().as_secs_f64()))),
        Err(_) => Err((input.to_vec(), "panicked".into())),
    }
}

/// What outcomes have in common that differ only in the numbers that they quote, as a number of its own.
fn family(outcome: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    let words = outcome.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3).take(12);
    words.for_each(|word| word.hash(&mut hash));
    hash.finish()
}
