//! Lays a graph out in the plane (UMAP, section 3.2).

use super::neighbours::Edge;
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Shape of 1 / (1 + A d^2B), the likeness of items at distance d: the fit to UMAP's min_dist 0.5 and spread 1.
const A: f32 = 0.583;
const B: f32 = 1.334;
/// Items that each end of an edge is repelled from whenever the edge pulls.
const REPELLED: usize = 5;
/// No coordinate moves farther at once.
const STEP: f32 = 4.0;
/// Half the width of the square in which the layout starts.
const START: f32 = 10.0;
/// Rounds for a small catalogue and for a large one, and what counts as small.
const ROUNDS: (usize, usize) = (500, 200);
const SMALL: usize = 10_000;

/// Moves the places [items, 2] until joined items lie together and others apart.
pub(super) fn lay_out(edges: &[Edge], start: Array2<f32>, seed: u64) -> Array2<f32> {
    let items = start.nrows();
    let rounds = if items <= SMALL { ROUNDS.0 } else { ROUNDS.1 };
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut places = spread(start, &mut random);
    let surest = edges.iter().fold(0.0f32, |most, edge| most.max(edge.weight));
    // An edge pulls in a part of the rounds that is its weight: the surest in each.
    let mut due = vec![0.0f32; edges.len()];
    for round in 0..rounds {
        let rate = 1.0 - round as f32 / rounds as f32;
        for (edge, due) in edges.iter().zip(&mut due) {
            *due += edge.weight / surest;
            if *due < 1.0 {
                continue;
            }
            *due -= 1.0;
            let [a, b] = edge.ends;
            attract(&mut places, a, b, rate);
            for end in edge.ends {
                for _ in 0..REPELLED {
                    repel(&mut places, end, random.random_range(0..items), rate);
                }
            }
        }
    }
    Array2::from_shape_fn((items, 2), |(item, axis)| places[item][axis])
}

/// Into the square in which the layout starts, with a little noise: equal places would never part.
fn spread(start: Array2<f32>, random: &mut Xoshiro256PlusPlus) -> Vec<[f32; 2]> {
    let farthest = start.fold(0.0f32, |most, v| most.max(v.abs()));
    let scale = if farthest > 0.0 { START / farthest } else { 0.0 };
    let mut near = |v: f32| v * scale + random.random_range(-0.01..0.01f32);
    start.rows().into_iter().map(|row| [near(row[0]), near(row[1])]).collect()
}

fn attract(places: &mut [[f32; 2]], a: usize, b: usize, rate: f32) {
    let (gap, square) = gap(places, a, b);
    if square == 0.0 {
        return;
    }
    let pull = -2.0 * A * B * libm::powf(square, B - 1.0) / (A * libm::powf(square, B) + 1.0);
    for axis in 0..2 {
        let step = (pull * gap[axis]).clamp(-STEP, STEP) * rate;
        places[a][axis] += step;
        places[b][axis] -= step;
    }
}

fn repel(places: &mut [[f32; 2]], a: usize, b: usize, rate: f32) {
    if a == b {
        return;
    }
    let (gap, square) = gap(places, a, b);
    let push = 2.0 * B / ((0.001 + square) * (A * libm::powf(square, B) + 1.0));
    for axis in 0..2 {
        places[a][axis] += (push * gap[axis]).clamp(-STEP, STEP) * rate;
    }
}

/// From `b` to `a`, and the square of its length.
fn gap(places: &[[f32; 2]], a: usize, b: usize) -> ([f32; 2], f32) {
    let gap = [places[a][0] - places[b][0], places[a][1] - places[b][1]];
    (gap, gap[0] * gap[0] + gap[1] * gap[1])
}
