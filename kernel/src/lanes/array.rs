//! Arrays, one lane after the other.

use super::NEARLY_HALF;
use crate::rows::LANES;
use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

/// Eight f32.
#[derive(Clone, Copy)]
pub(crate) struct Lanes([f32; LANES]);

/// Whether something holds in each lane.
#[derive(Clone, Copy)]
pub(crate) struct Mask([bool; LANES]);

/// Eight sums in f64.
#[derive(Clone, Copy)]
pub(crate) struct Sums([f64; LANES]);

impl Lanes {
    #[inline(always)]
    pub(crate) fn new(numbers: [f32; LANES]) -> Lanes {
        Lanes(numbers)
    }

    #[inline(always)]
    pub(crate) fn splat(number: f32) -> Lanes {
        Lanes([number; LANES])
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f32; LANES] {
        self.0
    }

    #[inline(always)]
    pub(crate) fn to_f64(self) -> [f64; LANES] {
        self.0.map(f64::from)
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Lanes {
        Lanes(self.0.map(f32::abs))
    }

    /// The greater one; `self` where they cannot be compared.
    #[inline(always)]
    pub(crate) fn max(self, other: Lanes) -> Lanes {
        Lanes(from_fn(|at| if self.0[at] < other.0[at] { other.0[at] } else { self.0[at] }))
    }

    /// The smaller one; `self` where they cannot be compared.
    #[inline(always)]
    pub(crate) fn min(self, other: Lanes) -> Lanes {
        Lanes(from_fn(|at| if other.0[at] < self.0[at] { other.0[at] } else { self.0[at] }))
    }

    /// The nearest integer, of two the one further from zero, as [`f32::round`]: which is a call where this is three
    /// instructions.
    #[inline(always)]
    pub(crate) fn round(self) -> Lanes {
        Lanes(self.0.map(|number| (number.abs() + NEARLY_HALF).trunc().copysign(number)))
    }

    /// Zero where the mask does not hold.
    #[inline(always)]
    pub(crate) fn or_zero(self, mask: Mask) -> Lanes {
        Lanes(from_fn(|at| if mask.0[at] { self.0[at] } else { 0.0 }))
    }

    #[inline(always)]
    pub(crate) fn is_not_zero(self) -> Mask {
        Mask(self.0.map(|number| number != 0.0))
    }
}

#[inline(always)]
fn each(a: Lanes, b: Lanes, of: impl Fn(f32, f32) -> f32) -> Lanes {
    Lanes(from_fn(|at| of(a.0[at], b.0[at])))
}

impl Add for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn add(self, other: Lanes) -> Lanes {
        each(self, other, |a, b| a + b)
    }
}

impl Sub for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn sub(self, other: Lanes) -> Lanes {
        each(self, other, |a, b| a - b)
    }
}

impl Mul for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn mul(self, other: Lanes) -> Lanes {
        each(self, other, |a, b| a * b)
    }
}

impl Div for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn div(self, other: Lanes) -> Lanes {
        each(self, other, |a, b| a / b)
    }
}

impl Mask {
    #[inline(always)]
    pub(crate) fn new(holds: [bool; LANES]) -> Mask {
        Mask(holds)
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [bool; LANES] {
        self.0
    }

    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0.iter().fold(false, |any, &holds| any | holds)
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Mask) -> Mask {
        Mask(from_fn(|at| self.0[at] | other.0[at]))
    }
}

impl Sums {
    pub(crate) const ZERO: Sums = Sums([0.0; LANES]);

    /// With the products, which are exact.
    #[inline(always)]
    pub(crate) fn add_products(self, a: Lanes, b: Lanes) -> Sums {
        Sums(from_fn(|at| self.0[at] + f64::from(a.0[at]) * f64::from(b.0[at])))
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f64; LANES] {
        self.0
    }
}
