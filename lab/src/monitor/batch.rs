//! One report of one page, as the npm package's `report` callback gets it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// What a page did so far. All of it are counts and times; the visitor's events are not among them.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Batch {
    /// A random name of this page load, kept nowhere.
    pub page: String,
    /// 1 for the page's first report; each next one, a larger number, counts all that the earlier ones counted.
    pub sequence: u64,
    /// When it was made, by the visitor's own clock: milliseconds since 1970.
    pub time: f64,
    /// When the collector got it, where it adds that.
    pub received: Option<f64>,
    /// The model's version.
    #[serde(default)]
    pub version: String,
    /// The experiment's variant that the visitor had, if there was one.
    pub variant: Option<String>,
    /// By placement, what was shown there and what became of it.
    #[serde(default)]
    pub placements: BTreeMap<String, PlacementCount>,
    /// Times by kind of call.
    #[serde(default)]
    pub milliseconds: BTreeMap<String, Timed>,
    /// Failed calls by kind of call.
    #[serde(default)]
    pub failures: BTreeMap<String, u64>,
    /// Failed calls by the code of their error.
    #[serde(default)]
    pub errors: BTreeMap<String, u64>,
    /// By place on the shelf, from the first: how many items were shown there, and how many of them acted on.
    #[serde(default)]
    pub positions: Positions,
    /// How often each item was shown.
    #[serde(default)]
    pub shown: BTreeMap<String, u64>,
}

/// What became of a placement's shelves.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct PlacementCount {
    /// Items that were shown.
    pub shown: u64,
    /// Events that name one of its shelves, by kind.
    #[serde(default)]
    pub events: BTreeMap<String, u64>,
    /// Prices times quantities of what was bought.
    #[serde(default)]
    pub revenue: f64,
}

/// How long calls took.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Timed {
    /// How many were timed.
    pub count: u64,
    /// Half took no longer.
    #[serde(default)]
    pub p50: f64,
    /// 95 of 100 took no longer.
    #[serde(default)]
    pub p95: f64,
    /// The longest.
    #[serde(default)]
    pub max: f64,
    /// How many took up to 0.5, 0.71, 1, 1.41, 2, ... milliseconds, each bound the square root of 2 times the last.
    #[serde(default)]
    pub buckets: Vec<u64>,
}

/// Counts by place.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Positions {
    /// Items that were shown at this place.
    pub shown: Vec<u64>,
    /// Those of them that the visitor did something with.
    pub acted: Vec<u64>,
}

/// No page counts further: what is larger was not counted but made up.
const MOST: u64 = 1_000_000;

/// No page has more places, kinds of calls, or items than this.
const LONGEST: usize = 100_000;

impl Batch {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(line: &[u8]) -> Result<Batch, String> {
        let batch: Batch = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        batch.check().map(|()| batch)
    }

    /// How many counts it has, and times that are counted.
    pub fn entries(&self) -> usize {
        let Batch { milliseconds, failures, errors, positions, shown, .. } = self;
        let buckets: usize = milliseconds.values().map(|timed| 1 + timed.buckets.len()).sum();
        buckets
            + self.placements.values().map(|count| 2 + count.events.len()).sum::<usize>()
            + failures.len()
            + errors.len()
            + positions.shown.len()
            + positions.acted.len()
            + shown.len()
            + 1
    }

    fn check(&self) -> Result<(), String> {
        let Batch { milliseconds, failures, errors, positions, shown, .. } = self;
        if self.page.is_empty() || self.page.len() > 100 || self.version.len() > 100 {
            return Err("page or version: expected a short name".into());
        }
        if self.variant.as_ref().is_some_and(|variant| variant.len() > 100) {
            return Err("variant: expected a short name".into());
        }
        let placed = || self.placements.values();
        let events = placed().map(|count| count.events.len()).sum::<usize>();
        if events + self.placements.len() > LONGEST {
            return Err(format!("more than {LONGEST} entries"));
        }
        if placed().flat_map(|count| count.events.values().chain([&count.shown])).any(|&count| count > MOST) {
            return Err(format!("a count above {MOST}"));
        }
        if placed().any(|count| !(0.0..=1e12).contains(&count.revenue)) {
            return Err("a revenue that is negative or above 1e12".into());
        }
        let lists = [milliseconds.len(), failures.len(), errors.len(), positions.shown.len(), shown.len()];
        if lists.into_iter().any(|len| len > LONGEST) {
            return Err(format!("more than {LONGEST} entries"));
        }
        let timed = milliseconds.values().flat_map(|timed| timed.buckets.iter().chain([&timed.count]));
        let counts = failures.values().chain(errors.values()).chain(&positions.shown).chain(&positions.acted);
        if counts.chain(shown.values()).chain(timed).any(|&count| count > MOST) {
            return Err(format!("a count above {MOST}"));
        }
        let times = milliseconds.values().flat_map(|timed| [timed.p50, timed.p95, timed.max]);
        if times.chain([self.time]).any(|time| !time.is_finite() || time < 0.0) {
            return Err("a time that is negative or not finite".into());
        }
        let places = positions.acted.iter().zip(&positions.shown);
        match positions.acted.len() > positions.shown.len()
            || places.into_iter().any(|(acted, shown)| acted > shown)
        {
            true => Err("positions: more acted on than shown".into()),
            false => Ok(()),
        }
    }
}
