//! Users who were kept out of training, and what they told in the order of time.

use foldin::visitor::{Event, EventKind};
use foldin::{Model, Precision, Result};
use foldin_lab::train::{Interactions, Options, train, unobserved};
use std::ops::Range;

/// Events told before the next film is looked for.
pub const STEPS: [usize; 6] = [1, 2, 5, 10, 20, 50];

/// How many films are named.
pub const NAMED: usize = 10;

const FOLDS: usize = 5;

/// One fifth of the users, and a model of all others.
pub struct Replay {
    pub model: Model,
    /// The model's rows that each user in training interacted with.
    pub training: Vec<Vec<u32>>,
    /// What each user who was kept out did.
    pub visitors: Vec<Vec<Event>>,
}

impl Replay {
    /// Everybody is kept out once.
    pub fn all(data: &Interactions, options: &Options) -> Result<Vec<Replay>> {
        (0..FOLDS).map(|fold| Replay::new(data, fold, options)).collect()
    }

    fn new(data: &Interactions, fold: usize, options: &Options) -> Result<Replay> {
        let kept_out = |user: usize| user % FOLDS == fold;
        let user_of: Vec<u32> = data.matrix.iter().map(|(user, ..)| user).collect();
        let others = data.filter(|at| !kept_out(user_of[at] as usize));
        let model = Model::pack(&train(&others, options, &mut unobserved)?.items, Precision::Int8)?;
        let rows: Vec<u32> = data.item_ids.iter().map(|id| model.find(id)).collect::<Result<_>>()?;
        let users = 0..data.users();
        let row = |&item: &u32| rows[item as usize];
        Ok(Replay {
            training: users.clone().map(|user| others.matrix.row(user).0.iter().map(row).collect()).collect(),
            visitors: users.filter(|&user| kept_out(user)).map(|user| events(data, user, &rows)).collect(),
            model,
        })
    }

    /// What is told and what comes next, of every visitor who has done more than `step` things.
    pub fn tasks(&self, step: usize) -> impl Iterator<Item = (&[Event], u32)> {
        let visitors = self.visitors.iter().filter(move |events| events.len() > step);
        visitors.map(move |events| (&events[..step], events[step].item))
    }
}

fn events(data: &Interactions, user: usize, rows: &[u32]) -> Vec<Event> {
    let time = |at: usize| data.times.as_ref().map_or(0.0, |times| times[at]);
    let span: Range<usize> = data.matrix.offsets[user]..data.matrix.offsets[user + 1];
    let mut order: Vec<usize> = span.collect();
    order.sort_by(|&a, &b| time(a).total_cmp(&time(b)).then(data.order[a].cmp(&data.order[b])));
    let event = |at| Event {
        item: rows[data.matrix.columns[at] as usize],
        kind: EventKind::Purchase,
        value: None,
        time: 1000.0 * time(at),
    };
    order.into_iter().map(event).collect()
}

/// The gain of a list of names in which only the next film counts.
pub fn ndcg(named: &[u32], next: u32) -> f64 {
    let place = named.iter().take(NAMED).position(|&item| item == next);
    place.map_or(0.0, |place| 1.0 / (place as f64 + 2.0).log2())
}
