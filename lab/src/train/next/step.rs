//! One step down the gradient, for one batch.

use super::adam::{Adam, Rate};
use super::curve::{Back, Parameters, Segment};
use super::sample::Sample;
use super::softmax::{self, Asked, BLOCK, Candidates, Gradients};
use super::tiles;
use crate::parallel;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A score that a softmax gives nothing.
pub(super) const NEVER: f32 = -1e30;

/// A batch: segments, and the item that is sought at each of their positions.
pub(super) struct Batch<'a> {
    pub segments: Vec<Segment<'a>>,
    pub targets: Vec<u32>,
    /// Whether what a user had is not sought again, unless it comes.
    pub once: bool,
    /// What each number of each vector is multiplied by, [positions, dim]: 0 where it is hidden. Empty: none is.
    pub kept: Vec<f32>,
}

impl Batch<'_> {
    /// What is asked at each position, where the items stand at `places`.
    fn asked(&self, places: Option<&[u32]>) -> Vec<Asked<'_>> {
        let weight = 1.0 / self.targets.len() as f32;
        let known = self.segments.iter().flat_map(|segment| {
            segment.positions.clone().map(|at| if self.once { &segment.events[..=at] } else { &[] })
        });
        let asked = |(&item, known): (&u32, _)| {
            let target = places.map_or(item, |places| places[item as usize]);
            Asked { target, known, weight }
        };
        self.targets.iter().zip(known).map(asked).collect()
    }
}

/// What learning moves.
pub(super) struct Learner {
    pub parameters: Parameters,
    items: usize,
    of_rows: Adam,
    of_biases: Adam,
    of_curve: Adam,
    steps: i32,
    /// Room that each step uses again.
    panels: Vec<f32>,
    room: Vec<f32>,
    gradients: Gradients,
}

impl Learner {
    pub fn new(parameters: Parameters, items: usize) -> Learner {
        let [of_rows, of_biases, of_curve] =
            [&parameters.rows, &parameters.biases, &parameters.curve].map(|values| Adam::new(values.len()));
        let (panels, room, gradients) = Default::default();
        Learner { parameters, items, of_rows, of_biases, of_curve, steps: 0, panels, room, gradients }
    }

    /// Moves all that is learned, for a batch among all items or among a sample. Returns the mean loss before.
    pub fn step(
        &mut self,
        batch: &Batch<'_>,
        negatives: Option<usize>,
        (length, decay): (f32, f32),
        random: &mut Xoshiro256PlusPlus,
    ) -> f64 {
        self.steps += 1;
        let rate = Rate::at(self.steps, length, 0.0);
        let sample = negatives.and_then(|count| Sample::draw(&batch.targets, self.items, count, random));
        let (loss, backs) = self.descend(batch, sample.as_ref());
        let of_rows = Rate::at(self.steps, length, decay);
        match &sample {
            None => self.move_all(batch, &backs, rate, of_rows),
            Some(sample) => self.move_some(batch, &backs, sample, rate, of_rows),
        }
        let mut curve = vec![0.0; self.parameters.curve.len()];
        for back in &backs {
            curve.iter_mut().zip(&back.curve).for_each(|(sum, value)| *sum += value);
        }
        self.of_curve.step(rate, &curve, &mut self.parameters.curve);
        loss
    }

    /// The loss; leaves the gradients of what is sought in `gradients`, and returns those of each segment's events.
    pub(super) fn descend(&mut self, batch: &Batch<'_>, sample: Option<&Sample>) -> (f64, Vec<Back>) {
        let (parameters, dim) = (&self.parameters, self.parameters.dim);
        let segments: Vec<&Segment<'_>> = batch.segments.iter().collect();
        let vectors = parallel::map(segments, |segment| segment.vectors(parameters));
        let mut all = vectors.concat();
        all.iter_mut().zip(&batch.kept).for_each(|(value, kept)| *value *= kept);
        all.resize(batch.targets.len().next_multiple_of(BLOCK) * dim, 0.0);
        let gathered = sample.map(|sample| (sample.rows(parameters), sample.offsets(parameters)));
        let (rows, offsets) = match &gathered {
            None => (&parameters.rows, &parameters.biases),
            Some((rows, offsets)) => (rows, offsets),
        };
        tiles::transpose_panels(rows, dim, &mut self.panels);
        let places = sample.map(|sample| &sample.places[..]);
        let candidates = Candidates { rows, panels: &self.panels, offsets, dim, places };
        let asked = batch.asked(places);
        let loss = softmax::descend(&candidates, &mut all, &asked, &mut self.room, &mut self.gradients);
        self.gradients.vectors.iter_mut().zip(&batch.kept).for_each(|(value, kept)| *value *= kept);
        let mut rest = &self.gradients.vectors[..];
        let mut tasks = Vec::with_capacity(vectors.len());
        for (segment, vectors) in batch.segments.iter().zip(&vectors) {
            let (own, others) = rest.split_at(vectors.len());
            tasks.push((segment, vectors, own));
            rest = others;
        }
        let back = |(segment, vectors, gradient): (&Segment<'_>, &Vec<f32>, &[f32])| {
            segment.back(parameters, vectors, gradient)
        };
        (loss, parallel::map(tasks, back))
    }

    /// Moves every item.
    fn move_all(&mut self, batch: &Batch<'_>, backs: &[Back], rate: Rate, of_rows: Rate) {
        let Learner { parameters, gradients, .. } = self;
        let dim = parameters.dim;
        for (item, row) in inputs(batch, backs, dim) {
            let out = &mut gradients.rows[item as usize * dim..][..dim];
            out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
        }
        self.of_rows.step(of_rows, &gradients.rows, &mut parameters.rows);
        self.of_biases.step(rate, &gradients.offsets, &mut parameters.biases);
        parameters.biases[self.items..].fill(NEVER);
    }

    /// Moves the items that the batch saw, sought or drew.
    fn move_some(&mut self, batch: &Batch<'_>, backs: &[Back], sample: &Sample, rate: Rate, of_rows: Rate) {
        let Learner { parameters, gradients, .. } = self;
        let dim = parameters.dim;
        let mut touched: Vec<(u32, &[f32])> = inputs(batch, backs, dim).collect();
        touched.extend(sample.items.iter().copied().zip(gradients.rows.chunks_exact(dim)));
        touched.sort_by_key(|(item, _)| *item);
        let mut sum = vec![0.0; dim];
        for rows in touched.chunk_by(|a, b| a.0 == b.0) {
            sum.fill(0.0);
            for (_, row) in rows {
                sum.iter_mut().zip(*row).for_each(|(sum, value)| *sum += value);
            }
            self.of_rows.step_row(of_rows, rows[0].0 as usize, &sum, &mut parameters.rows);
        }
        for (&item, value) in sample.items.iter().zip(&gradients.offsets) {
            self.of_biases.step_row(rate, item as usize, &[*value], &mut parameters.biases);
        }
    }
}

/// The item of each event that was seen, with the gradient of its row.
fn inputs<'a>(batch: &'a Batch<'_>, backs: &'a [Back], dim: usize) -> impl Iterator<Item = (u32, &'a [f32])> {
    batch.segments.iter().zip(backs).flat_map(move |(segment, back)| {
        let items = segment.seen.iter().map(|&at| segment.events[at as usize]);
        items.zip(back.rows.chunks_exact(dim))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::init;
    use rand::SeedableRng;

    const ITEMS: usize = 40;

    fn parameters() -> Parameters {
        let rows = init::normal(48, 5, 16, 0.5, 3).into_raw_vec_and_offset().0;
        let mut biases: Vec<f32> = (0..ITEMS).map(|item| (item % 7) as f32 * 0.1).collect();
        biases.resize(48, NEVER);
        Parameters { dim: 16, rows, biases, curve: vec![0.3, -0.4, -1.0, 0.2] }
    }

    /// Of two users: longer than the places that have weights of their own, with repeats and hidden events.
    fn batch(once: bool, kept: Vec<f32>) -> Batch<'static> {
        let first =
            Segment { events: &[1, 2, 3, 1, 4], seen: vec![0, 1, 3, 4], weight: 1.25, positions: 1..5 };
        let second = Segment { events: &[7], seen: vec![], weight: 1.25, positions: 0..1 };
        Batch { segments: vec![first, second], targets: vec![3, 1, 4, 9, 8], once, kept }
    }

    /// Every number that is learned, with the gradient that training goes by.
    fn gradients(learner: &mut Learner, batch: &Batch<'_>, sample: Option<&Sample>) -> [Vec<f32>; 3] {
        let (_, backs) = learner.descend(batch, sample);
        let dim = learner.parameters.dim;
        let [mut rows, mut biases] = [vec![0.0; 48 * dim], vec![0.0; 48]];
        let all: Vec<u32> = (0..ITEMS as u32).collect();
        let items = sample.map_or(&all, |sample| &sample.items);
        for (place, &item) in items.iter().enumerate() {
            let row = &mut rows[item as usize * dim..][..dim];
            row.copy_from_slice(&learner.gradients.rows[place * dim..][..dim]);
            biases[item as usize] = learner.gradients.offsets[place];
        }
        for (item, row) in inputs(batch, &backs, dim) {
            rows[item as usize * dim..].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let mut curve = vec![0.0; 4];
        backs
            .iter()
            .for_each(|back| curve.iter_mut().zip(&back.curve).for_each(|(sum, value)| *sum += value));
        [rows, biases, curve]
    }

    fn field(parameters: &mut Parameters, number: usize) -> &mut Vec<f32> {
        [&mut parameters.rows, &mut parameters.biases, &mut parameters.curve].into_iter().nth(number).unwrap()
    }

    #[test]
    fn gradients_are_what_finite_differences_say() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let sample = Sample::draw(&batch(true, vec![]).targets, ITEMS, 9, &mut random).unwrap();
        for (once, sample) in [(false, None), (true, None), (false, Some(&sample)), (true, Some(&sample))] {
            // Hidden numbers in half of the cases.
            let kept = (0..5 * 16).map(|at| if once && at % 3 == 0 { 0.0 } else { 1.5 }).collect();
            let batch = batch(once, kept);
            let mut learner = Learner::new(parameters(), ITEMS);
            let gradients = gradients(&mut learner, &batch, sample);
            let (mut checked, mut largest) = (0, 0f64);
            for (number, gradient) in gradients.iter().enumerate() {
                for (at, &expected) in gradient.iter().enumerate() {
                    if number == 0 && at % 16 >= 5 || number == 1 && at >= ITEMS {
                        continue;
                    }
                    let loss = |step: f32| {
                        let mut moved = Learner::new(parameters(), ITEMS);
                        field(&mut moved.parameters, number)[at] += step;
                        moved.descend(&batch, sample).0
                    };
                    let found = (loss(0.01) - loss(-0.01)) / 0.02;
                    assert!((found - f64::from(expected)).abs() < 3e-4, "{number} {at}: {expected}, {found}");
                    (checked, largest) = (checked + 1, largest.max(found.abs()));
                }
            }
            assert!(checked == 284 && largest > 0.05, "{checked} {largest}");
        }
    }

    /// `exp(loss)` is the sum of the exponentials over that of the target, which the sample is to estimate without bias.
    #[test]
    fn a_sample_stands_for_all_items() {
        let mut learner = Learner::new(parameters(), ITEMS);
        let segment = Segment { events: &[1, 2], seen: vec![0, 1], weight: 1.0, positions: 1..2 };
        let batch = Batch { segments: vec![segment], targets: vec![3], once: false, kept: vec![] };
        let whole = learner.descend(&batch, None).0.exp();
        let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
        let mut mean = 0.0;
        for _ in 0..10_000 {
            let sample = Sample::draw(&batch.targets, ITEMS, 12, &mut random).unwrap();
            mean += learner.descend(&batch, Some(&sample)).0.exp() / 10_000.0;
        }
        assert!((mean / whole - 1.0).abs() < 0.02, "{mean} for {whole}");
    }
}
