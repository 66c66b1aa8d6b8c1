//! The summary as Prometheus scrapes it, for the textfile collector of its node exporter.
//!
//! Format: <https://prometheus.io/docs/instrumenting/exposition_formats/>

use super::{Alert, Summary};
use std::fmt::Write;

/// A family of samples: what they are called, what they tell, and each one's labels and value.
type Family = (&'static str, &'static str, Vec<(Vec<(&'static str, String)>, f64)>);

/// The text.
pub fn text(summary: &Summary, alerts: &[Alert]) -> String {
    let mut text = String::new();
    for (name, help, samples) in families(summary, alerts) {
        let written = samples.into_iter().filter(|(_, value)| value.is_finite());
        let _ = writeln!(text, "# HELP foldin_{name} {help}\n# TYPE foldin_{name} gauge");
        for (labels, value) in written {
            let labels: Vec<String> =
                labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(text, "foldin_{name}{labels} {value}");
        }
    }
    text
}

fn families(summary: &Summary, alerts: &[Alert]) -> Vec<Family> {
    let plain = |value: f64| vec![(vec![], value)];
    let optional = |value: Option<f64>| value.map(plain).unwrap_or_default();
    let latency = summary.latency.iter().flat_map(|(call, latency)| {
        let quantiles = [("0.5", latency.p50), ("0.95", latency.p95), ("0.99", latency.p99)];
        quantiles.map(|(q, value)| (vec![("call", call.clone()), ("quantile", q.into())], value))
    });
    let by = |label: &'static str, name: &str, value: f64| (vec![(label, name.to_owned())], value);
    let versions = || summary.versions.iter();
    let shifts = summary.drift.iter().flat_map(|drift| {
        let axes = (1..).zip(&drift.factors).map(|(axis, shift)| (format!("axis {axis}"), *shift));
        std::iter::once(("popularity".to_owned(), drift.popularity)).chain(axes)
    });
    let shifts: Vec<_> = shifts.collect();
    vec![
        ("pages", "Page loads that reported.", plain(summary.pages as f64)),
        ("lines_broken", "Lines that are no report.", plain(summary.broken as f64)),
        ("reports_duplicate", "Reports that came twice.", plain(summary.duplicates as f64)),
        ("reports_skewed", "Reports whose clock was not believed.", plain(summary.skewed as f64)),
        ("call_milliseconds", "Times of calls.", latency.collect()),
        (
            "calls",
            "Calls that were timed.",
            summary.latency.iter().map(|(call, latency)| by("call", call, latency.calls as f64)).collect(),
        ),
        (
            "calls_failed",
            "Calls that failed.",
            summary
                .failures
                .iter()
                .map(|(call, failures)| by("call", call, failures.failed as f64))
                .collect(),
        ),
        (
            "errors",
            "Failed calls by code.",
            summary.errors.iter().map(|(c, &n)| by("code", c, n as f64)).collect(),
        ),
        ("click_through_ratio", "Items acted on, of those shown.", plain(summary.click_through.rate)),
        (
            "position_click_through_ratio",
            "The same by place.",
            summary.positions.iter().map(|p| by("place", &p.place.to_string(), p.rate)).collect(),
        ),
        ("items_shown", "Different items that were shown.", plain(summary.items_shown as f64)),
        ("coverage_ratio", "Their share of the catalogue.", optional(summary.coverage)),
        ("novelty_bits", "Mean self-information of shown items.", optional(summary.novelty)),
        (
            "drift_psi",
            "Population stability index.",
            shifts.iter().map(|(n, s)| by("of", n, s.psi)).collect(),
        ),
        ("drift_ks", "Kolmogorov-Smirnov distance.", shifts.iter().map(|(n, s)| by("of", n, s.ks)).collect()),
        (
            "version_pages",
            "Pages by version.",
            versions().map(|v| by("version", &v.version, v.pages as f64)).collect(),
        ),
        (
            "version_click_through_ratio",
            "Items acted on, by version.",
            versions().map(|v| by("version", &v.version, v.click_through.rate)).collect(),
        ),
        (
            "stale_ratio",
            "Pages on an old version.",
            optional(summary.stale.as_ref().map(|stale| stale.share)),
        ),
        ("alerts", "Figures beyond their limits.", plain(alerts.len() as f64)),
    ]
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
