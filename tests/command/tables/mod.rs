//! Tables as people have them, by kind: each is read as its owner means it, or refused with the step to take.

mod columns;
mod files;
mod lines;
mod values;

use foldin_cli::data::{ReadAs, Reading, interactions};
use foldin_lab::train::Interactions;
use std::io::Write;

/// Reads a file of these bytes.
pub fn read_as(bytes: &[u8], reading: &Reading) -> foldin::Result<(Interactions, ReadAs)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    interactions::read_as(file.path(), reading)
}

/// User, item, value and time of each interaction, by user and item.
pub fn entries(read: &Interactions) -> Vec<(String, String, f32, Option<f64>)> {
    let mut entries: Vec<_> = (read.matrix.iter().enumerate())
        .map(|(at, (user, item, value))| {
            let [user, item] =
                [&read.user_ids[user as usize], &read.item_ids[item as usize]].map(String::clone);
            (user, item, value, read.times.as_ref().map(|times| times[at]))
        })
        .collect();
    entries.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    entries
}

/// The pairs of user and item as `user-item`, with blanks between them.
fn pairs(bytes: &[u8], reading: &Reading) -> String {
    let (read, _) =
        read_as(bytes, reading).unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(bytes)));
    entries(&read).iter().map(|(user, item, ..)| format!("{user}-{item}")).collect::<Vec<_>>().join(" ")
}

fn values(text: &str) -> Vec<f32> {
    let (read, _) =
        read_as(text.as_bytes(), &Reading::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    entries(&read).iter().map(|entry| entry.2).collect()
}

fn refused(bytes: &[u8], words: &[&str]) {
    let message = match read_as(bytes, &Reading::default()) {
        Err(error) => error.to_string(),
        Ok((_, read_as)) => panic!("{}: {read_as}", String::from_utf8_lossy(bytes)),
    };
    assert!(!message.contains('\n'), "one line: {message}");
    words.iter().for_each(|word| assert!(message.contains(word), "{word:?} in {message}"));
}

fn note(text: &str, reading: &Reading) -> String {
    read_as(text.as_bytes(), reading).unwrap_or_else(|error| panic!("{text}: {error}")).1.to_string()
}

const PLAIN: &str = "user,item\n1,7\n1,8\n2,7\n";
const THREE: &str = "1-7 1-8 2-7";
