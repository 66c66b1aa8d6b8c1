//! Where the numbers above a floor stand.

use crate::dispatch::which_above;
use crate::rows::CHUNK;

/// Where the numbers greater than `floor` stand, in rising order; `places` has room for all of them.
#[inline(never)]
pub fn above<'a>(numbers: &[[f32; CHUNK]], floor: f32, places: &'a mut [u16]) -> &'a [u16] {
    let mut found = 0;
    for (chunk, first) in numbers.iter().zip((0..).step_by(CHUNK)) {
        let mut bits = which_above(chunk, floor);
        while bits != 0 {
            places[found] = first + bits.trailing_zeros() as u16;
            found += 1;
            bits &= bits - 1;
        }
    }
    &places[..found]
}
