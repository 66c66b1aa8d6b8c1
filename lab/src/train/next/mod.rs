//! What comes next: item factors that learn from the order of events.
//!
//! A user's events `x_1..x_t` make the vector
//!
//! ```text
//! u_t = sum_j w(t - j) E[x_j] / sqrt(1 + sum_j w(t - j))        score of item i = E[i].u_t + b_i
//! ```
//!
//! with the same factors `E` for what was seen and for what is sought, as in Kabbur, Ning and Karypis, "FISM: factored
//! item similarity models for top-N recommender systems" (2013), and a weight `w` that is learned for each place from
//! the last, with one for all older events. At every position of every sequence the next event is to be found among
//! all items: softmax cross entropy, which Klenitskiy and Vasilev, "Turning dross into gold loss: is BERT4Rec really
//! better than SASRec?" (2023), found to matter more than the model. Where there are many items a sample stands for all
//! ([`sample`]). Where hardly any event is one that its user had before, what a user had is not sought again and leaves
//! the softmax, as it will leave their recommendations. Earlier events, and numbers of the vectors, are hidden at random. Adam moves all, in steps
//! that fall along a cosine.
//!
//! How many epochs are best is found out first: each user's last event is held out, and the mean gain at its place is
//! looked at after each epoch ([`held_out`]). The training that counts then starts anew and has all events; it ends
//! after that many epochs. So nothing that is known is lost.
//!
//! Time goes into three products of matrices a step, [positions, dim] by [dim, items] and back ([`softmax`]).

mod adam;
mod batches;
mod course;
mod curve;
mod held_out;
mod options;
mod sample;
mod softmax;
mod step;
mod tiles;

pub use options::Options;

use super::{Epoch, Interactions, Observer, Snapshot, Trained};
use course::{Course, Watcher};
use curve::{Parameters, Segment};
#[cfg(doc)]
use foldin::error::Problem;
use foldin::error::Result;
use foldin::model::{Algorithm, Factors, ORDER_WEIGHTS, Recipe, Tensor};
use held_out::HeldOut;
use ndarray::{Array2, s};
use std::ops::ControlFlow;

/// One event in so many that its user had before: from there on what was had is sought again.
const REPEATS: usize = 100;

/// Learns factors, biases and weights; the values of interactions do not matter, the order of events does
/// ([`Interactions::sequences`]). Users with one event teach nothing.
///
/// # Errors
/// [`Problem::Argument`] for an option outside its range, [`Problem::Data`] for interactions that cannot be used or have
/// no order, [`Problem::Diverged`] when the learning rate is too large for the data.
pub fn train(interactions: &Interactions, options: &Options, observer: &mut dyn Observer) -> Result<Trained> {
    options.check(interactions)?;
    let sequences = interactions.sequences()?;
    options::check_sequences(&sequences)?;
    let once = sequences.repeats() * REPEATS < sequences.items.len();
    let course = &Course { options, items: interactions.items(), once };
    let users: Vec<&[u32]> = (0..sequences.users()).map(|user| sequences.of(user)).collect();
    let mut search =
        Search { observer, held_out: HeldOut::new(&users, once), options, best: (0, 0.0), ended: false };
    let mut ended = None;
    let searched = options.patience > 0 && !search.held_out.users.is_empty();
    if searched {
        let parameters = course.run(&HeldOut::rest(&users), options.epochs, &mut search)?;
        ended = search.ended.then_some(parameters);
    }
    let epochs = if searched { search.best.0 } else { options.epochs };
    let mut history = Vec::new();
    let parameters = match ended {
        Some(parameters) => parameters,
        None => {
            let before = if searched { 0.5 } else { 0.0 };
            let finished = Finished { users: &users, items: course.items, dim: options.dim };
            let mut training = Training { observer, finished, history: &mut history, before, epochs };
            course.run(&users, epochs, &mut training)?
        }
    };
    Ok(pack(interactions, options, &users, &parameters, history))
}

/// Watches a training without the events held out, to see how many epochs are best.
struct Search<'a, 'o> {
    observer: &'o mut dyn Observer,
    held_out: HeldOut<'a>,
    options: &'a Options,
    /// An epoch and its gain.
    best: (usize, f64),
    /// Whether the observer ended it.
    ended: bool,
}

impl Watcher for Search<'_, '_> {
    fn batch(&mut self, epochs: f64) -> ControlFlow<()> {
        let told = self.observer.progress(0.5 * epochs / self.options.epochs as f64);
        self.ended |= told.is_break();
        told
    }

    fn epoch(&mut self, epoch: Epoch, parameters: &Parameters) -> ControlFlow<()> {
        let gain = self.held_out.gain(parameters);
        if gain > self.best.1 {
            self.best = (epoch.epoch, gain);
        }
        match epoch.epoch - self.best.0 < self.options.patience {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// Watches the training that counts.
struct Training<'a, 'o> {
    observer: &'o mut dyn Observer,
    finished: Finished<'a>,
    history: &'a mut Vec<Epoch>,
    /// The share of the work that came before.
    before: f64,
    epochs: usize,
}

impl Watcher for Training<'_, '_> {
    fn batch(&mut self, epochs: f64) -> ControlFlow<()> {
        self.observer.progress(self.before + (1.0 - self.before) * epochs / self.epochs as f64)
    }

    fn epoch(&mut self, epoch: Epoch, parameters: &Parameters) -> ControlFlow<()> {
        self.history.push(epoch);
        let (items, users) = (self.finished.items(parameters), self.finished.users(parameters));
        let biases = Some(&parameters.biases[..self.finished.items]);
        self.observer.epoch(
            epoch,
            &Snapshot { item_biases: biases, ..Snapshot::of_vectors(users.view(), items.view()) },
        )
    }
}

/// Makes of what was learned what is served.
struct Finished<'a> {
    users: &'a [&'a [u32]],
    items: usize,
    dim: usize,
}

impl Finished<'_> {
    /// Factors that have half of the scale each, [items, dim]: the file needs no scale.
    fn items(&self, parameters: &Parameters) -> Array2<f32> {
        let shape = (parameters.biases.len(), parameters.dim);
        let rows = ndarray::ArrayView2::from_shape(shape, &parameters.rows[..]).expect("whole rows");
        &rows.slice(s![..self.items, ..self.dim]) * parameters.scale().sqrt()
    }

    /// Each user's vector after all events, [users, dim]; 0 where there is none.
    fn users(&self, parameters: &Parameters) -> Array2<f32> {
        let mut vectors = Array2::zeros((self.users.len(), self.dim));
        let root = parameters.scale().sqrt();
        for (events, mut out) in self.users.iter().zip(vectors.rows_mut()).filter(|user| !user.0.is_empty()) {
            let vector = Segment::last_of(events).vectors(parameters);
            out.iter_mut().zip(vector).for_each(|(out, value)| *out = value / root);
        }
        vectors
    }
}

fn pack(
    interactions: &Interactions,
    options: &Options,
    users: &[&[u32]],
    parameters: &Parameters,
    history: Vec<Epoch>,
) -> Trained {
    let recipe = Recipe {
        algorithm: Algorithm::Next,
        unobserved_weight: 0.0,
        regularization: options.regularization,
        frequency_exponent: 0.0,
        mean: 0.0,
    };
    let further = [
        ("epochs", history.len().to_string()),
        ("learning_rate", options.learning_rate.to_string()),
        ("dropout", options.dropout.to_string()),
        ("vector_dropout", options.vector_dropout.to_string()),
        ("places", options.places.to_string()),
        ("seed", options.seed.to_string()),
    ];
    let items = interactions.items();
    let finished = Finished { users, items, dim: options.dim };
    let factors = super::factors(interactions, finished.items(parameters), recipe, further);
    let items = Factors {
        biases: Some(parameters.biases[..items].to_vec()),
        rooms: vec![Tensor::f32s(ORDER_WEIGHTS, &parameters.weights())],
        ..factors
    };
    Trained { items, users: finished.users(parameters), user_biases: None, history }
}
