//! The command line that repeats a run with the options that it found.

use super::algorithm::AlgorithmArgs;
use crate::output::quoted;
use clap::Args;
use std::ffi::OsString;
use std::sync::OnceLock;

/// The words after the command's name.
static WORDS: OnceLock<Vec<String>> = OnceLock::new();

/// Remembers the command line.
pub fn remember(arguments: &[OsString]) {
    let words = arguments.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    // A process is one command.
    let _ = WORDS.set(words.collect());
}

/// The command line with `chosen` in place of all options that steer an algorithm.
pub fn command(chosen: &str) -> String {
    let mut words = without_algorithm(WORDS.get().into_iter().flatten().cloned());
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    words.splice(end..end, chosen.split_whitespace().map(String::from));
    std::iter::once("foldin".into())
        .chain(words.iter().map(|word| quoted(word)))
        .collect::<Vec<String>>()
        .join(" ")
}

/// Leaves out the options of [`AlgorithmArgs`], with their values.
fn without_algorithm(words: impl Iterator<Item = String>) -> Vec<String> {
    let known = AlgorithmArgs::augment_args(clap::Command::new(""));
    let option = |name: &str| {
        known.get_arguments().find(|option| {
            let aliases = option.get_all_aliases().unwrap_or_default();
            option.get_long() == Some(name) || aliases.contains(&name)
        })
    };
    let mut words = words.peekable();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if word == "--" {
            kept.push(word);
            kept.extend(words);
            break;
        }
        let name = word.strip_prefix("--").unwrap_or_default();
        let (name, attached) = name.split_once('=').map_or((name, false), |(name, _)| (name, true));
        match option(name) {
            Some(option) if option.get_action().takes_values() && !attached => {
                words.next();
            }
            Some(_) => {}
            None => kept.push(word),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_algorithms_leave_with_their_values() {
        let line = "train r.csv --dim 8 --algorithm=auto -o m --in-order --alpha 0.3 --min-value -1 --seed=3 -- --dim 4";
        let kept = without_algorithm(line.split_whitespace().map(String::from));
        assert_eq!(kept.join(" "), "train r.csv -o m --min-value -1 -- --dim 4");
    }
}
