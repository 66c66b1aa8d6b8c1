//! Two vectors of WebAssembly's.

use super::NEARLY_HALF;
use crate::rows::LANES;
use std::arch::wasm32::*;
use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

/// Eight f32.
#[derive(Clone, Copy)]
pub(crate) struct Lanes([v128; 2]);

/// Whether something holds in each lane: all bits set, or none.
#[derive(Clone, Copy)]
pub(crate) struct Mask([v128; 2]);

/// Eight sums in f64.
#[derive(Clone, Copy)]
pub(crate) struct Sums([v128; 4]);

impl Lanes {
    #[inline(always)]
    pub(crate) fn new(numbers: [f32; LANES]) -> Lanes {
        let [a, b, c, d, e, f, g, h] = numbers;
        Lanes([f32x4(a, b, c, d), f32x4(e, f, g, h)])
    }

    #[inline(always)]
    pub(crate) fn splat(number: f32) -> Lanes {
        Lanes([f32x4_splat(number); 2])
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f32; LANES] {
        let mut numbers = [0.0; LANES];
        for (four, vector) in numbers.as_chunks_mut::<4>().0.iter_mut().zip(self.0) {
            // SAFETY: four numbers of 32 bits take as many bytes as a vector.
            unsafe { v128_store(four.as_mut_ptr().cast(), vector) };
        }
        numbers
    }

    #[inline(always)]
    pub(crate) fn to_f64(self) -> [f64; LANES] {
        doubles(self.0.map(halves))
    }

    #[inline(always)]
    fn each(self, of: impl Fn(v128) -> v128) -> Lanes {
        Lanes(self.0.map(of))
    }

    #[inline(always)]
    fn with(self, other: Lanes, of: impl Fn(v128, v128) -> v128) -> Lanes {
        Lanes([of(self.0[0], other.0[0]), of(self.0[1], other.0[1])])
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Lanes {
        self.each(|vector| f32x4_abs(vector))
    }

    /// The greater one; `self` where they cannot be compared.
    #[inline(always)]
    pub(crate) fn max(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_pmax(a, b))
    }

    /// The smaller one; `self` where they cannot be compared.
    #[inline(always)]
    pub(crate) fn min(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_pmin(a, b))
    }

    /// The nearest integer, of two the one further from zero.
    #[inline(always)]
    pub(crate) fn round(self) -> Lanes {
        self.each(|vector| {
            let sign = v128_and(vector, f32x4_splat(-0.0));
            v128_or(f32x4_trunc(f32x4_add(f32x4_abs(vector), f32x4_splat(NEARLY_HALF))), sign)
        })
    }

    /// Zero where the mask does not hold.
    #[inline(always)]
    pub(crate) fn or_zero(self, mask: Mask) -> Lanes {
        self.with(Lanes(mask.0), |vector, mask| v128_and(vector, mask))
    }

    #[inline(always)]
    pub(crate) fn is_not_zero(self) -> Mask {
        Mask(self.each(|vector| f32x4_ne(vector, f32x4_splat(0.0))).0)
    }
}

impl Add for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn add(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_add(a, b))
    }
}

impl Sub for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn sub(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_sub(a, b))
    }
}

impl Mul for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn mul(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_mul(a, b))
    }
}

impl Div for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn div(self, other: Lanes) -> Lanes {
        self.with(other, |a, b| f32x4_div(a, b))
    }
}

impl Mask {
    #[inline(always)]
    pub(crate) fn new(holds: [bool; LANES]) -> Mask {
        Lanes::new(holds.map(|holds| if holds { 1.0 } else { 0.0 })).is_not_zero()
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [bool; LANES] {
        Lanes(self.0).to_array().map(|lane| lane.to_bits() != 0)
    }

    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        v128_any_true(v128_or(self.0[0], self.0[1]))
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Mask) -> Mask {
        Mask(Lanes(self.0).with(Lanes(other.0), |a, b| v128_or(a, b)).0)
    }
}

impl Sums {
    pub(crate) const ZERO: Sums = Sums([f64x2(0.0, 0.0); 4]);

    /// With the products, which are exact.
    #[inline(always)]
    pub(crate) fn add_products(self, a: Lanes, b: Lanes) -> Sums {
        let [a, b] = [a, b].map(|lanes| {
            let [low, high] = lanes.0.map(halves);
            [low[0], low[1], high[0], high[1]]
        });
        Sums(from_fn(|at| f64x2_add(self.0[at], f64x2_mul(a[at], b[at]))))
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f64; LANES] {
        let [a, b, c, d] = self.0;
        doubles([[a, b], [c, d]])
    }
}

/// The first two numbers and the last two of a vector in f64.
#[inline(always)]
fn halves(vector: v128) -> [v128; 2] {
    let high = i32x4_shuffle::<2, 3, 2, 3>(vector, vector);
    [f64x2_promote_low_f32x4(vector), f64x2_promote_low_f32x4(high)]
}

#[inline(always)]
fn doubles(vectors: [[v128; 2]; 2]) -> [f64; LANES] {
    let mut numbers = [0.0; LANES];
    for (two, vector) in numbers.as_chunks_mut::<2>().0.iter_mut().zip(vectors.as_flattened()) {
        // SAFETY: two numbers of 64 bits take as many bytes as a vector.
        unsafe { v128_store(two.as_mut_ptr().cast(), *vector) };
    }
    numbers
}
