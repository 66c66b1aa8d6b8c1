//! Each task has what is learned from, what is asked, and what others reached.

use foldin::Result;
use foldin_cli::data::{Columns, interactions};
use foldin_lab::train::{Interactions, Sequences};
use std::collections::HashMap;
use std::path::Path;

/// One line of the table.
pub struct Task {
    pub name: String,
    pub train: Interactions,
    pub questions: Vec<Question>,
    pub metrics: Metrics,
    pub anchors: &'static str,
}

/// Which item comes after these?
pub struct Question {
    pub events: Vec<u32>,
    pub target: u32,
    /// Items that are left out of the ranking.
    pub without: Vec<u32>,
}

/// A share of hits and a gain that falls with the rank.
#[derive(Clone, Copy)]
pub enum Metrics {
    Ndcg10,
    Mrr20,
}

impl Metrics {
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Metrics::Ndcg10 => ["HR@10", "NDCG@10"],
            Metrics::Mrr20 => ["HR@20", "MRR@20"],
        }
    }

    /// Scores an answer at a rank from 0.
    pub fn of(self, rank: usize) -> (f64, f64) {
        match self {
            Metrics::Ndcg10 if rank < 10 => (1.0, 1.0 / (rank as f64 + 2.0).log2()),
            Metrics::Mrr20 if rank < 20 => (1.0, 1.0 / (rank as f64 + 1.0)),
            _ => (0.0, 0.0),
        }
    }
}

/// The tasks of a folder; with `validate`, those by which options are chosen.
pub fn of(folder: &Path, validate: bool) -> Result<Vec<Task>> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = |file: &str| interactions::read(folder.join(file), &Columns::default());
    if folder.join("train.tsv.gz").exists() {
        let train = read("train.tsv.gz")?;
        return Ok(vec![match validate {
            true => validation(&name, &train)?,
            false => replay(&name, train, &read("test.tsv.gz")?)?,
        }]);
    }
    let file = match folder.join("interactions.csv.gz").exists() {
        true => "interactions.csv.gz".to_owned(),
        false => format!("{name}.inter"),
    };
    let data = read(&file)?;
    let sequences = data.sequences()?;
    if validate {
        return Ok(vec![leave_last_out(&name, &data, &sequences, 2, 1)]);
    }
    Ok([1, 2].map(|hidden| leave_last_out(&name, &data, &sequences, hidden, 0)).into())
}

/// An event of each user with five or more is asked about, `after` events before the last; the last `hidden` ones are
/// not learned from.
fn leave_last_out(
    name: &str,
    data: &Interactions,
    sequences: &Sequences,
    hidden: usize,
    after: usize,
) -> Task {
    let (mut entries, mut times, mut questions) = (Vec::new(), Vec::new(), Vec::new());
    for user in 0..sequences.users() {
        let all = sequences.of(user);
        let Some((&target, events)) = all[..all.len().saturating_sub(after)].split_last() else { continue };
        if all.len() >= 5 {
            questions.push(Question { events: events.to_vec(), target, without: events.to_vec() });
        }
        for &item in &all[..all.len().saturating_sub(hidden)] {
            times.push(entries.len() as f64);
            entries.push((user as u32, item, 1.0));
        }
    }
    let (users, items) = (data.user_ids.clone(), data.item_ids.clone());
    let train = Interactions::from_entries(users, items, &entries, Some(&times));
    let anchors = match (name, hidden) {
        ("beauty", 1) => "item-kNN 0.0406",
        ("beauty", _) => "BSARec 0.0610, HSTU 0.0543, FMLP-Rec 0.0407, BERT4Rec 0.0406, SASRec 0.0354",
        ("ml-100k", 2) => "WEARec 0.102, SASRec 0.059",
        ("ml-100k", _) => "EASE that fades 0.110, item-kNN 0.061",
        _ => "",
    };
    let name = format!("{name}, last event, trained without the last {hidden}");
    Task { name, train, questions, metrics: Metrics::Ndcg10, anchors }
}

/// The sessions that ended on training's last day are asked about, the others learned from.
fn validation(name: &str, data: &Interactions) -> Result<Task> {
    const DAY: f64 = 86_400.0;
    let times = data.times.as_deref().unwrap_or_default();
    let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let users: Vec<u32> = data.matrix.iter().map(|(user, ..)| user).collect();
    let mut is_late = vec![false; data.users()];
    users.iter().zip(times).for_each(|(&user, &time)| is_late[user as usize] |= time > last - DAY);
    let part = |late: bool| data.filter(|at| is_late[users[at] as usize] == late);
    replay(name, part(false), &part(true))
}

/// Every event but the first of each session of `test` is asked about, where training has its item.
fn replay(name: &str, train: Interactions, test: &Interactions) -> Result<Task> {
    let number: HashMap<&String, u32> = train.item_ids.iter().zip(0..).collect();
    let sequences = test.sequences()?;
    let mut questions = Vec::new();
    for session in 0..sequences.users() {
        let known = |&item: &u32| number.get(&test.item_ids[item as usize]).copied();
        let events: Vec<u32> = sequences.of(session).iter().filter_map(known).collect();
        let question =
            |at: usize| Question { events: events[..at].to_vec(), target: events[at], without: vec![] };
        questions.extend((1..events.len()).map(question));
    }
    let anchors = "V-SKNN 0.6805 / 0.3630, S-KNN 0.6434 / 0.3204, sequential rules 0.6189 / 0.3468";
    let name = format!("{name}, every event of the sessions of the day after");
    Ok(Task { name, train, questions, metrics: Metrics::Mrr20, anchors })
}
