//! The rival: nearest neighbours among items, in plain JavaScript.

use crate::rankers::Row;
use crate::replay::{NAMED, Replay, STEPS, ndcg};
use foldin::{Problem, Result};
use serde::Serialize;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the script is told.
#[derive(Serialize)]
struct Question<'a> {
    items: usize,
    named: usize,
    training: &'a [Vec<u32>],
    /// What visitors did, a list each.
    given: Vec<Vec<u32>>,
}

pub fn row(script: &Path, replays: &[Replay]) -> Result<Row> {
    let mut sums = [0.0; STEPS.len()];
    let mut counts = [0usize; STEPS.len()];
    for replay in replays {
        let tasks: Vec<_> =
            (0..STEPS.len()).flat_map(|at| replay.tasks(STEPS[at]).map(move |task| (at, task))).collect();
        let given =
            tasks.iter().map(|(_, (events, _))| events.iter().map(|event| event.item).collect()).collect();
        let question =
            Question { items: replay.model.items(), named: NAMED, training: &replay.training, given };
        for ((at, (_, next)), named) in tasks.iter().zip(ask(script, &question)?) {
            sums[*at] += ndcg(&named, *next);
            counts[*at] += 1;
        }
    }
    Ok(Row { name: "item-kNN in JavaScript", ndcg: std::array::from_fn(|at| sums[at] / counts[at] as f64) })
}

/// The items that the script names for each list of given ones.
fn ask(script: &Path, question: &Question<'_>) -> Result<Vec<Vec<u32>>> {
    let failed = |problem: String| Problem::Data {
        place: script.display().to_string(),
        problem,
        remedy: "see what Node printed; it must be installed".into(),
    };
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let stdin = node.stdin.take().expect("piped");
    serde_json::to_writer(stdin, question).map_err(|error| failed(error.to_string()))?;
    let output = node.wait_with_output().map_err(|error| failed(error.to_string()))?;
    Ok(serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?)
}
