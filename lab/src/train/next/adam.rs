//! Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).

use crate::parallel;

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// Numbers that one task moves.
const TASK: usize = 1 << 14;

/// The moments of some parameters' gradients.
#[derive(Clone)]
pub(super) struct Adam {
    first: Vec<f32>,
    second: Vec<f32>,
}

/// How far the next step goes, with the corrections for moments that start at 0.
#[derive(Clone, Copy)]
pub(super) struct Rate {
    length: f32,
    of_second: f32,
    shrink: f32,
}

impl Rate {
    /// For the step of that number, from 1. What is learned shrinks by `decay` of the rate (Loshchilov and Hutter,
    /// "Decoupled weight decay regularization", 2019).
    pub fn at(step: i32, rate: f32, decay: f32) -> Rate {
        Rate {
            length: rate / (1.0 - FIRST.powi(step)),
            of_second: 1.0 / (1.0 - SECOND.powi(step)),
            shrink: 1.0 - rate * decay,
        }
    }
}

impl Adam {
    pub fn new(count: usize) -> Adam {
        Adam { first: vec![0.0; count], second: vec![0.0; count] }
    }

    /// Moves all parameters.
    pub fn step(&mut self, rate: Rate, gradient: &[f32], parameters: &mut [f32]) {
        let moments = self.first.chunks_mut(TASK).zip(self.second.chunks_mut(TASK));
        let tasks: Vec<_> = moments.zip(gradient.chunks(TASK).zip(parameters.chunks_mut(TASK))).collect();
        parallel::map(tasks, |((first, second), (gradient, parameters))| {
            move_all(rate, first, second, gradient, parameters);
        });
    }

    /// Moves the row of that number and no other (as TensorFlow's lazy Adam: the moments of rows without a gradient
    /// wait).
    pub fn step_row(&mut self, rate: Rate, row: usize, gradient: &[f32], parameters: &mut [f32]) {
        let span = row * gradient.len()..(row + 1) * gradient.len();
        let (first, second) = (&mut self.first[span.clone()], &mut self.second[span.clone()]);
        move_all(rate, first, second, gradient, &mut parameters[span]);
    }
}

#[inline(always)]
fn move_all(rate: Rate, first: &mut [f32], second: &mut [f32], gradient: &[f32], parameters: &mut [f32]) {
    let moments = first.iter_mut().zip(second);
    for ((parameter, &gradient), (first, second)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *first = FIRST * *first + (1.0 - FIRST) * gradient;
        *second = SECOND * *second + (1.0 - SECOND) * gradient * gradient;
        *parameter =
            rate.shrink * *parameter - rate.length * *first / ((*second * rate.of_second).sqrt() + EPSILON);
    }
}
