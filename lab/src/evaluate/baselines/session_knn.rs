//! Nearest neighbours of sessions.

use crate::evaluate::{Follower, Given, Interaction, Ranker};
use crate::train::{Csr, Interactions, Sequences};
use foldin::error::Result;

/// Session-based nearest neighbours (Ludewig and Jannach, "Evaluation of session-based recommendation algorithms", 2018,
/// sections 3.2.2 and 3.2.3): of the `sample` latest sessions of training that share an item with this one, the
/// `neighbours` most similar ones; an item's score is the sum of the similarities of those that have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionKnn {
    /// How many sessions can add to a score.
    pub neighbours: usize,
    /// How many sessions are compared.
    pub sample: usize,
    /// How sessions are compared.
    pub similarity: Similarity,
}

/// How alike two sessions are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Similarity {
    /// S-KNN: the cosine of their sets of items.
    Cosine,
    /// V-SKNN: the sum over common items of a weight that falls by 0.1 an event, from 1 for this session's last one;
    /// what a neighbour adds is divided by how many events ago the last common item was.
    Recency,
}

impl SessionKnn {
    /// With the numbers that the paper's authors use.
    pub fn new(similarity: Similarity) -> SessionKnn {
        SessionKnn { neighbours: 100, sample: 500, similarity }
    }

    /// Sorts the sessions (the users of `train`) by recency.
    ///
    /// # Errors
    /// As [`Interactions::sequences`].
    pub fn train(self, train: &Interactions) -> Result<Sessions> {
        let sequences = train.sequences()?;
        let mut latest: Vec<usize> =
            (0..train.users()).filter(|&user| !sequences.of(user).is_empty()).collect();
        let end = |user: &usize| end_of(train, *user);
        latest.sort_by(|a, b| end(b).total_cmp(&end(a)).then(a.cmp(b)));
        let items_of = sets(&sequences, &latest);
        let sessions_of = items_of.transpose(train.items());
        Ok(Sessions { options: self, items_of, sessions_of })
    }
}

/// When a session ended: the time of its last event, or its place in the file.
fn end_of(train: &Interactions, user: usize) -> f64 {
    let span = train.matrix.offsets[user]..train.matrix.offsets[user + 1];
    let time = |at: usize| match &train.times {
        Some(times) => times[at],
        None => f64::from(train.order[at]),
    };
    span.map(time).fold(f64::MIN, f64::max)
}

/// The items of each session, rising, each once.
fn sets(sequences: &Sequences, sessions: &[usize]) -> Csr {
    let mut sets = Csr { offsets: vec![0], ..Csr::default() };
    for &session in sessions {
        let mut items = sequences.of(session).to_vec();
        items.sort_unstable();
        items.dedup();
        sets.columns.extend(items);
        sets.offsets.push(sets.columns.len());
    }
    sets.values = vec![1.0; sets.columns.len()];
    sets
}

/// Sessions of training, the latest first.
#[derive(Debug)]
pub struct Sessions {
    options: SessionKnn,
    /// [sessions, items]
    items_of: Csr,
    /// [items, sessions]
    sessions_of: Csr,
}

/// So many of a session's last events are looked at: what bounds the work for one that does not end.
const WINDOW: usize = 100;

impl Sessions {
    /// The scores for a session with these items, oldest first.
    fn scores(&self, items: &[u32]) -> Vec<f32> {
        let mut scores = vec![0.0; self.sessions_of.rows()];
        let distances = distances(items, scores.len());
        let mut neighbours: Vec<(u32, f64, f64)> = self
            .candidates(&distances)
            .into_iter()
            .filter_map(|session| {
                let (similarity, share) = self.compare(session, &distances);
                (similarity > 0.0).then_some((session, similarity, share))
            })
            .collect();
        // Stable: of equal ones the latest.
        neighbours.sort_by(|a, b| b.1.total_cmp(&a.1));
        neighbours.truncate(self.options.neighbours);
        for (session, _, share) in neighbours {
            let of_session = self.items_of.row(session as usize).0;
            of_session.iter().for_each(|&item| scores[item as usize] += share as f32);
        }
        scores
    }

    /// The latest sessions with one of the items.
    fn candidates(&self, items: &[(u32, usize)]) -> Vec<u32> {
        let sample = self.options.sample;
        let of_item = |&(item, _): &(u32, usize)| self.sessions_of.row(item as usize).0.iter().take(sample);
        let mut sessions: Vec<u32> = items.iter().flat_map(of_item).copied().collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions.truncate(sample);
        sessions
    }

    /// How alike a session of training is, and what it adds to the scores of its items.
    fn compare(&self, session: u32, items: &[(u32, usize)]) -> (f64, f64) {
        let of_session = self.items_of.row(session as usize).0;
        let common = || items.iter().filter(|(item, _)| of_session.binary_search(item).is_ok());
        match self.options.similarity {
            Similarity::Cosine => {
                let lengths = (items.len() as f64 * of_session.len() as f64).sqrt();
                let similarity = common().count() as f64 / lengths;
                (similarity, similarity)
            }
            Similarity::Recency => {
                let weight = |&(_, distance): &(u32, usize)| (1.0 - 0.1 * distance as f64).max(0.0);
                let similarity: f64 = common().map(weight).sum();
                let nearest = common().map(|&(_, distance)| distance).min().unwrap_or(0);
                (similarity, similarity / (nearest + 1) as f64)
            }
        }
    }
}

/// Each item of a session with how many events came after its last one.
fn distances(items: &[u32], known: usize) -> Vec<(u32, usize)> {
    let mut distances: Vec<(u32, usize)> = Vec::new();
    for (distance, &item) in items.iter().rev().take(WINDOW).enumerate() {
        if (item as usize) < known && distances.iter().all(|&(other, _)| other != item) {
            distances.push((item, distance));
        }
    }
    distances
}

impl Ranker for Sessions {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        Ok(Sessions::scores(self, given.items))
    }

    fn follow(&self) -> Box<dyn Follower + '_> {
        Box::new(Current { sessions: self, items: Vec::new() })
    }
}

/// A session that goes on.
struct Current<'a> {
    sessions: &'a Sessions,
    items: Vec<u32>,
}

impl Follower for Current<'_> {
    fn see(&mut self, event: Interaction) -> Result<()> {
        if self.items.len() >= 2 * WINDOW {
            self.items.drain(..WINDOW);
        }
        self.items.push(event.item);
        Ok(())
    }

    fn scores(&self) -> Result<Vec<f32>> {
        Ok(self.sessions.scores(&self.items))
    }
}
