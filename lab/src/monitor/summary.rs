//! The figures of a file of reports.

use super::drift::{self, Drift};
use super::rate::Rate;
use super::versions::{self, clicks, failures};
use super::{Broken, Comparison, Events, Latency, Page, Stale, Times, Version};
use crate::evaluate::beyond;
use foldin::error::Result;
use foldin::model::Model;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Places beyond this one are counted together in no curve: nobody scrolls there.
const PLACES: usize = 50;

/// All figures.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Lines that are not blank.
    pub lines: u64,
    /// Lines that are no report.
    pub broken: u64,
    /// The first of them.
    pub broken_lines: Vec<Broken>,
    /// Reports that were there already.
    pub duplicates: u64,
    /// Reports whose clock was not believed.
    pub skewed: u64,
    /// Page loads.
    pub pages: usize,
    /// Quantiles by kind of call.
    pub latency: BTreeMap<String, Latency>,
    /// Failed calls by kind of call.
    pub failures: BTreeMap<String, Failures>,
    /// Failed calls by the code of their error.
    pub errors: BTreeMap<String, u64>,
    /// Items acted on, of those shown.
    pub click_through: Rate,
    /// The same by place on the shelf.
    pub positions: Vec<Place>,
    /// Different items that were shown.
    pub items_shown: usize,
    /// Their share of the baseline's items.
    pub coverage: Option<f64>,
    /// Gini coefficient of how often each item of the baseline was shown: 0 all alike, near 1 always the same ones.
    pub gini: Option<f64>,
    /// The mean over shown items of log2(users / users who had it in training), in bits.
    pub novelty: Option<f64>,
    /// What is shown beside what the baseline would show.
    pub drift: Option<Drift>,
    /// In the order in which they appeared.
    pub versions: Vec<Version>,
    /// The current version beside each other one.
    pub comparisons: Vec<Comparison>,
    /// Pages on an old version.
    pub stale: Option<Stale>,
    /// Histograms of the times, by kind of call.
    #[serde(skip)]
    pub times: BTreeMap<String, Times>,
}

/// Failed calls of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Failures {
    /// How many failed.
    pub failed: u64,
    /// Of how many.
    pub calls: u64,
    /// `failed` of `calls`.
    pub share: f64,
}

/// A place on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// From 1.
    pub place: usize,
    /// Items shown there.
    pub shown: u64,
    /// Those of them that were acted on.
    pub acted: u64,
    /// `acted` of `shown`.
    pub rate: f64,
}

/// Computes the figures. `baseline` is the model that coverage, novelty and drift refer to; `reference`, earlier
/// reports, says what to expect instead of the baseline's own lists; `current` names the version that should run.
///
/// # Errors
/// What scoring refuses.
pub fn summarize(
    events: &Events,
    baseline: Option<&Model>,
    reference: Option<&Events>,
    current: Option<&str>,
) -> Result<Summary> {
    let pages = &events.pages;
    let times = times(pages);
    let versions = versions::versions(pages);
    let shown = baseline
        .map(|model| drift::shown(model, pages))
        .filter(|shown| shown.iter().any(|&times| times > 0.0));
    let found = baseline.zip(shown.as_deref());
    let drift = match found {
        None => None,
        Some((model, shown)) => {
            let expected = match reference {
                Some(reference) => drift::shown(model, &reference.pages),
                None => drift::expected(model)?,
            };
            drift::drift(model, &expected, shown)
        }
    };
    let counts =
        |shown: &[f64]| shown.iter().map(|&times| times.min(f64::from(u32::MAX)) as u32).collect::<Vec<_>>();
    let items: HashSet<&String> = pages.iter().flat_map(|page| page.batch.shown.keys()).collect();
    Ok(Summary {
        lines: events.lines,
        broken: events.broken,
        broken_lines: events.quoted.clone(),
        duplicates: events.duplicates,
        skewed: events.skewed,
        pages: pages.len(),
        latency: times.iter().filter_map(|(call, times)| Some((call.clone(), times.latency()?))).collect(),
        failures: failures_by_call(pages),
        errors: sums(pages.iter().flat_map(|page| &page.batch.errors)),
        click_through: Rate::of(pages.iter().map(clicks)),
        positions: places(pages),
        items_shown: items.len(),
        coverage: shown.as_deref().map(|shown| beyond::coverage(&counts(shown))),
        gini: shown.as_deref().map(|shown| beyond::gini(&counts(shown))),
        novelty: found.and_then(|(model, shown)| novelty(model, shown)),
        drift,
        comparisons: versions::compare(&versions, current),
        stale: versions::stale(pages, &versions, current),
        versions,
        times,
    })
}

fn times(pages: &[Page]) -> BTreeMap<String, Times> {
    let mut times: BTreeMap<String, Times> = BTreeMap::new();
    for (call, timed) in pages.iter().flat_map(|page| &page.batch.milliseconds) {
        times.entry(call.clone()).or_default().add(timed);
    }
    times
}

fn failures_by_call(pages: &[Page]) -> BTreeMap<String, Failures> {
    let failed = sums(pages.iter().flat_map(|page| &page.batch.failures));
    let with_calls = |call: String| {
        let sum = pages.iter().map(|page| failures(page, &call));
        let (failed, calls) = sum.fold((0.0, 0.0), |sums, page| (sums.0 + page.0, sums.1 + page.1));
        (call, Failures { failed: failed as u64, calls: calls as u64, share: failed / calls.max(1.0) })
    };
    failed.into_keys().chain(["load".into()]).map(with_calls).collect()
}

fn sums<'a>(counts: impl Iterator<Item = (&'a String, &'a u64)>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    counts.for_each(|(name, count)| *sums.entry(name.clone()).or_default() += count);
    sums
}

fn places(pages: &[Page]) -> Vec<Place> {
    let mut sums = [(0, 0); PLACES];
    for page in pages {
        let positions = &page.batch.positions;
        sums.iter_mut().zip(&positions.shown).for_each(|(sum, shown)| sum.0 += shown);
        sums.iter_mut().zip(&positions.acted).for_each(|(sum, acted)| sum.1 += acted);
    }
    let last = sums.iter().rposition(|sum| sum.0 > 0).map_or(0, |last| last + 1);
    let place = |(place, (shown, acted)): (usize, (u64, u64))| Place {
        place,
        shown,
        acted,
        rate: acted as f64 / (shown as f64).max(1.0),
    };
    (1..).zip(sums).take(last).map(place).collect()
}

/// As in evaluation ([`beyond::Items::novelty`]), weighted by how often each item was shown.
fn novelty(model: &Model, shown: &[f64]) -> Option<f64> {
    let counts = model.counts()?;
    let users: f64 = model.metadata().get("users")?.parse().ok()?;
    let surprise = counts.iter().map(|&count| (users.max(1.0) / f64::from(count.max(1))).log2());
    let sum: f64 = surprise.zip(shown).map(|(bits, times)| bits * times).sum();
    Some(sum / shown.iter().sum::<f64>())
}
