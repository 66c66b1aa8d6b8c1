//! Rates whose numerator and denominator both come from pages: clicks per shown item.
//!
//! Pages are independent of each other, the items on one page are not. So the interval is that of a ratio of sums
//! over pages, by the delta method (Deng, Knoblich and Lu, "Applying the delta method in metric analytics", 2018,
//! section 2.1).

use serde::Serialize;

/// Of the normal distribution: 95 % lie within.
const Z: f64 = 1.96;

/// A ratio of sums with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// The sum of the numerators.
    pub events: f64,
    /// The sum of the denominators.
    pub chances: f64,
    /// Their ratio; 0 without chances.
    pub rate: f64,
    /// Its standard error; 0 with fewer than two pages.
    pub error: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The difference of two rates with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// New minus old.
    pub difference: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Rate {
    /// Of pages, each with its numerator and denominator.
    pub fn of(pages: impl Iterator<Item = (f64, f64)> + Clone) -> Rate {
        let (events, chances) =
            pages.clone().fold((0.0, 0.0), |sums, page| (sums.0 + page.0, sums.1 + page.1));
        if chances == 0.0 {
            return Rate::default();
        }
        let rate = events / chances;
        let count = pages.clone().count() as f64;
        let squares: f64 = pages.map(|(event, chance)| (event - rate * chance).powi(2)).sum();
        let error = if count > 1.0 { (squares * count / (count - 1.0)).sqrt() / chances } else { 0.0 };
        Rate { events, chances, rate, error, low: (rate - Z * error).max(0.0), high: rate + Z * error }
    }

    /// How much higher it is than another, independent one.
    pub fn minus(&self, other: &Rate) -> Difference {
        let difference = self.rate - other.rate;
        let error = self.error.hypot(other.error);
        Difference { difference, low: difference - Z * error, high: difference + Z * error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn without_pages_that_differ_it_is_the_binomial_interval() {
        let pages = (0..10_000).map(|page| (f64::from(page % 10 == 0), 1.0));
        let rate = Rate::of(pages);
        assert_eq!(rate.rate, 0.1);
        assert!((rate.error - (0.1f64 * 0.9 / 10_000.0).sqrt()).abs() < 1e-6);
        assert_eq!(Rate::of(std::iter::empty()), Rate::default());
    }

    /// Pages whose rates differ: 95 of 100 intervals have the true rate, which those of single items would not.
    #[test]
    fn intervals_hold_what_they_promise() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut page = || {
            let taste = random.random_range(0.0..0.4);
            let shown = random.random_range(5..20);
            ((0..shown).filter(|_| random.random_bool(taste)).count() as f64, f64::from(shown))
        };
        let mut held = 0;
        for _ in 0..400 {
            let pages: Vec<(f64, f64)> = (0..100).map(|_| page()).collect();
            let rate = Rate::of(pages.iter().copied());
            held += u32::from(rate.low <= 0.2 && 0.2 <= rate.high);
        }
        assert!((364..=392).contains(&held), "{held} of 400");
    }
}
