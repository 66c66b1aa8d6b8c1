//! Times of many pages together: histograms add up, quantiles do not.

use super::batch::Timed;
use serde::Serialize;

/// Buckets: the last one, of 2^17 ms, takes what is longer.
const BUCKETS: usize = 37;

/// The upper bound of a bucket in milliseconds: 0.5, 0.71, 1, 1.41, 2, ...
pub(super) fn bound(bucket: usize) -> f64 {
    (bucket as f64 / 2.0 - 1.0).exp2()
}

/// A histogram of times.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    counts: [u64; BUCKETS],
}

/// Quantiles of times in milliseconds, exact to the width of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// How many calls were timed.
    pub calls: u64,
    /// Half took no longer.
    pub p50: f64,
    /// 95 of 100 took no longer.
    pub p95: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
}

impl Default for Times {
    fn default() -> Self {
        Times { counts: [0; BUCKETS] }
    }
}

impl Times {
    /// Adds what one page timed. Where it sent no histogram, its quantiles stand for one.
    pub(super) fn add(&mut self, timed: &Timed) {
        if timed.buckets.is_empty() {
            let (slow, slowest) = (timed.count / 2, timed.count / 20);
            let parts = [(timed.p50, timed.count - slow), (timed.p95, slow - slowest), (timed.max, slowest)];
            parts.into_iter().for_each(|(time, count)| self.counts[bucket(time)] += count);
        }
        let last = BUCKETS - 1;
        timed.buckets.iter().enumerate().for_each(|(at, count)| self.counts[at.min(last)] += count);
    }

    /// How many took up to each bound, and the bounds, in milliseconds.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, u64)> {
        self.counts.iter().enumerate().map(|(at, &count)| (bound(at), count))
    }

    /// Quantiles; None without a call.
    pub fn latency(&self) -> Option<Latency> {
        let calls = self.counts.iter().sum();
        let at = |share| self.quantile(share);
        (calls > 0).then(|| Latency { calls, p50: at(0.5), p95: at(0.95), p99: at(0.99) })
    }

    /// The time that this share of calls did not exceed, the calls of a bucket spread over its logarithm.
    fn quantile(&self, share: f64) -> f64 {
        let mut left = share * self.counts.iter().sum::<u64>() as f64;
        for (at, &count) in self.counts.iter().enumerate() {
            if left <= count as f64 && count > 0 {
                return bound(at) * ((left / count as f64 - 1.0) / 2.0).exp2();
            }
            left -= count as f64;
        }
        bound(BUCKETS - 1)
    }
}

/// The bucket of a time.
fn bucket(milliseconds: f64) -> usize {
    let at = (2.0 * milliseconds.max(0.5).log2()).ceil() + 2.0;
    (at as usize).min(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_merged_pages_are_those_of_all_calls() {
        let mut times = Times::default();
        for page in 0..10 {
            let mut buckets = vec![0; BUCKETS];
            (0..100).for_each(|call| buckets[bucket(1.0 + f64::from(page * 100 + call))] += 1);
            times.add(&Timed { count: 100, buckets, ..Timed::default() });
        }
        let Latency { calls, p50, p95, p99 } = times.latency().unwrap();
        assert_eq!(calls, 1000);
        for (found, exact) in [(p50, 500.0), (p95, 950.0), (p99, 990.0)] {
            assert!((found / exact - 1.0f64).abs() < 0.1, "{found} for {exact}");
        }
        assert_eq!(Times::default().latency(), None);
    }

    #[test]
    fn a_bucket_holds_what_is_up_to_its_bound() {
        for at in 0..BUCKETS {
            // A bound itself may be rounded into either.
            assert_eq!(bucket(bound(at) * 0.9999), at);
            assert_eq!(bucket(bound(at) * 1.01), (at + 1).min(BUCKETS - 1));
        }
        assert_eq!((bucket(0.0), bucket(1e300)), (0, BUCKETS - 1));
    }

    #[test]
    fn a_page_without_a_histogram_counts_by_its_quantiles() {
        let mut times = Times::default();
        times.add(&Timed { count: 100, p50: 8.0, p95: 64.0, max: 512.0, buckets: Vec::new() });
        let Latency { p50, p95, p99, .. } = times.latency().unwrap();
        assert_eq!((p50, p95), (8.0, 64.0));
        assert!(p99 > 64.0 && p99 <= 512.0);
    }
}
