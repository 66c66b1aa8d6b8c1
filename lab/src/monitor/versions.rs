//! Models side by side: how each version does, and which pages still run an old one.

use super::events::Page;
use super::rate::{Difference, Rate};
use super::{Latency, Times};
use serde::Serialize;
use std::collections::BTreeMap;

/// How one version does.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// Its name.
    pub version: String,
    /// Pages that ran it.
    pub pages: usize,
    /// The first and last report, in milliseconds since 1970, of pages whose clocks are believed.
    pub first: Option<f64>,
    /// See `first`.
    pub last: Option<f64>,
    /// Items acted on, of those shown.
    pub click_through: Rate,
    /// Loads that failed, of all.
    pub load_failures: Rate,
    /// Of `recommend`.
    pub recommend: Option<Latency>,
}

/// The current version beside another one.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The current one.
    pub version: String,
    /// The other one.
    pub against: String,
    /// Of the click-through rates. An interval without 0 is a difference.
    pub click_through: Difference,
}

/// Pages on an old version since the current one is there.
#[derive(Clone, Debug, Serialize)]
pub struct Stale {
    /// The current version.
    pub current: String,
    /// All pages since its first report.
    pub pages: usize,
    /// Those of them with another version.
    pub stale: usize,
    /// `stale` of `pages`.
    pub share: f64,
}

/// Each version, in the order in which they appeared.
pub(super) fn versions(pages: &[Page]) -> Vec<Version> {
    let mut by_version: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    pages.iter().for_each(|page| by_version.entry(&page.batch.version).or_default().push(page));
    let mut versions: Vec<Version> =
        by_version.into_iter().map(|(name, pages)| version(name, &pages)).collect();
    let first = |version: &Version| version.first.unwrap_or(f64::MAX);
    versions.sort_by(|a, b| first(a).total_cmp(&first(b)));
    versions
}

fn version(name: &str, pages: &[&Page]) -> Version {
    let times = || pages.iter().filter_map(|page| page.time);
    let mut recommend = Times::default();
    pages
        .iter()
        .filter_map(|page| page.batch.milliseconds.get("recommend"))
        .for_each(|timed| recommend.add(timed));
    Version {
        version: name.to_owned(),
        pages: pages.len(),
        first: times().min_by(f64::total_cmp),
        last: times().max_by(f64::total_cmp),
        click_through: Rate::of(pages.iter().map(|page| clicks(page))),
        load_failures: Rate::of(pages.iter().map(|page| failures(page, "load"))),
        recommend: recommend.latency(),
    }
}

/// Items that a page's visitor acted on, and items that it showed.
pub fn clicks(page: &Page) -> (f64, f64) {
    let sum = |counts: &[u64]| counts.iter().sum::<u64>() as f64;
    let positions = &page.batch.positions;
    (sum(&positions.acted), sum(&positions.shown))
}

/// A page's failed calls of a kind, and all of that kind.
pub(super) fn failures(page: &Page, call: &str) -> (f64, f64) {
    let failed = page.batch.failures.get(call).copied().unwrap_or(0);
    let calls = page.batch.milliseconds.get(call).map_or(0, |timed| timed.count);
    (failed as f64, calls.max(failed) as f64)
}

/// The current version, `current` or else the one that appeared last, beside each other one.
pub(super) fn compare(versions: &[Version], current: Option<&str>) -> Vec<Comparison> {
    let Some(new) = find(versions, current) else { return Vec::new() };
    let others = versions.iter().filter(|version| version.version != new.version);
    let beside = |old: &Version| Comparison {
        version: new.version.clone(),
        against: old.version.clone(),
        click_through: new.click_through.minus(&old.click_through),
    };
    others.map(beside).collect()
}

pub(super) fn stale(pages: &[Page], versions: &[Version], current: Option<&str>) -> Option<Stale> {
    let version = find(versions, current)?;
    let since = version.first?;
    let later = || pages.iter().filter(|page| page.time.is_some_and(|time| time >= since));
    let (all, stale) =
        (later().count(), later().filter(|page| page.batch.version != version.version).count());
    Some(Stale {
        current: version.version.clone(),
        pages: all,
        stale,
        share: stale as f64 / all.max(1) as f64,
    })
}

fn find<'a>(versions: &'a [Version], current: Option<&str>) -> Option<&'a Version> {
    match current {
        Some(name) => versions.iter().find(|version| version.version == name),
        None => versions.iter().rfind(|version| version.first.is_some()).or(versions.last()),
    }
}
