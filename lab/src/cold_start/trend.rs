//! What is in demand now: interactions, each counting less the longer it is past.

use crate::train::Interactions;

/// Seconds a day.
const DAY: f64 = 86_400.0;

/// For each item the sum of `2^(-age / half life)` over its interactions, in 255ths of the greatest such sum, rounded
/// up; the age is that against the newest interaction of all, the half life `half_life` days. None where there are no
/// times or the half life is not above 0.
pub fn trends(interactions: &Interactions, half_life: f64) -> Option<Vec<u8>> {
    let times = interactions.times.as_ref().filter(|_| half_life > 0.0)?;
    let newest = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sums = vec![0f64; interactions.items()];
    for (&item, time) in interactions.matrix.columns.iter().zip(times) {
        sums[item as usize] += ((time - newest) / (half_life * DAY)).exp2();
    }
    let greatest = sums.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    Some(sums.into_iter().map(|sum| (255.0 * sum / greatest).ceil() as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_yesterday_weigh_more_than_three_of_last_month() {
        let ids = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let entries = [(0, 0, 1.0), (1, 0, 1.0), (2, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0)];
        let times = [0.0, 0.0, 0.0, 30.0 * DAY, 30.0 * DAY];
        let town =
            Interactions::from_entries(ids(&["a", "b", "c"]), ids(&["old", "new"]), &entries, Some(&times));
        let trends = trends(&town, 30.0).unwrap();
        assert_eq!(trends, [192, 255], "three of half a weight each are three quarters of two whole ones");
        assert!(super::trends(&town, 0.0).is_none());
        let timeless = Interactions { times: None, ..town };
        assert!(super::trends(&timeless, 30.0).is_none());
    }
}
