//! A query of a byte a number, and how far its products can be from exact ones: a product that costs a fraction of an
//! exact one shows of nearly every row that it is not among the best.
//!
//! What each byte lost is added up, times the largest number that a row has (Hölder's inequality), and the sum is part
//! of every product from the start: no exact product is greater.

/// Numbers that are multiplied in one go: a rough query is padded with zeros to a multiple of it.
pub(crate) const WIDTH: usize = 64;

/// The magnitude of the least number in a row of bytes, which is the largest.
const LARGEST: u32 = 128;

/// The largest size: two products fit in 16 bits.
const MOST: u32 = 127;

/// Shorter rows are multiplied exactly as fast, in a browser still shorter ones; longer ones lose too much by rounding.
const LENGTHS: std::ops::RangeInclusive<usize> = if cfg!(target_arch = "wasm32") { 17 } else { 33 }..=1024;

/// A query for rows of bytes in which each number is rounded to a byte: size x (-1 if the sign is set).
#[derive(Clone, Debug)]
#[cfg_attr(not(any(target_arch = "x86_64", target_feature = "relaxed-simd")), expect(dead_code))]
pub struct Rough {
    /// All bits set for a negative number: `x ^ sign` is `x`, or `-x - 1`.
    pub(crate) signs: Vec<u8>,
    /// At most [`MOST`].
    pub(crate) sizes: Vec<u8>,
    /// What every product starts from: all that rounding can have lost, and what the signs left out.
    pub(crate) start: i32,
    /// What a product is multiplied with to be comparable to an exact one, besides the scale of its row.
    pub scale: f32,
}

impl Rough {
    /// Of an exact query, number = `scale` x integer. None where no kernel of this build would use it.
    pub fn new(values: &[i16], scale: f32) -> Option<Rough> {
        let most = u32::from(values.iter().fold(0, |most, v| most.max(v.unsigned_abs())));
        let used = cfg!(any(target_arch = "x86_64", target_feature = "relaxed-simd"));
        if !used || most == 0 || !LENGTHS.contains(&values.len()) {
            return None;
        }
        let mut signs = vec![0; values.len().next_multiple_of(WIDTH)];
        let mut sizes = signs.clone();
        // A size is a number in units of most / MOST; what it lost is counted in parts of a unit, `most` of them.
        let (mut sum, mut lost, mut left_out) = (0u32, 0, 0);
        for ((sign, size), &value) in signs.iter_mut().zip(&mut sizes).zip(values) {
            let exact = u32::from(value.unsigned_abs()) * MOST;
            let rounded = (exact + most / 2) / most;
            *size = rounded as u8;
            sum += rounded;
            lost += exact.abs_diff(rounded * most);
            if value < 0 {
                *sign = u8::MAX;
                left_out += rounded;
            }
        }
        let lost = LARGEST * (lost / most + 1);
        // On its way to f32, each of the two is rounded a few times by at most 2^-24 of a number no greater than this.
        let rounding = (LARGEST * sum + lost) >> 20;
        let scale = most as f32 / MOST as f32 * scale;
        // A subnormal one would be rounded by more than that.
        let start = (lost + rounding + 1 + left_out) as i32;
        scale.is_normal().then_some(Rough { signs, sizes, start, scale })
    }
}
