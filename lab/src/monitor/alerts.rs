//! Which figures are worth waking somebody.

use super::Summary;
use serde::Serialize;

/// How far figures may go. What is not measured raises no alert.
#[derive(Clone, Debug)]
pub struct Limits {
    /// 95 % of `recommend` within so many milliseconds.
    pub recommend_ms: f64,
    /// 95 % of `load` within so many milliseconds.
    pub load_ms: f64,
    /// Share of loads that may fail.
    pub load_failures: f64,
    /// Share of lines that may be broken.
    pub broken: f64,
    /// Population stability index of the drift.
    pub psi: f64,
    /// Kolmogorov-Smirnov distance of the drift.
    pub ks: f64,
    /// Share of pages that may run an old version.
    pub stale: f64,
    /// The least click-through rate; none unless set.
    pub click_through: Option<f64>,
}

/// A figure beyond its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// Which figure.
    pub figure: String,
    /// What it is.
    pub value: f64,
    /// What it may be.
    pub limit: f64,
    /// What to look at.
    pub advice: &'static str,
}

impl Limits {
    /// The alerts of a summary.
    pub fn alerts(&self, summary: &Summary) -> Vec<Alert> {
        let p95 = |call: &str| summary.latency.get(call).map(|latency| latency.p95);
        let failures = summary.failures.get("load").map(|failures| failures.share);
        let broken = (summary.lines > 0).then(|| summary.broken as f64 / summary.lines as f64);
        let stale = summary.stale.as_ref().map(|stale| stale.share);
        let slow = "a smaller --precision, fewer items, or worker: true";
        let mut checks = vec![
            ("p95 of recommend, ms".to_owned(), p95("recommend"), self.recommend_ms, slow),
            ("p95 of load, ms".to_owned(), p95("load"), self.load_ms, "a smaller model: foldin optimize"),
            (
                "failed loads".to_owned(),
                failures,
                self.load_failures,
                "the host's files and headers, or roll back",
            ),
            ("broken lines".to_owned(), broken, self.broken, "what the collector writes"),
            (
                "pages on an old version".to_owned(),
                stale,
                self.stale,
                "cached manifests, or pages that stay open",
            ),
        ];
        if let Some(drift) = &summary.drift {
            let axes =
                (1..).zip(&drift.factors).map(|(axis, shift)| (format!("factors, axis {axis}"), shift));
            for (name, shift) in std::iter::once(("popularity".to_owned(), &drift.popularity)).chain(axes) {
                let advice = "train again on newer interactions, or see what changed on the site";
                checks.push((format!("PSI of {name}"), Some(shift.psi), self.psi, advice));
                checks.push((format!("KS of {name}"), Some(shift.ks), self.ks, advice));
            }
        }
        let above = checks.into_iter().filter_map(|(figure, value, limit, advice)| {
            let value = value.filter(|&value| value > limit)?;
            Some(Alert { figure, value, limit, advice })
        });
        above.chain(self.click_through(summary)).chain(regressions(summary)).collect()
    }

    /// Too low only when the whole interval is.
    fn click_through(&self, summary: &Summary) -> Option<Alert> {
        let (limit, rate) = (self.click_through?, &summary.click_through);
        (rate.chances > 0.0 && rate.high < limit).then(|| Alert {
            figure: "click-through rate".into(),
            value: rate.rate,
            limit,
            advice: "compare versions and places",
        })
    }
}

/// The current version is worse than another, and not by chance.
fn regressions(summary: &Summary) -> impl Iterator<Item = Alert> {
    let worse = summary.comparisons.iter().filter(|comparison| comparison.click_through.high < 0.0);
    worse.map(|comparison| Alert {
        figure: format!("click-through of {} against {}", comparison.version, comparison.against),
        value: comparison.click_through.difference,
        limit: 0.0,
        advice: "foldin bundle --rollback",
    })
}
