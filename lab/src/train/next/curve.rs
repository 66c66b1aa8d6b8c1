//! From a user's events to their vectors, and back with gradients.

use crate::simd;
use crate::train::vector::{TOGETHER, add_combination, products};
use pulp::{Simd, WithSimd};
use std::ops::Range;

/// What is learned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameters {
    /// Whole tiles.
    pub dim: usize,
    /// [items, dim], items in whole tiles.
    pub rows: Vec<f32>,
    /// [items], minus infinity's stand-in where a tile is filled up.
    pub biases: Vec<f32>,
    /// Logarithms of the weights by distance and, last, that of all older events, [places + 1]; behind them the
    /// logarithm of the scale.
    pub curve: Vec<f32>,
}

impl Parameters {
    pub fn row(&self, item: u32) -> &[f32] {
        &self.rows[item as usize * self.dim..][..self.dim]
    }

    pub fn places(&self) -> usize {
        self.curve.len() - 2
    }

    /// Whether all numbers are finite, those that exponentials make of the curve too.
    pub fn is_finite(&self) -> bool {
        let learned = self.rows.iter().chain(&self.biases);
        learned.chain(&self.weights()).chain([&self.scale()]).all(|value| value.is_finite())
    }

    /// What all scores are multiplied by.
    pub fn scale(&self) -> f32 {
        libm::expf(self.curve[self.curve.len() - 1])
    }

    /// [places + 1]
    pub fn weights(&self) -> Vec<f32> {
        self.curve[..=self.places()].iter().map(|&log| libm::expf(log)).collect()
    }
}

/// Some positions of a user's sequence: at each, the events up to it are known and the next one is sought.
pub(super) struct Segment<'a> {
    /// The user's events up to the last position.
    pub events: &'a [u32],
    /// Which of `events` are seen, each weighing `1 / share of those that are`.
    pub seen: Vec<u32>,
    pub weight: f32,
    pub positions: Range<usize>,
}

/// Gradients of a segment.
pub(super) struct Back {
    /// One row an event that is seen, [seen, dim].
    pub rows: Vec<f32>,
    /// As [`Parameters::curve`].
    pub curve: Vec<f32>,
}

/// What vectors are made of.
struct Window {
    /// Of `seen`.
    span: Range<usize>,
    /// How many of `seen` are older.
    older: usize,
}

impl<'a> Segment<'a> {
    /// The position after the last of the events, of which there is one at least, with all of them seen.
    pub fn last_of(events: &'a [u32]) -> Segment<'a> {
        let seen = (0..events.len() as u32).collect();
        Segment { events, seen, weight: 1.0, positions: events.len() - 1..events.len() }
    }

    fn window(&self, position: usize, places: usize) -> Window {
        let older = self.seen.partition_point(|&at| at as usize + places <= position);
        Window { span: older..self.seen.partition_point(|&at| at as usize <= position), older }
    }

    /// The rows of the events seen, [seen, dim].
    fn gathered(&self, parameters: &Parameters) -> Vec<f32> {
        let row = |&at: &u32| parameters.row(self.events[at as usize]);
        self.seen.iter().flat_map(|at| row(at).iter().copied()).collect()
    }

    /// The weights of a window's events, and the sum of all weights and 1.
    fn coefficients(&self, weights: &[f32], position: usize, window: &Window, out: &mut Vec<f32>) -> f32 {
        out.clear();
        let weight = |&at: &u32| weights[position - at as usize] * self.weight;
        out.extend(self.seen[window.span.clone()].iter().map(weight));
        let tail = weights[weights.len() - 1] * self.weight * window.older as f32;
        1.0 + out.iter().sum::<f32>() + tail
    }

    /// The vectors of all positions, [positions, dim].
    pub fn vectors(&self, parameters: &Parameters) -> Vec<f32> {
        simd::run(Forward { segment: self, parameters })
    }

    /// Gradients of rows and curve, from the `vectors` and their gradients, both [positions, dim].
    pub fn back(&self, parameters: &Parameters, vectors: &[f32], gradient: &[f32]) -> Back {
        simd::run(Backward { segment: self, parameters, vectors, gradient })
    }
}

struct Forward<'a> {
    segment: &'a Segment<'a>,
    parameters: &'a Parameters,
}

impl WithSimd for Forward<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<f32> {
        let Forward { segment, parameters } = self;
        let (dim, weights) = (parameters.dim, parameters.weights());
        let places = parameters.places();
        let tail = weights[places] * segment.weight;
        let rows = segment.gathered(parameters);
        let mut vectors = vec![0.0; segment.positions.len() * dim];
        let (mut past, mut added, mut coefficients) = (vec![0.0; dim], 0, Vec::new());
        for (position, vector) in segment.positions.clone().zip(vectors.chunks_exact_mut(dim)) {
            let window = segment.window(position, places);
            add_ones(&rows[added * dim..window.older * dim], dim, &mut past);
            added = window.older;
            let sum = segment.coefficients(&weights, position, &window, &mut coefficients);
            vector.iter_mut().zip(&past).for_each(|(out, past)| *out = tail * past);
            combine(simd, &coefficients, &rows[window.span.start * dim..], dim, vector);
            let scale = parameters.scale() / sum.sqrt();
            vector.iter_mut().for_each(|value| *value *= scale);
        }
        vectors
    }
}

struct Backward<'a> {
    segment: &'a Segment<'a>,
    parameters: &'a Parameters,
    vectors: &'a [f32],
    gradient: &'a [f32],
}

impl WithSimd for Backward<'_> {
    type Output = Back;

    /// From the last position to the first: what is older than all places gets the sum over the later positions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Back {
        let Backward { segment, parameters, vectors, gradient } = self;
        let (dim, weights) = (parameters.dim, parameters.weights());
        let places = parameters.places();
        let rows = segment.gathered(parameters);
        let mut back = Back { rows: vec![0.0; rows.len()], curve: vec![0.0; places + 2] };
        let (mut inner, mut coefficients, mut dots) = (vec![0.0; dim], Vec::new(), Vec::new());
        let (mut later, mut later_sum, mut older) = (vec![0.0; dim], 0.0, usize::MAX);
        let tail = weights[places] * segment.weight;
        let mut of_tail = 0.0;
        let mut leave = |span: Range<usize>, later: &[f32], later_sum: f32, out: &mut [f32]| {
            for at in span {
                let row = at * dim..at * dim + dim;
                let product: f32 = rows[row.clone()].iter().zip(later).map(|(a, b)| a * b).sum();
                of_tail += product + later_sum;
                out[row].iter_mut().zip(later).for_each(|(out, later)| *out += tail * later);
            }
        };
        let steps = segment.positions.clone().zip(vectors.chunks_exact(dim).zip(gradient.chunks_exact(dim)));
        for (position, (vector, gradient)) in steps.rev() {
            let window = segment.window(position, places);
            if older != usize::MAX {
                leave(window.older..older, &later, later_sum, &mut back.rows);
            }
            older = window.older;
            let sum = segment.coefficients(&weights, position, &window, &mut coefficients);
            let of_vector: f32 = vector.iter().zip(gradient).map(|(a, b)| a * b).sum();
            let of_sum = -0.5 * of_vector / sum;
            back.curve[places + 1] += of_vector;
            let scale = parameters.scale() / sum.sqrt();
            inner.iter_mut().zip(gradient).for_each(|(inner, value)| *inner = scale * value);
            later.iter_mut().zip(&inner).for_each(|(later, inner)| *later += inner);
            later_sum += of_sum;
            let span = window.span.start * dim..window.span.end * dim;
            dot_each(simd, &rows[span.clone()], &inner, &mut dots);
            for (&at, dot) in segment.seen[window.span.clone()].iter().zip(&dots) {
                back.curve[position - at as usize] += dot + of_sum;
            }
            for (out, &coefficient) in back.rows[span].chunks_exact_mut(dim).zip(&coefficients) {
                out.iter_mut().zip(&inner).for_each(|(out, inner)| *out += coefficient * inner);
            }
        }
        if older != usize::MAX {
            leave(0..older, &later, later_sum, &mut back.rows);
        }
        back.curve[places] = of_tail;
        let factors = weights.iter().map(|weight| weight * segment.weight);
        back.curve.iter_mut().zip(factors).for_each(|(gradient, factor)| *gradient *= factor);
        back
    }
}

/// Adds all rows to `out`.
#[inline(always)]
fn add_ones(rows: &[f32], dim: usize, out: &mut [f32]) {
    for row in rows.chunks_exact(dim) {
        out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
    }
}

/// Adds to `out` the rows times their coefficients.
#[inline(always)]
fn combine<S: Simd>(simd: S, coefficients: &[f32], rows: &[f32], dim: usize, out: &mut [f32]) {
    for (coefficients, rows) in coefficients.chunks(TOGETHER).zip(rows.chunks(TOGETHER * dim)) {
        let mut factors = [0.0; TOGETHER];
        factors[..coefficients.len()].copy_from_slice(coefficients);
        let mut vectors = [&rows[..dim]; TOGETHER];
        vectors.iter_mut().zip(rows.chunks_exact(dim)).for_each(|(vector, row)| *vector = row);
        add_combination(simd, factors, vectors, out);
    }
}

/// The inner product of each row with one vector.
#[inline(always)]
fn dot_each<S: Simd>(simd: S, rows: &[f32], with: &[f32], out: &mut Vec<f32>) {
    let dim = with.len();
    out.clear();
    for rows in rows.chunks(TOGETHER * dim) {
        let mut vectors = [&rows[..dim]; TOGETHER];
        vectors.iter_mut().zip(rows.chunks_exact(dim)).for_each(|(vector, row)| *vector = row);
        out.extend_from_slice(&products(simd, vectors, with)[..rows.len() / dim]);
    }
}
